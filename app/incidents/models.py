"""Incidents: what happened, who was told, what was offered to whom, and how it ended. Never who wrote what before."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.comments.models import Audience
from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due


class IncidentKind(StrEnum):
    CHILD_AT_RISK = "child_at_risk"
    CONTACT_WITH_CHILD = "contact_with_child"
    CONTACT_FROM_CHILD = "contact_from_child"
    ABUSE_IMAGE = "abuse_image"
    ALLEGATION = "allegation"
    ALLEGATION_HEAD = "allegation_head"
    THREAT = "threat"
    ABUSE_OF_STAFF = "abuse_of_staff"
    PREJUDICE = "prejudice"
    PERSONAL_DATA = "personal_data"
    WRONG_PHOTO = "wrong_photo"
    CRIME = "crime"
    OTHER = "other"


class IncidentState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"
    """A double: its papers are read with those of the incident that it was joined to."""
    DISPOSED = "disposed"
    """Its time is over: only its kind and its days are left, for the counts."""


class Incident(Identified, SchoolScoped, Base):
    __tablename__ = "incident"

    kind: Mapped[IncidentKind]
    state: Mapped[IncidentState] = mapped_column(default=IncidentState.OPEN, index=True)
    audience: Mapped[Audience]
    summary: Mapped[str] = mapped_column(sa.Text)
    seen_at: Mapped[str] = mapped_column(sa.Text, default="")
    """Where it was seen: a link, or the words that a screenshot shows."""
    characteristics: Mapped[list[str]]
    severity: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    opened_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """None when a rule opened it."""
    taken_at: Mapped[datetime | None]
    """When somebody said that they deal with it: until then its clock runs."""
    taken_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    lessons: Mapped[str] = mapped_column(sa.Text, default="")
    """What the school does differently from now on."""
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("incident.id"), index=True)

    breach_id: Mapped[UUID | None]
    """The record of our own data breach, with its 72 hours, that this incident goes with."""

    @property
    def reference(self) -> str:
        """What people call it by, in its receipt and in other systems."""
        return self.id.hex[:8].upper()


class IncidentComment(Identified, SchoolScoped, Base):
    """A comment that an incident is about. Each comment is followed up in one incident, and a pile-on in one too."""

    __tablename__ = "incident_comment"

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incident.id"), index=True)
    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id"), unique=True)
    added_at: Mapped[datetime]


class IncidentPicture(Identified, SchoolScoped, Base):
    """A screenshot that somebody handed in: made anew, sealed, and never among the photos for posts."""

    __tablename__ = "incident_picture"

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incident.id"), index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the picture inside the seal."""
    stored: Mapped[str] = mapped_column(sa.String(64))
    """Where the sealed bytes lie."""
    removed_at: Mapped[datetime | None]
    removed_because: Mapped[str] = mapped_column(sa.Text, default="")


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
    declined: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class Authority(StrEnum):
    NETWORK = "network"
    POLICE_999 = "police_999"
    POLICE_101 = "police_101"
    LOCAL_AUTHORITY = "local_authority"
    CHILDREN_SERVICES = "children_services"
    EXPLOITATION_COMMAND = "exploitation_command"
    WATCH_FOUNDATION = "watch_foundation"
    HELPLINE = "helpline"
    HARMFUL_CONTENT = "harmful_content"
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
    """When it should have been done: those who must act are told when it is late."""
    wanted_from: Mapped[datetime | None]
    """Before this it is too early: the service asks people to wait for the network's answer."""
    late_told_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    reported_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reference: Mapped[str] = mapped_column(sa.String(200), default="")
    outcome: Mapped[str] = mapped_column(sa.Text, default="")
    not_needed_because: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def is_settled(self) -> bool:
        return self.reported_at is not None or self.not_needed_because is not None


class IncidentWording(Identified, SchoolScoped, Base):
    """The school's own words for how to reach an authority or a helpline."""

    __tablename__ = "incident_wording"
    __table_args__ = (sa.UniqueConstraint("school_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)


class PackState(StrEnum):
    WANTED = "wanted"
    MADE = "made"
    FAILED = "failed"
    REMOVED = "removed"
    """A copy that was made to be handed over, and outlived that."""


class EvidencePack(Identified, SchoolScoped, Due, Base):
    """Everything about one incident as it stood at one moment, to be handed over: sealed, with its digests."""

    __tablename__ = "evidence_pack"

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incident.id"), index=True)
    state: Mapped[PackState] = mapped_column(default=PackState.WANTED)
    wanted_at: Mapped[datetime]
    wanted_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    made_at: Mapped[datetime | None]
    zip_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    pdf_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    zip_stored: Mapped[str | None] = mapped_column(sa.String(64))
    pdf_stored: Mapped[str | None] = mapped_column(sa.String(64))
