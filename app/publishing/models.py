"""A delivery is the promise to bring one approved revision to one channel, exactly once."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due
from app.platforms.base import Network

LATEST = timedelta(hours=12)
"""An approval is for its time: a post that could not go out for this long is not sent late."""
GONE_WITHIN = timedelta(hours=24)
"""What families are promised when consent ends."""


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    """Committed before the request leaves: whoever finds it without a living claim must look, never send again."""
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"
    LEFT = "left"
    """Somebody decided to look no further: it may be there, so taking the post down asks again."""
    RETRACTING = "retracting"
    RETRACTED = "retracted"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_settled(self) -> bool:
        return self in (
            DeliveryState.SENT,
            DeliveryState.FAILED,
            DeliveryState.NEEDS_PERSON,
            DeliveryState.LEFT,
            DeliveryState.RETRACTED,
            DeliveryState.CANCELLED,
            DeliveryState.EXPIRED,
        )

    @property
    def may_be_public(self) -> bool:
        """Something of it may be on the network."""
        return self in (
            DeliveryState.SENDING,
            DeliveryState.SENT,
            DeliveryState.UNKNOWN,
            DeliveryState.NEEDS_PERSON,
            DeliveryState.LEFT,
            DeliveryState.RETRACTING,
        )


class Delivery(Identified, SchoolScoped, Due, Base):
    __tablename__ = "delivery"
    __table_args__ = (sa.UniqueConstraint("revision_id", "channel_id"),)

    post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id"))
    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"), index=True)
    network: Mapped[Network]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PENDING, index=True)
    planned_for: Mapped[datetime]
    prepared: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """What was uploaded ahead of sending, so that an orphan can be cleaned up or the post recognised."""
    sending_since: Mapped[datetime | None]
    remote_id: Mapped[str | None] = mapped_column(sa.String(100), index=True)
    permalink: Mapped[str | None] = mapped_column(sa.String(500))
    sent_at: Mapped[datetime | None]
    retract_wanted: Mapped[bool] = mapped_column(default=False)
    """Somebody took the post down while this was under way: as soon as it is found, it is removed."""
    looks: Mapped[int] = mapped_column(default=0)
    """How often the account was searched for a post whose fate is unknown."""
    retract_asked_at: Mapped[datetime | None]
    retracted_at: Mapped[datetime | None]
    gone_proof: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """What the network answered when it was asked for the post after its removal, or who looked."""
    quiet_override: Mapped[str | None] = mapped_column(sa.Text)
    """Why it may go out in the school's quiet times all the same; it waits when there is no reason."""
    problem: Mapped[str | None] = mapped_column(sa.Text)
    """What went wrong, in a sentence for staff."""

    @property
    def may_be_retried(self) -> bool:
        """Its approval still lasts; afterwards it needs another one."""
        return clock.now() <= self.planned_for + LATEST

    @property
    def is_looked_for(self) -> bool:
        """It was taken back before it went out, as far as we know; the account is asked whether that is so."""
        return self.state is DeliveryState.PENDING and self.retract_wanted

    @property
    def gone_by(self) -> datetime | None:
        """Until when it was promised to be gone; None when nobody asked, or when it is."""
        if self.retract_asked_at is None or not self.state.may_be_public:
            return None
        return self.retract_asked_at + GONE_WITHIN

    @property
    def is_overdue(self) -> bool:
        return self.gone_by is not None and clock.now() > self.gone_by


class NetworkCharge(Identified, SchoolScoped, Base):
    """What a call cost by the network's price list, written down before it is made: its bill comes later."""

    __tablename__ = "network_charge"

    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    thousandths: Mapped[int]
    """Of a dollar."""
    what: Mapped[str] = mapped_column(sa.String(40))
