"""What the leadership decided about one exact revision, and which pictures each person looked at."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped


class Judgement(StrEnum):
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"


class Review(Identified, SchoolScoped, Base):
    __tablename__ = "review"

    post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    judgement: Mapped[Judgement]
    reason: Mapped[str | None] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    reviewer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime]


class PhotoViewed(Identified, SchoolScoped, Base):
    """The reviewer opened this picture of this revision at full size."""

    __tablename__ = "photo_viewed"
    __table_args__ = (sa.UniqueConstraint("post_photo_id", "user_id"),)

    post_photo_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post_photo.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    viewed_at: Mapped[datetime]
