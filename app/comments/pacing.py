"""Some networks hide only so many comments in a quarter of an hour: the worst get what there is."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.models import Comment, CommentState
from app.core import clock

WINDOW = timedelta(minutes=15)
RESERVE = 15
"""So many of a network's allowance are kept for what breaks the rules, when a lock-down would use it all."""
GRAVE = 2
"""From this severity on a comment may use the reserve."""
HIGHEST_SEVERITY = 4


def room_at(session: Session, comment: Comment, allowance: int | None) -> datetime | None:
    """Return when a comment that is only locked down may use the allowance; None when it may now."""
    if allowance is None or comment.pile_on_id is None or comment.severity >= GRAVE:
        return None
    used = session.scalars(
        sa.select(Comment.hidden_at)
        .where(Comment.channel_id == comment.channel_id, Comment.hidden_at > clock.now() - WINDOW)
        .order_by(Comment.hidden_at.desc())
        .limit(allowance - RESERVE)
    ).all()
    if len(used) < allowance - RESERVE or used[-1] is None:
        return None
    return used[-1] + WINDOW


def put_off(
    session: Session, comment: Comment, state: CommentState, at: datetime, *, only_locked: bool = False
) -> None:
    """Have all that wait for the same allowance wait until it lifts, the worst due first: asking would be in vain."""
    waiting = (
        Comment.channel_id == comment.channel_id,
        Comment.state == state,
        Comment.due_at < at,
        sa.or_(Comment.claimed_until.is_(None), Comment.claimed_until < clock.now()),
        *((Comment.pile_on_id.is_not(None), Comment.severity < GRAVE) if only_locked else ()),
    )
    for severity in range(HIGHEST_SEVERITY + 1):
        session.execute(
            sa.update(Comment)
            .where(*waiting, Comment.severity == severity)
            .values(due_at=after_the_worse(at, severity))
            .execution_options(synchronize_session=False)
        )


def after_the_worse(at: datetime, severity: int) -> datetime:
    """When the limit lifts, the worst is due first."""
    return at + timedelta(seconds=HIGHEST_SEVERITY - severity)
