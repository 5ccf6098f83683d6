"""The audit trail: append-only, each event sealed to the one before by its hash."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped


class AuditEvent(Identified, SchoolScoped, Base):
    __tablename__ = "audit_event"
    __table_args__ = (sa.UniqueConstraint("school_id", "sequence"),)

    sequence: Mapped[int]
    at: Mapped[datetime]
    tag: Mapped[str] = mapped_column(sa.String(80), index=True)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(sa.String(200))
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(SchoolScoped, Base):
    """The last link of a school's chain; its row lock puts concurrent writers in a line."""

    __tablename__ = "audit_head"

    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("school.id"), primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
