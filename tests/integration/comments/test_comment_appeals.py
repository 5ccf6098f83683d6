"""Somebody asks to look again: a second person answers, and where there is none, nobody is stuck."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.comments import appeals
from app.comments.models import Appeal, AppealState, Comment, CommentState
from app.comments.services import leave_hidden, restore_comment
from app.core import clock
from app.core.errors import WrongStateError

NASTY = "You are a bitch and an idiot"


@pytest.fixture
def do(database, school, worker):
    def run(work, *args, **kwargs):
        with database.transaction(school.id) as session:
            result = work(session, *args, **kwargs)
        worker.sweep_until_idle()
        return result

    return run


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER, name="Hedda Head").as_actor()


@pytest.fixture
def lead(user_with):
    return user_with(Role.SAFEGUARDING_LEAD, name="Lee Lead").as_actor()


@pytest.fixture
def hidden(comes_in, book, head):
    """Return the id of a comment that the rules hid."""
    comes_in("c1", NASTY)
    return book.comment("c1").id


def test_the_only_one_who_may_answer_is_told_who_writes_it_down(do, book, hidden, head, lead):
    do(leave_hidden, hidden, actor=head)
    with pytest.raises(WrongStateError, match="Ask Hedda Head to write it down, then you answer"):
        do(appeals.record_appeal, hidden, words="Unfair", actor=lead)
    appeal = do(appeals.record_appeal, hidden, words="Unfair", actor=head)
    with pytest.raises(WrongStateError, match="answered first"):
        do(restore_comment, hidden, reason="A joke", actor=head)
    do(appeals.decide_appeal, appeal.id, upholds=False, reason="It insults", actor=lead)


@pytest.mark.parametrize(
    ("decide", "state", "end"),
    [(leave_hidden, CommentState.HIDDEN, AppealState.TURNED_DOWN),
     (restore_comment, CommentState.VISIBLE, AppealState.UPHELD)],
)  # fmt: skip
def test_appeal_that_nobody_may_answer_any_more_is_closed_by_the_decision(
    do, book, hidden, head, lead, decide, state, end
):
    do(appeals.record_appeal, hidden, words="Unfair", actor=head)
    do(lambda session: session.execute(sa.update(User).where(User.id == lead.user_id).values(suspended_at=clock.now())))
    do(decide, hidden, actor=head, reason="Read again")
    [appeal] = book.all(Appeal)
    assert (book.comment("c1").state, appeal.state, appeal.decided_by) == (state, end, head.user_id)
    [event] = [each for each in book.all(AuditEvent) if each.subject_id == appeal.id and "from" in each.details]
    assert event.details["nobody_else_may_answer"] is True


def test_appeal_about_what_a_lock_down_showed_again_is_upheld_and_not_said_to_stay_hidden(do, book, hidden, head, lead):
    appeal = do(appeals.record_appeal, hidden, words="Unfair", actor=head)
    shown = sa.update(Comment).where(Comment.id == hidden).values({"state": CommentState.VISIBLE})
    do(lambda session: session.execute(shown))
    with pytest.raises(WrongStateError, match="can be seen already"):
        do(appeals.decide_appeal, appeal.id, upholds=False, reason="It insults", actor=lead)
    do(appeals.decide_appeal, appeal.id, upholds=True, reason="A joke", actor=lead)
    assert book.all(Appeal)[0].state is AppealState.UPHELD
