"""Incidents: what happened, who was told, what was offered to whom, and how it ended. Never who wrote what before."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models import Audience
from app.core.db import Base, Identified, SchoolScoped


class IncidentKind(StrEnum):
    CHILD_AT_RISK = "child_at_risk"
    CONTACT_WITH_CHILD = "contact_with_child"
    ALLEGATION = "allegation"
    ALLEGATION_HEAD = "allegation_head"
    THREAT = "threat"
    ABUSE_OF_STAFF = "abuse_of_staff"
    PREJUDICE = "prejudice"
    PERSONAL_DATA = "personal_data"
    CRIME = "crime"
    OTHER = "other"


class IncidentState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Incident(Identified, SchoolScoped, Base):
    __tablename__ = "incident"

    kind: Mapped[IncidentKind]
    state: Mapped[IncidentState] = mapped_column(default=IncidentState.OPEN, index=True)
    audience: Mapped[Audience]
    comment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("comment.id"), unique=True)
    """None for something that was seen elsewhere."""
    summary: Mapped[str] = mapped_column(sa.Text)
    seen_at: Mapped[str] = mapped_column(sa.Text, default="")
    """Where it was seen: a link, or the words that a screenshot shows."""
    characteristics: Mapped[list[str]]
    severity: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    opened_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """None when a rule opened it."""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    outcome: Mapped[str | None] = mapped_column(sa.Text)


class IncidentNote(Identified, SchoolScoped, Base):
    """Something written down about an incident. Rows are only added."""

    __tablename__ = "incident_note"

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incident.id"), index=True)
    at: Mapped[datetime]
    written_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(sa.Text)


class SupportOffer(Identified, SchoolScoped, Base):
    """Support that was offered to somebody who was abused, and what they said."""

    __tablename__ = "support_offer"

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incident.id"), index=True)
    offered_at: Mapped[datetime]
    offered_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    offered_to: Mapped[str] = mapped_column(sa.String(200))
    support: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text, default="")


class Authority(StrEnum):
    NETWORK = "network"
    POLICE_999 = "police_999"
    POLICE_101 = "police_101"
    LOCAL_AUTHORITY = "local_authority"
    CHILDREN_SERVICES = "children_services"
    EXPLOITATION_COMMAND = "exploitation_command"
    WATCH_FOUNDATION = "watch_foundation"
    HELPLINE = "helpline"
    UNION = "union"
    LEGAL = "legal"


class AuthorityReport(Identified, SchoolScoped, Base):
    """A task: tell an authority, and write down its reference and what came of it. No network has a call for that."""

    __tablename__ = "authority_report"
    __table_args__ = (sa.UniqueConstraint("incident_id", "authority"),)

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incident.id"), index=True)
    authority: Mapped[Authority]
    asked_at: Mapped[datetime]
    wanted_by: Mapped[datetime | None]
    """When it should have been done: the prompt turns red after it."""
    reported_at: Mapped[datetime | None]
    reported_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reference: Mapped[str] = mapped_column(sa.String(200), default="")
    outcome: Mapped[str] = mapped_column(sa.Text, default="")
    not_needed_because: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def is_settled(self) -> bool:
        return self.reported_at is not None or self.not_needed_because is not None
