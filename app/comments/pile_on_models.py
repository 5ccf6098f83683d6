"""A pile-on: many comments at once under one post, and what people did to bring calm."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due


class PileOnState(StrEnum):
    NOTICED = "noticed"
    LOCKED = "locked"
    """By a person's word every comment under the post is hidden, and every new one as it comes."""
    LIFTING = "lifting"
    """What was hidden only by the lock-down is being shown again."""
    OVER = "over"

    @property
    def is_going_on(self) -> bool:
        return self is not PileOnState.OVER


class PileOn(Identified, SchoolScoped, Due, Base):
    """One a post at a time. It is about a post, never about the people who write under it."""

    __tablename__ = "pile_on"

    post_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("post.id"), index=True)
    channel_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("channel.id"))
    post_remote_id: Mapped[str | None] = mapped_column(sa.String(100), index=True)
    """Of a post that was not made here: its account, and what its network calls it."""
    state: Mapped[PileOnState] = mapped_column(default=PileOnState.NOTICED, index=True)
    noticed_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    told: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    """Who was told and offered support: user, at, by; or, for somebody without a sign-in, name, at, by."""
