"""Take waiting comments along, so that a pile-on is sorted as a whole: by the same conditional UPDATE as any claim."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.models import Comment, CommentState
from app.core import clock
from app.core.db import Database

JUDGE_LEASE = timedelta(seconds=30)
ERRAND_LEASE = timedelta(minutes=1)
"""Short: what a worker that died held waits so long, and doing it twice does no harm."""
BATCH = 100


@dataclass(frozen=True, slots=True)
class Held:
    """A comment that this worker claimed, and until when; None if nobody had claimed it."""

    comment_id: UUID
    until: datetime | None


def claim_neighbours(database: Database, school_id: UUID) -> list[UUID]:
    """Claim comments that wait to be judged, to judge them in one go."""
    now = clock.now()
    owed = (
        *_owed(CommentState.RECEIVED, now),
        Comment.attempts <= 1,  # once a worker may have died with it; what fails again is judged alone
    )
    first = sa.select(Comment.id).where(*owed).order_by(Comment.due_at).limit(BATCH)
    with database.transaction(school_id) as session:
        return _claim(session, first, owed, now + JUDGE_LEASE)


def held(database: Database, comment_id: UUID, school_id: UUID) -> Held:
    with database.reading(school_id) as session:
        return Held(comment_id, session.get_one(Comment, comment_id).claimed_until)


def renew(comment: Comment, mine: Held) -> bool:
    """Hold a comment, whose row is locked, for one more lease; tell whether it is still this worker's to touch.

    Else another worker may be at the network with it, or was and is to come back later.
    """
    now = clock.now()
    is_free = comment.claimed_until is None or comment.claimed_until < now
    is_due = comment.due_at is not None and comment.due_at <= now
    if not (holds(comment, mine) or (is_free and is_due)):
        return False
    comment.claimed_until = now + ERRAND_LEASE
    return True


def holds(comment: Comment, mine: Held) -> bool:
    return mine.until is not None and comment.claimed_until == mine.until


def claim_worse(database: Database, comment_id: UUID, state: CommentState, school_id: UUID) -> Held | None:
    """Claim the worst comment that waits for the same errand and is worse than this one.

    Of two that are as bad, the one that the errand changes comes before the one that is as it should be already.
    """
    now = clock.now()
    is_idle = Comment.is_hidden_remotely.is_(state is CommentState.HIDING)
    with database.reading(school_id) as session:
        mine = session.execute(sa.select(Comment.severity, is_idle).where(Comment.id == comment_id)).one()
        severity, may_wait = mine
        presses = sa.and_(Comment.severity == severity, ~is_idle) if may_wait else sa.false()
        worse = (*_owed(state, now), sa.or_(Comment.severity > severity, presses))
        if session.scalar(sa.select(Comment.id).where(*worse).limit(1)) is None:
            return None
    turn = (Comment.severity.desc(), is_idle, Comment.due_at)
    worst = sa.select(Comment.id).where(*worse).order_by(*turn).limit(1)
    until = now + ERRAND_LEASE
    with database.transaction(school_id) as session:
        return next((Held(claimed, until) for claimed in _claim(session, worst, worse, until)), None)


def _owed(state: CommentState, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Comment.state == state,
        Comment.due_at <= now,
        sa.or_(Comment.claimed_until.is_(None), Comment.claimed_until < now),
    )


def _claim(
    session: Session, chosen: sa.Select[UUID], owed: tuple[sa.ColumnElement[bool], ...], until: datetime
) -> list[UUID]:
    taken = session.execute(
        sa.update(Comment)
        .where(Comment.id.in_(chosen), *owed)
        .values(claimed_until=until, attempts=Comment.attempts + 1)
        .returning(Comment.id)
        .execution_options(synchronize_session=False)
    )
    return list(taken.scalars())
