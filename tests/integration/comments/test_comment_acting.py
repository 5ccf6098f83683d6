"""Hiding, showing and deleting on the network: repeated safely, read back, and failures sorted by what to do next."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels.models import Channel, ChannelState
from app.comments.acting import HIDE, Hand
from app.comments.models import Comment, CommentState
from app.comments.services import delete_comment, hide_comment, restore_comment
from app.core import clock
from app.core.errors import InvalidInputError
from app.notifications.models import Notice
from app.platforms.base import Network
from app.platforms.errors import (
    AuthorizationError,
    GoneError,
    OutcomeUnknownError,
    OutOfCreditError,
    RejectedError,
    TransientError,
)
from tests.integration.comments.conftest import make_channel
from tests.integration.comments.network import FakeNetwork

NASTY = "You are a bitch and an idiot"


@pytest.fixture
def due_now(database, school, worker):
    """Let time pass until what is owed is due, then work."""

    def run() -> None:
        with database.transaction(school.id) as session:
            session.execute(
                sa.update(Comment)
                .where(Comment.due_at.is_not(None))
                .values(due_at=clock.now() - timedelta(seconds=1), claimed_until=None)
            )
        worker.sweep_until_idle()

    return run


@pytest.mark.parametrize(
    "error",
    [
        TransientError("Facebook is busy."),
        TransientError("Slow down.", retry_at=clock.now() + timedelta(minutes=15)),
        OutcomeUnknownError("No answer."),
        OutOfCreditError("No credit."),
    ],
)
def test_hide_that_fails_is_tried_again(comes_in, book, network, due_now, error):
    network.failures = [error]
    comes_in("c1", NASTY)
    comment = book.comment("c1")
    assert (comment.state, comment.last_error) == (CommentState.HIDING, error.sentence)
    assert comment.due_at > clock.now()
    due_now()
    assert book.comment("c1").state is CommentState.HIDDEN
    assert network.comments["c1"].is_hidden


def test_rate_limited_hides_come_back_worst_first(comes_in, book, network):
    lifts_at = clock.now() + timedelta(minutes=15)
    network.failures = [TransientError("Slow down.", retry_at=lifts_at) for _ in range(2)]
    comes_in("mild", "you idiot", settle=False)
    comes_in("worst", "I will kill you")
    assert book.comment("worst").due_at < book.comment("mild").due_at


def test_whoever_is_woken_for_a_mild_comment_hides_the_worse_ones_first(comes_in, book, network, worker):
    for number in range(3):
        comes_in(f"mild{number}", "you idiot", settle=False)
        comes_in(f"worst{number}", "I will find you and kill you", settle=False)
    worker.run("comments.judge", str(book.comment("mild0").id))
    worker.run("comments.hide", str(book.comment("mild0").id))
    assert network.called("hide") == ["worst0", "worst1", "worst2", "mild0"]


def test_hide_is_only_believed_when_it_shows(comes_in, book, network, due_now):
    real = network.set_hidden
    network.set_hidden = lambda remote_id, hidden: None
    comes_in("c1", NASTY)
    assert book.comment("c1").state is CommentState.HIDING
    network.set_hidden = real
    due_now()
    assert book.comment("c1").state is CommentState.HIDDEN


def test_person_is_asked_when_hiding_takes_long(comes_in, book, network, due_now, user_with):
    head = user_with(Role.HEADTEACHER)
    network.failures = [TransientError("Facebook is busy.") for _ in range(9)]
    comes_in("c1", NASTY)
    for _ in range(8):
        due_now()
    comment = book.comment("c1")
    assert comment.state is CommentState.HIDING
    assert "by hand" in comment.problem or "on the network" in comment.problem
    assert any("could not change" in notice.sentence for notice in book.notices_of(head))


def test_comment_that_cannot_be_hidden_goes_to_a_person_with_the_reason(comes_in, book, network, user_with):
    head = user_with(Role.HEADTEACHER)
    network.failures = [RejectedError("Facebook does not allow hiding this comment.")]
    comes_in("c1", NASTY)
    comment = book.comment("c1")
    assert (comment.state, comment.awaits_person) == (CommentState.QUEUED, True)
    assert "does not allow" in comment.problem
    assert any("could not change" in notice.sentence for notice in book.notices_of(head))


def test_comment_that_is_gone_is_not_tried_again(comes_in, book, network):
    network.failures = [GoneError("It is gone.")]
    comes_in("c1", NASTY)
    comment = book.comment("c1")
    assert (comment.state, comment.due_at) == (CommentState.GONE, None)
    assert comment.text == NASTY  # evidence was kept


def test_broken_sign_in_pauses_the_account_and_keeps_the_promise(
    comes_in, book, network, database, school, channel, due_now
):
    network.failures = [AuthorizationError("The sign-in no longer works.")]
    comes_in("c1", NASTY)
    with database.reading(school.id) as session:
        assert session.get_one(Channel, channel.id).state is ChannelState.PAUSED
    comment = book.comment("c1")
    assert (comment.state, comment.awaits_person) == (CommentState.HIDING, True)
    due_now()
    assert len(network.called("hide")) == 1  # a paused account is not used


def test_crash_between_the_call_and_the_writing_is_repeated_safely(
    comes_in, book, network, database, school, worker, due_now, connector, sealer
):
    comes_in("c1", NASTY, settle=False)
    worker.run("comments.judge", str(book.comment("c1").id))

    class Died(BaseException):
        """The worker's machine stopped."""

    def die(*_: object) -> None:
        raise Died

    hand = Hand(connector, sealer, HIDE)
    hand._finish = die
    with pytest.raises(Died):
        hand.run(database, book.comment("c1").id, school.id)
    assert network.comments["c1"].is_hidden
    assert book.comment("c1").state is CommentState.HIDING
    due_now()
    assert book.comment("c1").state is CommentState.HIDDEN
    assert len(book.decisions()) == 1


