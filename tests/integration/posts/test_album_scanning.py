"""Several pictures at once: none is lost, none is looked at twice, and nobody pays for what is not wanted any more."""

import time
from collections import Counter
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from app.core import clock
from app.platforms.base import Network
from app.posts.drafting import Draft, PhotoDraft, latest_revision, save_draft
from app.posts.models import CheckState, ConsentCheck, PhotoScan, Post
from app.posts.scanning import LEASE
from consent.model import Box, Sighting

FACE = Sighting(1, Box(10, 10, 90, 90))


@pytest.fixture
def slow(house):
    """Let every look wait for a word; count how often each picture is looked at."""
    looked, go_on, look = Counter(), Event(), house.examiner.look

    def slowly(school_id, sha256, likeness):
        looked[sha256] += 1
        assert go_on.wait(20)
        return look(school_id, sha256, likeness)

    house.examiner.look = slowly
    yield looked, go_on
    go_on.set()


def until(met, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def checks(house):
    with house.database.reading(house.school_id) as session:
        return session.scalars(sa.select(ConsentCheck).order_by(ConsentCheck.requested_at)).all()


def test_photo_that_is_taken_out_stops_costing(house, slow):
    looked, go_on = slow
    photos = [house.photo(FACE) for _ in range(6)]
    worker = Thread(target=house.draft, args=("A good day.", *photos))
    worker.start()
    until(lambda: len(looked) == 2)

    with house.database.transaction(house.school_id) as session:
        post = session.scalars(sa.select(Post)).one()
        kept = Draft("A good day.", (Network.FACEBOOK,), photos=(PhotoDraft(photos[0], "Children at work"),))
        save_draft(session, post.id, kept, based_on=latest_revision(session, post).id, actor=house.author)
    time.sleep(1.5)  # the check notices within a second
    go_on.set()
    worker.join(20)

    assert sum(looked.values()) == 2
    assert [(check.state, check.photos_done) for check in checks(house)] == [
        (CheckState.OVERTAKEN, 0),
        (CheckState.DONE, 1),
    ]


def test_page_can_tell_how_many_photos_are_done_and_the_claim_is_held(house, slow):
    looked, go_on = slow
    photos = [house.photo(FACE) for _ in range(3)]
    worker = Thread(target=house.draft, args=("A good day.", *photos))
    worker.start()
    until(lambda: len(looked) == 2)
    [before] = checks(house)
    go_on.set()
    worker.join(20)

    assert (before.photos_done, before.photos_total) == (0, 3)
    assert clock.now() + LEASE / 2 < before.claimed_until
    assert [(check.photos_done, check.claimed_until) for check in checks(house)] == [(3, None)]
    assert set(looked.values()) == {1}


def test_picture_whose_scanner_was_killed_is_looked_at_again_by_the_next_check(house):
    photo_id = house.photo(FACE)
    house.examiner.problem = "This picture could not be checked, so it cannot go out."
    post_id = house.draft("A good day.", photo_id)
    house.examiner.problem = None

    house.submit(post_id)

    with house.database.reading(house.school_id) as session:
        [scan] = session.scalars(sa.select(PhotoScan)).all()
        assert (scan.problem, len(scan.faces)) == (None, 1)
