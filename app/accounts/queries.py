"""Who is who, and who may do what today."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.core.permissions import Permission


def users(session: Session) -> Sequence[User]:
    return session.scalars(sa.select(User).order_by(User.name)).all()


def user_ids_with(session: Session, permission: Permission) -> list[UUID]:
    """Return everybody of the session's school who may do this today."""
    return [user.id for user in users(session) if permission in user.permissions]


def user_ids_in(session: Session, *roles: Role) -> list[UUID]:
    """Return everybody who holds one of the roles today and is not suspended."""
    wanted = set(roles)
    return [user.id for user in users(session) if user.suspended_at is None and wanted & set(user.roles_today)]


def names_of(session: Session, user_ids: Collection[UUID | None]) -> Mapping[UUID, str]:
    """Return the names of staff by id, for histories and lists."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    rows = session.execute(sa.select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}
