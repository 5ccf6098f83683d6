"""A school with one connected Page, one published post, and a network in memory."""

import hashlib
import hmac
import json
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels.models import Channel, ChannelState
from app.comments import tasks
from app.comments.ingesting import take_in
from app.comments.models import Audience, Comment, CommentDecision, CommentState, Evidence
from app.comments.services import hide_comment
from app.core import clock
from app.core.crypto import Sealer
from app.incidents.opening import listen
from app.notifications.models import Notice
from app.platforms.base import Network
from app.platforms.registry import FacebookCredentials, XCredentials
from app.posts.models import Post, PostState, Revision
from app.publishing.models import Delivery, DeliveryState
from tests.integration.comments.network import POST, FakeNetwork

SECRET = "app-secret"
PAGE = "PAGE"


@pytest.fixture
def network() -> FakeNetwork:
    return FakeNetwork()


@pytest.fixture
def connector(app, network):
    connector = app.extensions["schoolgate.connector"]
    before, connector.connect = connector.connect, lambda kind, credentials: network
    yield connector
    connector.connect = before


@pytest.fixture
def sealer(app) -> Sealer:
    return Sealer(app.extensions["schoolgate.settings"].keys()["evidence"])


@pytest.fixture
def worker(app, engine, connector):
    """The engine with the comments' jobs, whatever the composition has added already."""
    listen()
    for job in tasks.jobs(app):
        engine.add(job)
    return engine


@pytest.fixture
def channel(database, school, connector) -> Channel:
    return make_channel(database, school.id, connector)


def make_channel(
    database, school_id: UUID, connector, network: Network = Network.FACEBOOK, account: str = PAGE
) -> Channel:
    channel = Channel(
        id=uuid4(), school_id=school_id, network=network, name="Bramley Hill", handle=f"@{account}", url="https://example.org",
        owner="Office", school_email="office@school.example", state=ChannelState.CONNECTED, proposed_at=clock.now(),
        remote_account_id=account, comment_cursor={},
    )  # fmt: skip
    keys = FacebookCredentials("app", SECRET, account, "token")
    if network is Network.X:
        keys = XCredentials("a", "b", "c", "d", account, "@school")
    channel.credentials_sealed = connector.seal(channel, keys)
    with database.transaction(school_id) as session:
        session.add(channel)
    return channel


@pytest.fixture
def post(database, school, user_with, channel) -> Post:
    """A published post, so that comments have something to hang under."""
    author = user_with(Role.STAFF, name="Pat Writer")
    now = clock.now()
    post = Post(
        id=uuid4(),
        school_id=school.id,
        state=PostState.PUBLISHED,
        author_id=author.id,
        created_at=now,
        updated_at=now,
        latest_number=1,
    )
    revision = Revision(
        id=uuid4(), school_id=school.id, post_id=post.id, number=1, caption="Our summer fair was a joy.", networks=["facebook"],
        classes=[], extra_people=[], edited_by=author.id, created_at=now,
    )  # fmt: skip
    delivery = Delivery(
        id=uuid4(), school_id=school.id, post_id=post.id, revision_id=revision.id, channel_id=channel.id, network=channel.network,
        state=DeliveryState.SENT, planned_for=now, remote_id=POST, permalink="https://www.facebook.com/1", sent_at=now,
    )  # fmt: skip
    with database.transaction(school.id) as session:
        for row in (post, revision, delivery):
            session.add(row)
            session.flush()
    return post


class Book:
    """What the database says, for assertions."""

    def __init__(self, database, school_id: UUID) -> None:
        self._database, self.school_id = database, school_id

    def all(self, model):
        with self._database.reading(self.school_id) as session:
            return session.scalars(sa.select(model)).all()

    def comment(self, remote_id: str) -> Comment:
        with self._database.reading(self.school_id) as session:
            return session.scalars(sa.select(Comment).where(Comment.remote_id == remote_id)).one()

    def comments(self) -> list[Comment]:
        return self.all(Comment)

    def decisions(self) -> list[CommentDecision]:
        return sorted(self.all(CommentDecision), key=lambda decision: decision.at)

    def evidence(self) -> list[Evidence]:
        return self.all(Evidence)

    def notices_of(self, user) -> list[Notice]:
        return self.notices_of_id(user.id)

    def notices_of_id(self, user_id: UUID) -> list[Notice]:
        return [notice for notice in self.all(Notice) if notice.user_id == user_id]


@pytest.fixture
def book(database, school) -> Book:
    return Book(database, school.id)


@pytest.fixture
def comes_in(database, school, channel, post, network, worker):
    """Somebody comments, we read it, and the worker does what is due: `comes_in("c1", "What a lovely day")`."""

    def come(remote_id: str, text: str, *, settle: bool = True, **fields) -> None:
        remote = network.write(remote_id, text, **fields)
        with database.transaction(school.id) as session:
            take_in(session, channel.id, [remote], read_at=clock.now())
        if settle:
            worker.sweep_until_idle()

    return come


@pytest.fixture
def use_up(database, school, channel):
    """So many comments were hidden on the network just now: `use_up(35)`."""

    def use(number: int) -> None:
        now = clock.now()
        with database.transaction(school.id) as session:
            for each in range(number):
                session.add(
                    Comment(
                        channel_id=channel.id, remote_id=f"used{each}", author_name="", text="x", text_sha256="0" * 64,
                        commented_at=now, received_at=now, categories=[], state=CommentState.HIDDEN, hidden_at=now,
                        acted_at=now, audience=Audience.GENERAL, is_hidden_remotely=True,
                    )
                )  # fmt: skip

    return use


@pytest.fixture
def hide_by_hand(database, school, sealer, worker, book):
    def hide(remote_id: str, actor) -> None:
        with database.transaction(school.id) as session:
            hide_comment(session, book.comment(remote_id).id, actor=actor, sealer=sealer)
        worker.sweep_until_idle()

    return hide


def delivery_of(*changes: dict, page: str = PAGE) -> bytes:
    entries = [{"id": page, "time": 1, "changes": [{"field": "feed", "value": change} for change in changes]}]
    return json.dumps({"object": "page", "entry": entries}).encode()


def added(comment_id: str, message: str, **more) -> dict:
    return {
        "item": "comment", "verb": "add", "comment_id": comment_id, "post_id": POST, "parent_id": POST,
        "from": {"id": "someone", "name": "Sam Somebody"}, "created_time": int(clock.now().timestamp()), "message": message, **more,
    }  # fmt: skip


def signature(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