def test_restored_comment_shows_again(comes_in, book, network, database, school, user_with, worker):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", NASTY)
    with database.transaction(school.id) as session:
        restore_comment(session, book.comment("c1").id, reason="A joke between friends", actor=head.as_actor())
    worker.sweep_until_idle()
    comment = book.comment("c1")
    assert (comment.state, comment.hidden_at, comment.awaits_person) == (CommentState.VISIBLE, None, False)
    assert not network.comments["c1"].is_hidden


def test_restoring_waits_for_a_hide_that_is_under_way(comes_in, book, database, school, user_with, worker):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", NASTY, settle=False)
    worker.run("comments.judge", str(book.comment("c1").id))
    until = clock.now() + timedelta(minutes=1)
    with database.transaction(school.id) as session:
        session.get_one(Comment, book.comment("c1").id).claimed_until = until
    with database.transaction(school.id) as session:
        restore_comment(session, book.comment("c1").id, reason="It is fine", actor=head.as_actor())
    assert book.comment("c1").due_at == until


def test_deleted_comment_leaves_the_network_but_not_the_evidence(
    comes_in, book, network, database, school, user_with, worker, sealer
):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", "Lovely")
    with database.transaction(school.id) as session:
        delete_comment(session, book.comment("c1").id, reason="Names a child", actor=head.as_actor(), sealer=sealer)
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.DELETED
    assert "c1" not in network.comments
    assert len(book.evidence()) == 1


def test_deleted_comment_that_a_late_reading_still_holds_stays_deleted(
    comes_in, book, network, database, school, user_with, worker, sealer
):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", NASTY)
    with database.transaction(school.id) as session:
        delete_comment(session, book.comment("c1").id, reason="Abuse", actor=head.as_actor(), sealer=sealer)
    worker.sweep_until_idle()
    comes_in("c1", NASTY)
    assert book.comment("c1").state is CommentState.DELETED


def test_edit_during_hiding_is_judged_afterwards(comes_in, book, network, due_now):
    network.failures = [TransientError("Facebook is busy.")]
    comes_in("c1", NASTY)
    comes_in("c1", "I will kill you")
    due_now()
    assert book.comment("c1").state is CommentState.HIDDEN
    assert [decision.severity for decision in book.decisions()][-1] == 4


class TestOnX:
    """X confirms a hide in its answer, shows no hiding when a reply is read, and deletes nobody else's replies."""

    @pytest.fixture
    def network(self):
        return FakeNetwork(Network.X)

    @pytest.fixture
    def channel(self, database, school, connector):
        return make_channel(database, school.id, connector, Network.X, "PAGE")

    def test_hide_is_believed_from_the_answer(self, comes_in, book, network):
        comes_in("c1", NASTY)
        assert book.comment("c1").state is CommentState.HIDDEN
        assert network.called("fetch_comment") == []

    def test_reading_a_hidden_reply_does_not_show_it_again(self, comes_in, book, network):
        comes_in("c1", NASTY)
        comes_in("c1", NASTY, is_hidden=False)
        assert book.comment("c1").state is CommentState.HIDDEN

    def test_deleting_is_refused_with_the_way_on(self, comes_in, book, database, school, user_with, sealer):
        head = user_with(Role.HEADTEACHER)
        comes_in("c1", NASTY)
        with pytest.raises(InvalidInputError, match="hide"), database.transaction(school.id) as session:
            delete_comment(session, book.comment("c1").id, reason="Abuse", actor=head.as_actor(), sealer=sealer)


def test_hiding_by_hand_keeps_evidence_first(comes_in, book, network, user_with, database, school, sealer, worker):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", "Lovely")
    with database.transaction(school.id) as session:
        hide_comment(session, book.comment("c1").id, actor=head.as_actor(), sealer=sealer)
    assert len(book.evidence()) == 1
    assert network.called("hide") == []
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.HIDDEN
    assert not book.all(Notice)
