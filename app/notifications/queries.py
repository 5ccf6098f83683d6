"""A person's notices."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.notifications.models import Notice


def unread(session: Session, user_id: UUID, *, limit: int = 30) -> Sequence[Notice]:
    query = sa.select(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return session.scalars(query.order_by(Notice.created_at.desc()).limit(limit)).all()


def count_unread(session: Session, user_id: UUID) -> int:
    query = sa.select(sa.func.count()).select_from(Notice)
    return session.scalar(query.where(Notice.user_id == user_id, Notice.read_at.is_(None))) or 0


def latest(session: Session, user_id: UUID, *, limit: int = 100) -> Sequence[Notice]:
    """Return the person's notices, the unread ones first."""
    query = sa.select(Notice).where(Notice.user_id == user_id)
    return session.scalars(query.order_by(Notice.read_at.is_not(None), Notice.created_at.desc()).limit(limit)).all()


def notice_of(session: Session, notice_id: UUID, user_id: UUID) -> Notice | None:
    """Return the notice if it is this person's."""
    notice = session.get(Notice, notice_id)
    return notice if notice is not None and notice.user_id == user_id else None
