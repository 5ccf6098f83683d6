"""A pile-on on two networks that both fail in the middle of it, while workers die: the worst first, and nothing lost."""

import random
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

import moderation
from app.accounts.roles import Role
from app.comments import pile_ons
from app.comments.ingesting import take_in
from app.comments.models import Audience, Comment, CommentState, Evidence
from app.comments.spots import Spot
from app.core import clock
from app.platforms.base import Network, RemoteComment
from app.platforms.errors import OutcomeUnknownError, TransientError
from tests.integration.comments.conftest import make_channel
from tests.integration.comments.network import FakeNetwork

TEXTS = ("Lovely evening", "you are a fat ugly idiot", "I will find you and smash your face in", "Worst school ever")
POISON = "nobody foresaw this"
CRY = "please help me i don't want to go home, my stepdad hits me"
COUNT = 40


class DiedError(BaseException):
    """The worker's machine stopped in the middle of a call."""


class Campaign:
    def __init__(self, database, school, worker) -> None:
        self.luck = random.Random(5)
        self.database, self.school, self.worker = database, school, worker
        self.networks = {kind: FakeNetwork(kind) for kind in (Network.FACEBOOK, Network.X)}
        self.rages = True
        self.deaths = 0
        self.overtaken: list[str] = []
        for network in self.networks.values():
            network.on_call = lambda network=network: self.strike(network)

    def strike(self, network: FakeNetwork) -> None:
        call, remote_id = network.calls[-1]
        if call == "hide":
            self.overtaken += self.worse_than(remote_id)
        fate = self.luck.random() if self.rages else 1
        if fate < 0.05:
            self.deaths += 1
            raise DiedError
        if fate < 0.35:
            lifts = clock.now() + timedelta(minutes=15)
            raise self.luck.choice(
                [
                    TransientError("Slow down.", retry_at=lifts),
                    TransientError("Busy."),
                    OutcomeUnknownError("No answer."),
                ]
            )

    def worse_than(self, remote_id: str) -> list[str]:
        """Return what is worse than this one, and due, and that nobody is busy with."""
        now = clock.now()
        with self.database.reading(self.school.id) as session:
            severity = session.scalar(sa.select(Comment.severity).where(Comment.remote_id == remote_id))
            free = sa.or_(Comment.claimed_until.is_(None), Comment.claimed_until < now)
            waits = (Comment.state == CommentState.HIDING, Comment.due_at <= now, free, Comment.severity > severity)
            return list(session.scalars(sa.select(Comment.remote_id).where(*waits)))

    def time_passes(self) -> None:
        """Whatever was put off is due, and the claims of the dead have run out."""
        with self.database.transaction(self.school.id) as session:
            waiting = sa.update(Comment).where(Comment.due_at.is_not(None))
            session.execute(waiting.values(due_at=clock.now() - timedelta(seconds=1), claimed_until=None))
        try:
            self.worker.sweep_until_idle()
        except DiedError:
            return


def _storm(network: FakeNetwork) -> list[RemoteComment]:
    words = [*(f"{TEXTS[number % 4]} {number}" for number in range(COUNT)), POISON, CRY]
    return [network.write(f"{network.network}{number}", text) for number, text in enumerate(words)]


@pytest.fixture
def campaign(database, school, worker, connector):
    campaign = Campaign(database, school, worker)
    connector.connect = lambda kind, credentials: campaign.networks[kind]
    return campaign


@pytest.fixture
def poisoned(monkeypatch):
    judge = moderation.judge

    def stumble(comment, context):
        if comment.text == POISON:
            raise ZeroDivisionError
        return judge(comment, context)

    monkeypatch.setattr(moderation, "judge", stumble)


def test_worst_are_hidden_first_and_nothing_is_lost(
    campaign, poisoned, database, school, channel, post, connector, book, user_with
):
    head, lead = user_with(Role.HEADTEACHER).as_actor(), user_with(Role.SAFEGUARDING_LEAD)
    other = make_channel(database, school.id, connector, Network.X, "SCHOOL")
    for account, network in ((channel, campaign.networks[Network.FACEBOOK]), (other, campaign.networks[Network.X])):
        with database.transaction(school.id) as session:
            take_in(session, account.id, _storm(network), read_at=clock.now())
    for _ in range(6):
        campaign.time_passes()
    with database.transaction(school.id) as session:
        pile_ons.lock_down(session, pile_ons.begin_by_hand(session, Spot(post.id), actor=head).id, actor=head)
    for _ in range(4):
        campaign.time_passes()
    campaign.rages = False
    for _ in range(4):
        campaign.time_passes()
    assert campaign.deaths
    assert campaign.overtaken == []
    comments = book.comments()
    assert len(comments) == 2 * (COUNT + 2)
    assert {comment.state for comment in comments} == {CommentState.HIDDEN, CommentState.VISIBLE, CommentState.QUEUED}
    for comment in comments:
        network = Network.X if comment.channel_id == other.id else Network.FACEBOOK
        is_hidden = campaign.networks[network].comments[comment.remote_id].is_hidden
        assert is_hidden is (comment.state is CommentState.HIDDEN)
        assert is_hidden is (
            comment.text != CRY if network is Network.FACEBOOK else comment.text.startswith(TEXTS[1:3])
        )
    judged = Counter((each.comment_id, each.text_sha256) for each in book.decisions() if not each.is_by_person)
    assert set(judged.values()) == {1}
    kept = Counter(each.comment_id for each in book.all(Evidence))
    hidden = {comment.id for comment in comments if comment.state is CommentState.HIDDEN}
    assert hidden <= set(kept)
    assert set(kept.values()) == {1}
    unread = [comment for comment in comments if comment.text == POISON]
    assert {(each.audience, each.awaits_person, each.id in kept) for each in unread} == {
        (Audience.DESIGNATED, True, True)
    }
    assert any("could not read" in notice.sentence for notice in book.notices_of(lead))
