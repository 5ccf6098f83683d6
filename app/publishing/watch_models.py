"""The standing promise to look at each account, and what was found there that this product did not post."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due


class AccountWatchState(StrEnum):
    WATCHING = "watching"


class AccountWatch(Identified, SchoolScoped, Due, Base):
    """One row an account, due again after each look."""

    __tablename__ = "account_watch"

    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"), unique=True)
    state: Mapped[AccountWatchState] = mapped_column(default=AccountWatchState.WATCHING)
    began_at: Mapped[datetime]
    """Posts from before we looked are the past, not a bypass."""
    looked_at: Mapped[datetime | None]
    health_on: Mapped[date | None]
    warned_days: Mapped[int | None]
    """How many days were left when the coordinator was last warned of the sign-in running out."""


class StrayPost(Identified, SchoolScoped, Base):
    """A post on an official account that did not come from here. Its words are not kept: people look at the account."""

    __tablename__ = "stray_post"
    __table_args__ = (sa.UniqueConstraint("channel_id", "remote_id"),)

    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"), index=True)
    remote_id: Mapped[str] = mapped_column(sa.String(100))
    permalink: Mapped[str] = mapped_column(sa.String(500))
    published_at: Mapped[datetime]
    found_at: Mapped[datetime]
    explained_at: Mapped[datetime | None]
    explained_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    explanation: Mapped[str | None] = mapped_column(sa.Text)
