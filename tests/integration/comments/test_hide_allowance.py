"""What may be hidden in a quarter of an hour is kept for the worst, which may come last."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels.models import Channel
from app.comments import pile_ons
from app.comments.models import Comment, CommentState
from app.comments.networks import CAPABILITIES
from app.comments.pacing import KEPT_FOR_WORSE, WINDOW
from app.comments.services import hide_comment, restore_comment
from app.comments.spots import Spot
from app.core import clock
from app.platforms.base import Network
from app.platforms.errors import TransientError
from app.platforms.registry import XCredentials
from moderation import Severity

DOUBTED = "Mr Lee couldn't teach a fish to swim"
THREAT = "I will find you and smash your face in"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER).as_actor()


@pytest.fixture
def allowance(network, database, school, channel, connector) -> int:
    """The account is one on X, which lets us hide so many in a quarter of an hour."""
    with database.transaction(school.id) as session:
        account = session.get_one(Channel, channel.id)
        account.network = Network.X
        account.credentials_sealed = connector.seal(account, XCredentials("a", "b", "c", "d", "PAGE", "@school"))
    network.capabilities = CAPABILITIES[Network.X]
    return network.capabilities.hides_per_quarter_hour


def test_insults_leave_room_for_a_threat_that_comes_after_them(
    comes_in, book, database, school, head, sealer, allowance, use_up
):
    comes_in("kind", "Thank you all")
    comes_in("doubted", DOUBTED)
    use_up(allowance - KEPT_FOR_WORSE[Severity.MEDIUM] - 1)
    for number in range(3):
        comes_in(f"insult{number}", f"you idiot {number}")
    comes_in("threat", THREAT)
    with database.transaction(school.id) as session:
        for name in ("kind", "doubted"):
            hide_comment(session, book.comment(name).id, actor=head, sealer=sealer)
    comes_in("other", "What time does it end?")
    found = {comment.remote_id: comment.state for comment in book.comments()}
    assert [found[f"insult{number}"] for number in range(3)] == [CommentState.HIDDEN, *[CommentState.HIDING] * 2]
    assert found["threat"] is CommentState.HIDDEN
    assert {found["kind"], found["doubted"]} == {CommentState.HIDDEN}, "what a person asks for is done at once"


@pytest.fixture
def locked(comes_in, database, school, post, worker, head, allowance):
    """Two kind comments, hidden by a lock-down on a network that sets the pace."""
    for name in ("kind", "also"):
        comes_in(name, f"Thank you all, {name}")
    with database.transaction(school.id) as session:
        pile_on_id = pile_ons.begin_by_hand(session, Spot(post.id), actor=head).id
        pile_ons.lock_down(session, pile_on_id, actor=head)
    worker.sweep_until_idle()
    return pile_on_id


def test_lifting_a_lock_down_leaves_room_for_a_threat(
    comes_in, book, database, school, worker, head, locked, allowance, use_up
):
    with database.transaction(school.id) as session:
        pile_ons.lift(session, locked, actor=head)
    worker.sweep_until_idle()
    use_up(allowance - KEPT_FOR_WORSE[Severity.NONE])
    with database.transaction(school.id) as session:
        long_ago = {"acted_at": clock.now() - WINDOW, "due_at": clock.now() - timedelta(seconds=1)}
        session.execute(sa.update(Comment).where(Comment.state == CommentState.RESTORING).values(**long_ago))
    comes_in("threat", THREAT)
    found = {comment.remote_id: comment.state for comment in book.comments()}
    assert {found["kind"], found["also"]} == {CommentState.RESTORING}
    assert found["threat"] is CommentState.HIDDEN


def test_what_a_lock_down_hid_just_now_is_shown_only_when_its_hiding_counts_no_more(
    book, network, database, school, worker, head, locked
):
    with database.transaction(school.id) as session:
        pile_ons.lift(session, locked, actor=head)
    worker.sweep_until_idle()
    assert network.called("unhide") == []
    assert all(clock.now() + timedelta(minutes=14) < comment.due_at for comment in book.comments())


def test_locking_again_keeps_hidden_what_waits_to_be_shown(book, network, database, school, post, worker, head, locked):
    with database.transaction(school.id) as session:
        pile_ons.lift(session, locked, actor=head)
    worker.sweep_until_idle()
    with database.transaction(school.id) as session:
        again = pile_ons.begin_by_hand(session, Spot(post.id), actor=head).id
        pile_ons.lock_down(session, again, actor=head)
    worker.sweep_until_idle()
    with database.transaction(school.id) as session:
        waiting = sa.update(Comment).where(Comment.due_at.is_not(None))
        session.execute(waiting.values(due_at=clock.now() - timedelta(seconds=1)))
    worker.sweep_until_idle()
    assert {comment.state for comment in book.comments()} == {CommentState.HIDDEN}
    assert network.called("unhide") == []


def test_what_is_shown_again_uses_the_same_allowance(
    comes_in, book, database, school, worker, head, hide_by_hand, allowance, use_up
):
    comes_in("kind", "Thank you all")
    hide_by_hand("kind", head)
    with database.transaction(school.id) as session:
        restore_comment(session, book.comment("kind").id, reason="By mistake", actor=head)
    worker.sweep_until_idle()
    use_up(allowance - KEPT_FOR_WORSE[Severity.MEDIUM] - 1)
    comes_in("insult", "you idiot")
    assert (book.comment("kind").state, book.comment("insult").state) == (CommentState.VISIBLE, CommentState.HIDING)


def test_locking_again_first_hides_what_is_in_sight(
    comes_in, book, network, database, school, post, worker, head, locked, allowance, use_up
):
    """What the lifted lock-down had not shown yet is hidden still: hiding it once more can wait."""
    with database.transaction(school.id) as session:
        pile_ons.lift(session, locked, actor=head)
    worker.sweep_until_idle()
    comes_in("seen", "Lovely weather for it", created_at=clock.now() - timedelta(hours=1))
    use_up(allowance - KEPT_FOR_WORSE[Severity.NONE] - 3)
    with database.transaction(school.id) as session:
        again = pile_ons.begin_by_hand(session, Spot(post.id), actor=head).id
        pile_ons.lock_down(session, again, actor=head)
    worker.sweep_until_idle()
    assert network.called("hide")[2:] == ["seen"]
    states = {comment.remote_id: comment.state for comment in book.comments()}
    assert {states["kind"], states["also"]} == {CommentState.HIDING}


def test_trouble_of_another_does_not_hurry_what_a_lift_shows_later(
    comes_in, book, network, database, school, worker, head, locked
):
    with database.transaction(school.id) as session:
        pile_ons.lift(session, locked, actor=head)
    network.failures, network.fails_at = [TransientError("Slow down.", retry_at=clock.now() + WINDOW)], "hide"
    comes_in("insult", "you idiot")
    comes_in("threat", THREAT)
    states = {comment.remote_id: comment.state for comment in book.comments()}
    assert states["threat"] is CommentState.HIDDEN
    assert network.called("unhide") == []
    assert book.comment("kind").due_at > clock.now() + timedelta(minutes=13)
