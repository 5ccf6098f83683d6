"""Some networks hide and show only so many comments in a quarter of an hour: the worst get what there is.

And a network that does not answer, or asks to be left alone, is asked by one comment at a time: the others wait in
line, so that nothing else that a worker has to do waits for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.channels.models import Channel
from app.comments.models import Comment, CommentDecision, CommentState, DecisionAction
from app.comments.networks import CAPABILITIES
from app.comments.promises import JOB_OF
from app.core import clock
from app.core.db import after_commit
from app.jobs.due import retry_later
from moderation import Severity

WINDOW = timedelta(minutes=15)
KEPT_FOR_WORSE = {Severity.NONE: 15, Severity.LOW: 15, Severity.MEDIUM: 10, Severity.HIGH: 5, Severity.CRITICAL: 0}
"""So many of a network's allowance are left alone by a comment of this severity, for a threat that may come next."""
ASKED = (DecisionAction.HIDE, DecisionAction.RESTORE)
MOVES = (*ASKED, DecisionAction.LOCK_DOWN, DecisionAction.LIFT)
UNDER_WAY = tuple(state for state in CommentState if state.is_under_way)
IN_LINE = "the network does not answer, and another comment tries it first"
GOES_FIRST = "it is worse than all that wait in line"
MOST_ASKED = 50
BEHIND = timedelta(seconds=20)
"""So much later than the one that tries are the others due: by then its call has ended, one way or the other."""


def room_at(session: Session, comment: Comment, allowance: int | None) -> datetime | None:
    """Return when a comment may use the allowance; None when it may now.

    Hiding and showing use the same allowance. What a person asked for waits for nothing but the network; what a
    lifted lock-down shows again, or another hides that was never shown, leaves as much as the mildest comment.
    """
    if allowance is None or session.scalar(sa.select(_asked_by_hand(comment.id))):
        return None
    changes = comment.state is CommentState.HIDING and not comment.is_hidden_remotely
    severity = Severity(comment.severity) if changes else Severity.NONE
    free = allowance - KEPT_FOR_WORSE[severity]
    used = session.scalars(
        sa.select(Comment.acted_at)
        .where(Comment.channel_id == comment.channel_id, Comment.acted_at > clock.now() - WINDOW)
        .order_by(Comment.acted_at.desc())
        .limit(free)
    ).all()
    if len(used) < free or used[-1] is None:
        return None
    return used[-1] + WINDOW


def shown_from(session: Session, comment: Comment) -> datetime:
    """When a lifted lock-down may show a comment: once its own hiding counts no more: each tells of its last use."""
    paced = CAPABILITIES[session.get_one(Channel, comment.channel_id).network].hides_per_quarter_hour
    return comment.acted_at + WINDOW if paced and comment.acted_at else clock.now()


def free_from(session: Session, comment: Comment) -> datetime:
    """When what is owed for a comment may be done, now that nothing else is under way with it."""
    is_lifted = comment.state is CommentState.RESTORING and not session.scalar(sa.select(_asked_by_hand(comment.id)))
    return shown_from(session, comment) if is_lifted else clock.now()


def _asked_by_hand(comment_id: UUID | InstrumentedAttribute[UUID]) -> sa.ColumnElement[bool]:
    """Whether the last word about hiding it is a person's, and no lock-down's."""
    is_by_hand = sa.and_(CommentDecision.is_by_person, CommentDecision.action.in_(ASKED))
    last = (
        sa.select(is_by_hand)
        .where(CommentDecision.comment_id == comment_id, CommentDecision.action.in_(MOVES))
        .order_by(CommentDecision.at.desc())
        .limit(1)
    )
    return sa.func.coalesce(last.scalar_subquery(), sa.false())


def put_off(session: Session, comment: Comment, at: datetime) -> None:
    """Have all that wait for the same errand, and may not use either what this may not, wait until there is room.

    Those that are worse are due first.
    """
    waiting = (
        *_free(comment),
        *_not_worse(comment),
        Comment.state == comment.state,
        Comment.due_at < at,
    )
    for severity in Severity:
        _set(session, (*waiting, Comment.severity == severity), due_at=after_the_worse(at, severity))


def _not_worse(comment: Comment) -> tuple[sa.ColumnElement[bool], ...]:
    """Those that may not use either what this comment may not: what is hidden already says nothing of the others."""
    idle = (Comment.is_hidden_remotely,) if comment.state is CommentState.HIDING and comment.is_hidden_remotely else ()
    return (Comment.severity <= comment.severity, ~_asked_by_hand(Comment.id), *idle)


def _free(comment: Comment) -> tuple[sa.ColumnElement[bool], ...]:
    """The other comments of the account that no worker holds."""
    return (
        Comment.channel_id == comment.channel_id,
        Comment.id != comment.id,
        sa.or_(Comment.claimed_until.is_(None), Comment.claimed_until < clock.now()),
    )


