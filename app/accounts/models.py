"""The people who use the product, and the roles they hold, with dates."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.roles import PERMISSIONS, Role
from app.core import clock
from app.core.actors import Actor
from app.core.db import Base, Identified, SchoolScoped
from app.core.permissions import Permission


class RoleHeld(Identified, SchoolScoped, Base):
    __tablename__ = "role_held"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    def is_held_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class User(Identified, SchoolScoped, Base):
    __tablename__ = "user_account"

    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    session_stamp: Mapped[str] = mapped_column(sa.String(40))
    """Part of every session: a new stamp signs the person out everywhere."""
    last_signed_in_at: Mapped[datetime | None]
    roles: Mapped[list[RoleHeld]] = relationship(lazy="selectin", cascade="all, delete-orphan", order_by=RoleHeld.role)

    @property
    def roles_today(self) -> tuple[Role, ...]:
        today = clock.today()
        return tuple(held.role for held in self.roles if held.is_held_on(today))

    @property
    def permissions(self) -> frozenset[Permission]:
        if self.suspended_at is not None:
            return frozenset()
        return frozenset().union(*(PERMISSIONS[role] for role in self.roles_today))

    def as_actor(self) -> Actor:
        return Actor(school_id=self.school_id, name=self.name, permissions=self.permissions, user_id=self.id)
