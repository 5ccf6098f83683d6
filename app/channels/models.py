"""Official accounts: registered, approved by the leadership, connected, watched."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from app.platforms.base import Network


class ChannelState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    """The leadership agreed that this account exists; now it may be connected."""
    CONNECTED = "connected"
    PAUSED = "paused"
    """The sign-in is broken: nothing is sent, the queue is kept, somebody must reconnect."""
    CLOSED = "closed"

    @property
    def takes_posts(self) -> bool:
        return self in (ChannelState.CONNECTED, ChannelState.PAUSED)


class Channel(Identified, SchoolScoped, Base):
    __tablename__ = "channel"
    __table_args__ = (sa.UniqueConstraint("school_id", "network", "handle"),)

    network: Mapped[Network]
    name: Mapped[str] = mapped_column(sa.String(200))
    handle: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(sa.String(300))
    owner: Mapped[str] = mapped_column(sa.String(200))
    school_email: Mapped[str] = mapped_column(sa.String(254))
    second_factor_on: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ChannelState] = mapped_column(default=ChannelState.PROPOSED)
    proposed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    remote_account_id: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    credentials_sealed: Mapped[bytes | None]
    health_checked_at: Mapped[datetime | None]
    health_problem: Mapped[str | None] = mapped_column(sa.Text)
    expires_at: Mapped[datetime | None]
    comment_cursor: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comments_read_at: Mapped[datetime | None]
    look_since: Mapped[datetime | None]
    """Set after an older backup was brought back: a post that went out since then may be ours."""


class SignInAttempt(Identified, SchoolScoped, Base):
    """A coordinator's way to a network's dialog and back; what it carries is sealed, and forgotten after use."""

    __tablename__ = "sign_in_attempt"

    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"))
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    key_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Of what the network must send back; replaced once it came, so that it comes once."""
    sealed: Mapped[bytes]
    began_at: Mapped[datetime]
