"""Server time of the main pages with the data of a large school: 1,500 pupils, 2,000 posts, 5,000 comments."""

import statistics
import time
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels.models import Channel, ChannelState
from app.comments.models import Audience, Comment, CommentState
from app.core import clock
from app.platforms.base import Network
from app.posts.models import Post, PostState, Revision
from app.register.models import Capacity, ConsentStatement, Pupil
from app.register.services import touch_register
from consent.model import ConsentState, Purpose
from tests.support.registers import trust

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
PAGES = {
    Role.STAFF: ["/", "/posts/", "/posts/new", "POST /posts/check-words"],
    Role.SMT: ["/", "/reviews/", "{post}", "{review}"],
    Role.HEADTEACHER: ["/", "/comments", "/comments?tab=all", "/incidents", "/notices"],
    Role.OFFICE_MANAGER: ["/register/", "/register/?q=smith", "{pupil}"],
    Role.DPO: ["/record"],
}
TRIES = 15


@pytest.fixture
def large_school(database, school, user_with):
    author = user_with(Role.STAFF)
    now = clock.now()
    with database.transaction(school.id) as session:
        pupils, statements = [], []
        for number, person in enumerate(trust(1500).people()):
            pupil_id, name = uuid4(), person.names[0]
            pupils.append(
                {"id": pupil_id, "school_id": school.id, "admission_no": str(number), "legal_forename": name.forename,
                 "legal_surname": name.surname, "reg_group": f"{number % 7 + 7}{'ABCDEFGH'[number % 8]}"}
            )  # fmt: skip
            statements += [
                {"id": uuid4(), "school_id": school.id, "pupil_id": pupil_id, "adult_id": None, "purpose": purpose,
                 "state": ConsentState.REFUSED if number % 9 == 0 else ConsentState.GRANTED, "informant": "Parent",
                 "capacity": Capacity.PARENT, "given_on": clock.today(), "how": "form", "recorded_by": "Office",
                 "recorded_at": now}
                for purpose in Purpose
            ]  # fmt: skip
        session.execute(sa.insert(Pupil), pupils)
        session.execute(sa.insert(ConsentStatement), statements)
        channel = Channel(
            id=uuid4(), network=Network.FACEBOOK, name="School", handle="school", url="https://facebook.example",
            owner="Office", school_email="office@school.example", second_factor_on=True, state=ChannelState.APPROVED,
            proposed_at=now, comment_cursor={},
        )  # fmt: skip
        session.add(channel)
        session.flush()
        posts = [
            {"id": uuid4(), "school_id": school.id, "author_id": author.id, "created_at": now,
             "updated_at": now - timedelta(hours=number), "latest_number": 1,
             "state": PostState.SUBMITTED if number < 20 else PostState.PUBLISHED}
            for number in range(2000)
        ]  # fmt: skip
        revisions = [
            {"id": uuid4(), "school_id": school.id, "post_id": post["id"], "number": 1, "networks": ["facebook", "x"],
             "caption": "A good day in the woods with 7B and a fine lunch. " * 3, "classes": ["7B"],
             "extra_people": [], "edited_by": author.id, "created_at": now}
            for post in posts
        ]  # fmt: skip
        session.execute(sa.insert(Post), posts)
        session.execute(sa.insert(Revision), revisions)
        comments = [
            {"id": uuid4(), "school_id": school.id, "channel_id": channel.id, "post_id": posts[number % 2000]["id"],
             "remote_id": str(number), "author_name": "Somebody", "text": "What a lovely day it was. " * 4,
             "text_sha256": "0" * 64, "commented_at": now, "received_at": now, "audience": Audience.GENERAL,
             "state": CommentState.QUEUED if number < 60 else CommentState.VISIBLE, "awaits_person": number < 60,
             "categories": ["insult"] if number < 60 else [], "severity": number % 5}
            for number in range(5000)
        ]  # fmt: skip
        session.execute(sa.insert(Comment), comments)
        touch_register(session)
        session.execute(sa.text("ANALYZE"))  # as a database that has run for a day has done by itself
    return {"post": f"/posts/{posts[30]['id']}", "review": f"/reviews/{posts[3]['id']}",
            "pupil": f"/register/{pupils[70]['id']}"}  # fmt: skip


def test_main_pages_are_quick(large_school, sign_in, capsys):
    lines = []
    for role, pages in PAGES.items():
        browser = sign_in(role)
        lines += [_measure(browser, page.format(**large_school), role) for page in pages]
    with capsys.disabled():
        print("\nserver time in ms: first, median, slowest of the rest")
        print("\n".join(lines))


def _measure(browser, address, role):
    times = []
    for _ in range(TRIES):
        start = time.perf_counter()
        method, _, path = address.rpartition(" ")
        answer = browser.post(path, data={"caption": "Well done to all of 7B today"}) if method else browser.get(path)
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    first, *rest = times
    label = address if len(address) < 40 else address[:18] + "…"
    return f"{role.value:>12} {label:<28}{first:8.0f}{statistics.median(rest):8.0f}{max(rest):8.0f}"
