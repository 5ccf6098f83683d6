"""An escalated comment and the people who may know of it."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.accounts.roles import PERMISSIONS, Role
from app.channels.models import Channel, ChannelState
from app.comments.models import Audience, Comment, CommentDecision, CommentState, DecisionAction
from app.core import clock
from app.core.actors import system_actor
from app.incidents.models import Incident
from app.platforms.base import Network
from app.posts.models import Post


@pytest.fixture
def actors(school):
    return {role: system_actor(school.id, role.label, *PERMISSIONS[role]) for role in Role}


@pytest.fixture
def escalated(database, school):
    """Write a comment and the decision that calls for an incident: `escalated(Audience.GENERAL, "threat")`."""

    def make(
        audience: Audience,
        *categories: str,
        reason: str = "",
        post_id=None,
        text: str = "Words",
        action=DecisionAction.ESCALATE,
        state=CommentState.HIDDEN,
    ) -> tuple[Comment, CommentDecision]:
        now = clock.now()
        channel = Channel(
            id=uuid4(), network=Network.FACEBOOK, name="Page", handle=f"@{uuid4().hex}", url="https://example.org", owner="Office",
            school_email="office@school.example", state=ChannelState.CONNECTED, proposed_at=now, comment_cursor={},
        )  # fmt: skip
        comment = Comment(
            id=uuid4(), channel_id=channel.id, remote_id="c1", author_name="Sam", text=text, post_id=post_id, text_sha256="0" * 64, commented_at=now,
            received_at=now, state=state, audience=audience, categories=list(categories), harm=next(iter(categories), None), severity=4,
        )  # fmt: skip
        decision = CommentDecision(
            id=uuid4(), comment_id=comment.id, action=action, at=now, text_sha256="0" * 64, categories=list(categories), reason=reason,
            characteristics=["race"] if "prejudice" in categories else [], is_by_person=bool(reason),
        )  # fmt: skip
        with database.transaction(school.id) as session:
            for row in (channel, comment, decision):
                session.add(row)
                session.flush()
        return comment, decision

    return make


@pytest.fixture
def post(database, school, user_with):
    """A post under which comments stand."""
    now = clock.now()
    made = Post(id=uuid4(), author_id=user_with(Role.STAFF).id, created_at=now, updated_at=now)
    with database.transaction(school.id) as session:
        session.add(made)
    return made


@pytest.fixture
def browser_of(app, user_with):
    """Return a client with somebody in it, without the wait that checking a password takes."""

    def enter(*roles: Role, user=None):
        person = user or user_with(*roles)
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = f"{person.id}:{person.session_stamp}"
            cookie["_fresh"] = True
        return browser

    return enter


@pytest.fixture
def all_rows(database, school):
    def read(model=Incident):
        with database.reading(school.id) as session:
            return session.scalars(sa.select(model)).all()

    return read


@pytest.fixture
def do(database, school):
    def run(service, *arguments, **more):
        with database.transaction(school.id) as session:
            return service(session, *arguments, **more)

    return run
