"""A person decides otherwise while an errand is under way: the network ends as they wanted, and soon."""

from datetime import timedelta

import pytest

from app.accounts.roles import Role
from app.comments.acting import HIDE, Hand
from app.comments.claiming import ERRAND_LEASE
from app.comments.models import Comment, CommentState
from app.comments.services import hide_comment, restore_comment
from app.core import clock
from app.platforms.base import Network
from app.platforms.errors import OutcomeUnknownError, TransientError
from tests.integration.comments.conftest import make_channel
from tests.integration.comments.network import FakeNetwork

NASTY = "You are a bitch and an idiot"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER).as_actor()


@pytest.fixture
def hiding(comes_in, book, worker):
    """A comment that is about to be hidden."""
    comes_in("c1", NASTY, settle=False)
    worker.run("comments.judge", str(book.comment("c1").id))
    return book.comment("c1").id


@pytest.fixture
def change(database, school):
    def do(comment_id, **values) -> None:
        with database.transaction(school.id) as session:
            comment = session.get_one(Comment, comment_id)
            for name, value in values.items():
                setattr(comment, name, value)

    return do


@pytest.fixture
def show_again(database, school, head):
    def do(comment_id) -> None:
        with database.transaction(school.id) as session:
            restore_comment(session, comment_id, reason="A joke between friends", actor=head)

    return do


@pytest.fixture
def meanwhile(network):
    """Have something happen once, while the network is being asked."""

    def at(call: str, happens) -> None:
        def on_call() -> None:
            if network.calls[-1][0] == call:
                network.on_call = lambda: None
                happens()

        network.on_call = on_call

    return at


def test_claim_is_renewed_before_the_network_is_asked(
    hiding, book, network, database, school, change, connector, sealer, meanwhile
):
    seen = []
    change(hiding, claimed_until=clock.now() + timedelta(seconds=2))
    meanwhile("hide", lambda: seen.append(book.comment("c1").claimed_until))
    Hand(connector, sealer, HIDE).run(database, hiding, school.id)
    assert seen[0] > clock.now() + ERRAND_LEASE - timedelta(seconds=20)
    assert book.comment("c1").state is CommentState.HIDDEN


def test_worker_whose_claim_was_taken_over_leaves_the_comment_alone(
    hiding, comes_in, book, network, database, school, worker, change, connector, sealer, meanwhile
):
    comes_in("worse", "I will find you and kill you", settle=False)
    worker.run("comments.judge", str(book.comment("worse").id))
    other = clock.now() + timedelta(seconds=50)
    meanwhile("hide", lambda: change(hiding, claimed_until=other))
    change(hiding, claimed_until=clock.now() + timedelta(seconds=5))
    Hand(connector, sealer, HIDE).run(database, hiding, school.id)
    assert network.called("hide") == ["worse"]
    assert book.comment("c1").claimed_until == other


def test_what_another_worker_tried_in_vain_waits_until_it_is_due(
    hiding, comes_in, book, network, database, school, worker, change, connector, sealer, meanwhile
):
    comes_in("worse", "I will find you and kill you", settle=False)
    worker.run("comments.judge", str(book.comment("worse").id))
    later = clock.now() + timedelta(seconds=50)
    meanwhile("hide", lambda: change(hiding, claimed_until=None, due_at=later))
    change(hiding, claimed_until=clock.now() + timedelta(seconds=5))
    Hand(connector, sealer, HIDE).run(database, hiding, school.id)
    assert network.called("hide") == ["worse"]


@pytest.mark.parametrize("error", [None, TransientError("Busy."), OutcomeUnknownError("No answer.")])
def test_show_again_pressed_during_a_hide_does_not_wait_for_the_lease(
    hiding, book, network, worker, show_again, meanwhile, error
):
    network.failures = [error] if error else []
    meanwhile("hide", lambda: show_again(hiding))
    worker.run("comments.hide", str(hiding))
    waiting = book.comment("c1")
    assert waiting.state is CommentState.RESTORING
    most = timedelta(seconds=11 if isinstance(error, OutcomeUnknownError) else 0)
    assert waiting.due_at <= clock.now() + most
    assert waiting.claimed_until is None
    if not most:
        worker.sweep_until_idle()
        assert book.comment("c1").state is CommentState.VISIBLE
        assert not network.comments["c1"].is_hidden