def _set(session: Session, chosen: tuple[sa.ColumnElement[bool], ...], **values: datetime | str) -> None:
    """Write to many rows. Two workers that do so at once pass over what the other is at, or they would deadlock."""
    found = sa.select(Comment.id).where(*chosen).with_for_update(skip_locked=True)
    change = sa.update(Comment).where(Comment.id.in_(found)).values(**values)
    session.execute(change.execution_options(synchronize_session=False))


def after_the_worse(at: datetime, severity: int) -> datetime:
    """When the limit lifts, the worst is due first."""
    return at + timedelta(seconds=max(Severity) - severity)


def has_own_trouble(session: Session, comment: Comment) -> bool:
    """Whether it failed again although the network did what was asked for another comment of the account meanwhile."""
    others = sa.exists().where(
        Comment.channel_id == comment.channel_id, Comment.id != comment.id, Comment.acted_at >= comment.due_at
    )
    return comment.attempts > 1 and bool(session.scalar(sa.select(others)))


def most_tries(session: Session, comment: Comment) -> int:
    """How often one comment of the account was tried in vain by now."""
    query = sa.select(sa.func.max(Comment.attempts)).where(*_free(comment), Comment.last_error == IN_LINE)
    return max(comment.attempts, session.scalar(query) or 0)


def fall_in(session: Session, comment: Comment, at: datetime, sentence: str) -> None:
    """The account's network does not do what is asked: have one comment try it `at` that time, and the others after.

    The worst tries first, and what has tried twice lets others try: the trouble may be its own.
    """
    was_due = sa.or_(Comment.due_at <= clock.now(), Comment.last_error.is_not(None))  # what a lift shows later is not
    waiting = (*_free(comment), Comment.state.in_(UNDER_WAY), was_due, Comment.due_at <= at + BEHIND)
    turn = (Comment.attempts // 2, Comment.severity.desc(), Comment.due_at)
    query = sa.select(Comment.id, Comment.attempts, Comment.severity).where(*waiting).order_by(*turn).limit(1)
    first = session.execute(query).first()
    _set(session, waiting, due_at=at + BEHIND, last_error=IN_LINE)
    if first is None or (comment.attempts // 2, -comment.severity) <= (first.attempts // 2, -first.severity):
        retry_later(comment, sentence, at=at)
        return
    _set(session, (*_free(comment), Comment.id == first.id), due_at=at)
    retry_later(comment, IN_LINE, at=at + BEHIND)


def place_in_line(session: Session, comment: Comment) -> datetime | None:
    """Return when a comment comes due behind those that wait for the network to answer; None when it may try now.

    What has its turn or is worse than all of them tries, and the others wait until it has.
    """
    tried = (*_free(comment), Comment.state.in_(UNDER_WAY), Comment.last_error.is_not(None))
    last: datetime | None
    if comment.last_error is None:
        in_line = sa.func.max(sa.case((Comment.last_error == IN_LINE, Comment.due_at)))
        last, worst = session.execute(sa.select(in_line, sa.func.max(Comment.severity)).where(*tried)).one()
        if last is None or last <= clock.now():
            return None
        if comment.severity <= worst:
            return last
        comment.last_error = GOES_FIRST
    soon = clock.now() + BEHIND
    _set(session, (*tried, Comment.last_error == IN_LINE, Comment.due_at < soon), due_at=soon)
    return None


def critical_in_line(session: Session, comment: Comment) -> Sequence[Comment]:
    """Return what is in sight and must not be, and nobody was asked about yet."""
    query = sa.select(Comment).where(
        *_free(comment),
        Comment.state == CommentState.HIDING,
        Comment.severity >= Severity.CRITICAL,
        Comment.problem.is_(None),
        Comment.last_error.is_not(None),
    )
    return session.scalars(query.limit(MOST_ASKED).with_for_update(skip_locked=True)).all()


def break_line(session: Session, comment: Comment, at: datetime) -> None:
    """The network answered `at` that time: all that waited in line are due since then."""
    if comment.last_error is None:
        return
    line = (*_free(comment), Comment.state.in_(UNDER_WAY), Comment.last_error == IN_LINE)
    found = sa.select(Comment.id).where(*line).with_for_update(skip_locked=True)
    freed = session.execute(
        sa.update(Comment)
        .where(Comment.id.in_(found))
        .values(due_at=at, last_error=None)
        .returning(Comment.id, Comment.state)
        .execution_options(synchronize_session=False)
    )
    wake = session.info.get("wake")
    for comment_id, state in freed.all():
        if wake is not None:
            after_commit(session, partial(wake, JOB_OF[state], comment_id))
