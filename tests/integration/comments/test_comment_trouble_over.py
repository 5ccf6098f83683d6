"""Once trouble with a network is over, only what a person must still decide waits for one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.comments.acting import BY_HAND_AFTER
from app.comments.models import Comment, CommentState
from app.comments.services import delete_comment, escalate_comment
from app.core import clock
from app.platforms.errors import RejectedError, TransientError

NASTY = "You are a bitch and an idiot"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER).as_actor()


@pytest.fixture
def due_now(database, school, worker):
    def run() -> None:
        with database.transaction(school.id) as session:
            waiting = sa.update(Comment).where(Comment.due_at.is_not(None))
            session.execute(waiting.values(due_at=clock.now() - timedelta(seconds=1), claimed_until=None))
        worker.sweep_until_idle()

    return run


@pytest.fixture
def trouble(network, book, due_now):
    """The network fails until a person is asked, and then works again."""

    def pass_by(remote_id: str) -> None:
        for _ in range(BY_HAND_AFTER + 1):
            if book.comment(remote_id).problem is None:
                due_now()
        assert book.comment(remote_id).awaits_person
        network.failures = []
        due_now()

    return pass_by


def busy() -> list[TransientError]:
    return [TransientError("Facebook is busy.") for _ in range(20)]


def test_comment_that_a_person_hid_does_not_wait_for_one_afterwards(
    comes_in, book, network, head, hide_by_hand, trouble
):
    comes_in("c1", "Lovely")
    network.failures = busy()
    hide_by_hand("c1", head)
    trouble("c1")
    comment = book.comment("c1")
    assert (comment.state, comment.awaits_person, comment.problem) == (CommentState.HIDDEN, False, None)


def test_comment_that_the_rules_hid_still_waits_for_a_person(comes_in, book, network, trouble):
    network.failures = busy()
    comes_in("c1", NASTY)
    trouble("c1")
    comment = book.comment("c1")
    assert (comment.state, comment.awaits_person, comment.problem) == (CommentState.HIDDEN, True, None)


def test_comment_that_was_passed_on_still_waits_for_a_person(
    comes_in, book, network, head, hide_by_hand, database, school, sealer, trouble
):
    comes_in("c1", "Lovely")
    network.failures = busy()
    hide_by_hand("c1", head)
    with database.transaction(school.id) as session:
        escalate_comment(session, book.comment("c1").id, reason="I worry", actor=head, sealer=sealer)
    trouble("c1")
    assert book.comment("c1").awaits_person


@pytest.mark.parametrize("action", ["hide", "delete"])
def test_read_back_that_is_refused_is_looked_at_again(
    comes_in, book, network, database, school, worker, head, sealer, due_now, action
):
    """The network did it: it must not be told later that somebody else did."""
    network.failures, network.fails_at = [RejectedError("Blocked for now.", code=368)], "fetch_comment"
    comes_in("c1", NASTY if action == "hide" else "Lovely")
    if action == "delete":
        with database.transaction(school.id) as session:
            delete_comment(session, book.comment("c1").id, reason="Names a child", actor=head, sealer=sealer)
        worker.sweep_until_idle()
    comment = book.comment("c1")
    assert comment.state is (CommentState.HIDING if action == "hide" else CommentState.DELETING)
    assert (comment.problem, comment.due_at is None) == (None, False)
    due_now()
    comment = book.comment("c1")
    assert comment.state is (CommentState.HIDDEN if action == "hide" else CommentState.DELETED)
    assert comment.problem is None
