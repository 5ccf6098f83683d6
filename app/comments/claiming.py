"""Take waiting comments along, so that a pile-on is sorted as a whole: by the same conditional UPDATE as any claim."""

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


def claim_worse(database: Database, comment_id: UUID, state: CommentState, school_id: UUID) -> UUID | None:
    """Claim the worst comment that waits for the same errand and is worse than this one."""
    now = clock.now()
    with database.reading(school_id) as session:
        severity = session.get_one(Comment, comment_id).severity
        worse = (*_owed(state, now), Comment.severity > severity)
        if session.scalar(sa.select(Comment.id).where(*worse).limit(1)) is None:
            return None
    worst = sa.select(Comment.id).where(*worse).order_by(Comment.severity.desc(), Comment.due_at).limit(1)
    with database.transaction(school_id) as session:
        return next(iter(_claim(session, worst, worse, now + ERRAND_LEASE)), None)


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