def test_show_again_pressed_before_the_hide_sets_out_does_not_wait(
    hiding, comes_in, book, network, worker, show_again, meanwhile
):
    comes_in("worse", "I will find you and kill you", settle=False)
    worker.run("comments.judge", str(book.comment("worse").id))
    meanwhile("hide", lambda: show_again(hiding))
    worker.run("comments.hide", str(hiding))
    assert network.called("hide") == ["worse"]
    assert book.comment("c1").due_at <= clock.now()


class TestOnX:
    """Nothing that is read on X would ever tell that a late hide was the last word."""

    @pytest.fixture
    def network(self):
        return FakeNetwork(Network.X)

    @pytest.fixture
    def channel(self, database, school, connector):
        return make_channel(database, school.id, connector, Network.X, "PAGE")

    def test_hide_that_outlives_its_claim_does_not_undo_show_again(
        self, hiding, book, network, worker, change, show_again, meanwhile
    ):
        def restored_meanwhile() -> None:
            change(hiding, claimed_until=clock.now() - timedelta(seconds=1))
            show_again(hiding)
            worker.run("comments.restore", str(hiding))
            assert book.comment("c1").state is CommentState.VISIBLE

        meanwhile("hide", restored_meanwhile)
        worker.run("comments.hide", str(hiding))
        assert network.comments["c1"].is_hidden, "the late call came last"
        worker.sweep_until_idle()
        assert not network.comments["c1"].is_hidden
        assert (book.comment("c1").state, book.comment("c1").awaits_person) == (CommentState.VISIBLE, False)

    def test_late_hide_during_show_again_is_followed_by_showing_once_more(
        self, hiding, book, network, database, school, worker, change, show_again, meanwhile, connector, sealer
    ):
        """The showing has gone out, and its answer comes only after the late hide."""

        def shows_now() -> None:
            change(hiding, claimed_until=clock.now() - timedelta(seconds=1))
            show_again(hiding)
            change(hiding, claimed_until=clock.now() + timedelta(seconds=30))

        meanwhile("hide", shows_now)
        worker.run("comments.hide", str(hiding))
        worker.sweep_until_idle()
        assert network.called("unhide") == ["c1"]
        assert not network.comments["c1"].is_hidden

    def test_showing_that_outlives_its_claim_does_not_undo_a_hide(
        self, hiding, book, network, database, school, worker, change, show_again, meanwhile, head, sealer
    ):
        worker.sweep_until_idle()
        show_again(hiding)

        def hidden_meanwhile() -> None:
            change(hiding, claimed_until=clock.now() - timedelta(seconds=1))
            with database.transaction(school.id) as session:
                hide_comment(session, hiding, actor=head, sealer=sealer)
            worker.run("comments.hide", str(hiding))
            assert book.comment("c1").state is CommentState.HIDDEN

        meanwhile("unhide", hidden_meanwhile)
        worker.run("comments.restore", str(hiding))
        assert not network.comments["c1"].is_hidden
        worker.sweep_until_idle()
        assert network.comments["c1"].is_hidden
        assert book.comment("c1").state is CommentState.HIDDEN

    def test_answer_to_a_call_that_others_took_over_ends_nothing(
        self, hiding, book, network, worker, change, meanwhile
    ):
        other = clock.now() + timedelta(seconds=50)
        meanwhile("hide", lambda: change(hiding, claimed_until=other))
        worker.run("comments.hide", str(hiding))
        assert (book.comment("c1").state, book.comment("c1").claimed_until) == (CommentState.HIDING, other)
