"""Some networks hide and show only so many comments in a quarter of an hour: the worst get what there is."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.channels.models import Channel
from app.comments.models import Comment, CommentDecision, CommentState, DecisionAction
from app.comments.networks import CAPABILITIES
from app.core import clock
from moderation import Severity

WINDOW = timedelta(minutes=15)
KEPT_FOR_WORSE = {Severity.NONE: 15, Severity.LOW: 15, Severity.MEDIUM: 10, Severity.HIGH: 5, Severity.CRITICAL: 0}
"""So many of a network's allowance are left alone by a comment of this severity, for a threat that may come next."""
ASKED = (DecisionAction.HIDE, DecisionAction.RESTORE)
MOVES = (*ASKED, DecisionAction.LOCK_DOWN, DecisionAction.LIFT)


def room_at(session: Session, comment: Comment, allowance: int | None) -> datetime | None:
    """Return when a comment may use the allowance; None when it may now.

    Hiding and showing use the same allowance. What a person asked for waits for nothing but the network; what a
    lifted lock-down shows again leaves as much as the mildest comment, whatever it says.
    """
    if allowance is None or session.scalar(sa.select(_asked_by_hand(comment.id))):
        return None
    severity = Severity(comment.severity) if comment.state is CommentState.HIDING else Severity.NONE
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


def put_off(session: Session, comment: Comment, state: CommentState, at: datetime, *, for_worse: bool = False) -> None:
    """Have all that wait for the same errand wait until the allowance lifts, the worst due first, not to ask in vain.

    `for_worse` leaves those alone that may still use what this comment may not.
    """
    waiting = (
        Comment.channel_id == comment.channel_id,
        Comment.state == state,
        Comment.due_at < at,
        sa.or_(Comment.claimed_until.is_(None), Comment.claimed_until < clock.now()),
        *((Comment.severity <= comment.severity, ~_asked_by_hand(Comment.id)) if for_worse else ()),
    )
    for severity in Severity:
        session.execute(
            sa.update(Comment)
            .where(*waiting, Comment.severity == severity)
            .values(due_at=after_the_worse(at, severity))
            .execution_options(synchronize_session=False)
        )


def after_the_worse(at: datetime, severity: int) -> datetime:
    """When the limit lifts, the worst is due first."""
    return at + timedelta(seconds=max(Severity) - severity)
