"""A network that does not answer is tried by one comment at a time, and nothing else waits for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.comments.models import Comment, CommentState
from app.core import clock
from app.platforms.errors import OutcomeUnknownError, RejectedError, TransientError

THREAT = "I will find you and smash your face in"
SILENT = OutcomeUnknownError("The network did not answer.")


@pytest.fixture
def fails(network):
    """`fails(error)` lets each hide fail from now on, but `only` of one comment if it is named; `fails(None)` ends it."""
    hide = network.hide

    def set_to(error: Exception | None, only: str | None = None) -> None:
        def fail(remote_id: str) -> None:
            if error is not None and only in (None, remote_id):
                network.calls.append(("hide", remote_id))
                raise error
            hide(remote_id)

        network.hide = fail

    return set_to


@pytest.fixture
def pile(comes_in, fails, worker):
    """Ten insults that cannot be hidden."""
    fails(SILENT)
    for number in range(10):
        comes_in(f"insult{number}", f"you idiot {number}", settle=False)
    worker.sweep_until_idle()


@pytest.fixture
def first_is_due(database, school, worker):
    """Time passes until the next one may try."""

    def run() -> None:
        with database.transaction(school.id) as session:
            due = sa.select(sa.func.min(Comment.due_at)).scalar_subquery()
            now = clock.now() - timedelta(seconds=1)
            session.execute(sa.update(Comment).where(Comment.due_at == due).values(due_at=now))
        worker.sweep_until_idle()

    return run


def test_one_comment_tries_it_for_all(pile, book, network):
    assert len(network.called("hide")) == 1
    soon = [comment for comment in book.comments() if comment.due_at < clock.now() + timedelta(seconds=10)]
    assert [comment.remote_id for comment in soon] == network.called("hide")
    assert {comment.state for comment in book.comments()} == {CommentState.HIDING}


def test_only_one_tries_it_again(pile, network, first_is_due):
    first_is_due()
    assert len(network.called("hide")) == 2


def test_comment_that_comes_meanwhile_waits_in_line(pile, comes_in, book, network):
    comes_in("late", "you idiot too")
    assert "late" not in network.called("hide")
    assert book.comment("late").due_at > clock.now()


def test_worse_comment_that_comes_meanwhile_tries_at_once_and_then_goes_first(
    pile, comes_in, book, network, first_is_due
):
    comes_in("threat", THREAT)
    assert network.called("hide")[-1] == "threat"
    first_is_due()
    assert network.called("hide")[-1] == "threat"


def test_all_are_done_as_soon_as_one_succeeds(pile, book, network, fails, first_is_due):
    fails(None)
    first_is_due()
    assert {comment.state for comment in book.comments()} == {CommentState.HIDDEN}


def test_refusal_is_an_answer_too(pile, book, network, fails, first_is_due):
    fails(RejectedError("Not this one."), only=network.called("hide")[0])
    first_is_due()
    found = [comment.state for comment in book.comments()]
    assert (found.count(CommentState.QUEUED), found.count(CommentState.HIDDEN)) == (1, 9)


def test_comment_that_the_network_never_answers_about_holds_up_no_other(comes_in, book, fails, first_is_due):
    fails(SILENT, only="threat")
    comes_in("threat", THREAT)
    for number in range(10):
        comes_in(f"insult{number}", f"you idiot {number}", settle=False)
    for _ in range(6):
        first_is_due()
    states = {comment.remote_id: comment.state for comment in book.comments()}
    assert states.pop("threat") is CommentState.HIDING
    assert set(states.values()) == {CommentState.HIDDEN}


def test_no_silence_is_waited_out_for_long(comes_in, book, fails, first_is_due):
    fails(SILENT)
    comes_in("threat", THREAT)
    for _ in range(12):
        first_is_due()
        assert book.comment("threat").due_at <= clock.now() + timedelta(minutes=1)


def test_threats_are_put_before_a_person_while_others_try(comes_in, book, fails, first_is_due, user_with):
    head = user_with(Role.HEADTEACHER)
    fails(SILENT)
    for number in range(6):
        comes_in(f"threat{number}", f"{THREAT} {number}", settle=False)
    for _ in range(30):
        first_is_due()
    assert all(comment.problem and comment.awaits_person for comment in book.comments())
    assert any("could not change" in notice.sentence for notice in book.notices_of(head))


def test_threat_that_must_wait_for_minutes_is_put_before_a_person_at_once(comes_in, book, network, fails):
    fails(TransientError("Slow down.", retry_at=clock.now() + timedelta(minutes=15)))
    comes_in("insult", "you idiot")
    comes_in("threat", THREAT)
    comes_in("another", f"{THREAT} again")
    assert "another" not in network.called("hide")
    assert (book.comment("threat").problem, book.comment("another").problem) != (None, None)
    assert book.comment("another").problem is not None
    assert book.comment("insult").problem is None


def test_throttle_is_tried_by_the_worst(comes_in, book, fails):
    at = clock.now() + timedelta(minutes=1)
    fails(TransientError("Slow down.", retry_at=at))
    comes_in("insult", "you idiot")
    comes_in("threat", THREAT)
    assert book.comment("threat").due_at == at
    assert book.comment("insult").due_at > at
