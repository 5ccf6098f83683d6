"""Pictures: the clean master that never leaves, and the renditions that may."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped


class Photo(Identified, SchoolScoped, Base):
    """An uploaded picture: upright, without metadata, re-encoded. The same bytes are stored once a school."""

    __tablename__ = "photo"
    __table_args__ = (sa.UniqueConstraint("school_id", "source_sha256"),)

    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the stored master."""
    source_sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the file as it was uploaded, which is not kept."""
    width: Mapped[int]
    height: Mapped[int]
    byte_count: Mapped[int]
    file_name: Mapped[str] = mapped_column(sa.String(200))
    uploaded_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]


class Rendition(Identified, SchoolScoped, Base):
    """A picture as it may go out: reduced, with the named regions destroyed and searched again."""

    __tablename__ = "rendition"
    __table_args__ = (sa.UniqueConstraint("photo_id", "recipe"),)

    photo_id: Mapped[UUID] = mapped_column(sa.ForeignKey("photo.id", ondelete="CASCADE"), index=True)
    recipe: Mapped[str] = mapped_column(sa.String(64))
    """A digest of what was done to the master: equal recipes give the same picture."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    width: Mapped[int]
    height: Mapped[int]
    obscured_and_gone: Mapped[bool]
    """Every region to be obscured was searched again and no face was found in it."""
    made_at: Mapped[datetime]
