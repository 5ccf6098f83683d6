"""Texts that a school prepared for bad days, and the replies that it writes under comments and posts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due


class TextKind(StrEnum):
    HOLDING = "holding"
    """A holding statement: stands under a post during a pile-on."""
    SIGNPOST = "signpost"
    """Shows a critic or a worried parent where they are heard."""


class TextState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    RETIRED = "retired"


class PreparedText(Identified, SchoolScoped, Base):
    """Words that two people have agreed on beforehand. They never change: other words are another text."""

    __tablename__ = "prepared_text"

    kind: Mapped[TextKind]
    state: Mapped[TextState] = mapped_column(default=TextState.WAITING, index=True)
    title: Mapped[str] = mapped_column(sa.String(100))
    text: Mapped[str] = mapped_column(sa.Text)
    written_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]


class ReplyState(StrEnum):
    WAITING = "waiting"
    """For somebody other than its writer to approve it."""
    TURNED_DOWN = "turned_down"
    APPROVED = "approved"
    SENDING = "sending"
    """Committed before the request leaves: whoever finds it so must look, never send again."""
    SENT = "sent"
    FAILED = "failed"
    NEEDS_PERSON = "needs_person"
    """It may stand on the network or not; a person looks."""


class Reply(Identified, SchoolScoped, Due, Base):
    """The promise to write one approved text under one comment or post, once."""

    __tablename__ = "reply"

    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"), index=True)
    post_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("post.id"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("comment.id"), index=True)
    """None when it stands under the post itself."""
    comment_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Digest of the words that are answered: if they change, the answer is not given."""
    target_remote_id: Mapped[str] = mapped_column(sa.String(100))
    prepared_text_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("prepared_text.id"))
    """The prepared words that it repeats to the letter, if it does."""
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[ReplyState] = mapped_column(default=ReplyState.WAITING, index=True)
    written_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    sending_since: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    remote_id: Mapped[str | None] = mapped_column(sa.String(100))
    permalink: Mapped[str | None] = mapped_column(sa.String(500))
    problem: Mapped[str | None] = mapped_column(sa.Text)
