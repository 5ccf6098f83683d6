"""Notices to people: written with the decision that calls for them, shown in the app, sent by e-mail when set up."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    SHOWN_ONLY = "shown_only"
    """No e-mail is set up, or the notice is not worth one."""


class NoticeUrgency(StrEnum):
    AT_ONCE = "at_once"
    TODAY = "today"


class Notice(Identified, SchoolScoped, Due, Base):
    __tablename__ = "notice"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    state: Mapped[NoticeState]
    urgency: Mapped[NoticeUrgency]
    created_at: Mapped[datetime]
    alerted_at: Mapped[datetime]
    """When an e-mail was last called for: an unread notice that keeps being renewed is sent again after a while."""
    read_at: Mapped[datetime | None]
    sentence: Mapped[str] = mapped_column(sa.Text)
    """What happened and what to do, without names of pupils and without a comment's words."""
    link: Mapped[str] = mapped_column(sa.String(300))
    bundle: Mapped[str | None] = mapped_column(sa.String(80))
    """Unread notices of one bundle to one person become one: a pile-on is one alert."""
