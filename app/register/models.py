"""People and what was consented to. Statements are only ever added: the newest word of each informant counts."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from consent.model import ConsentState, Purpose

IMPORTED = "import"
"""How an answer came that a MIS export brought."""
UNNAMED = "MIS import"
"""The informant of an imported answer when the export does not say who gave it."""


class Pupil(Identified, SchoolScoped, Base):
    __tablename__ = "pupil"
    __table_args__ = (sa.UniqueConstraint("school_id", "admission_no"),)

    admission_no: Mapped[str] = mapped_column(sa.String(40))
    upn: Mapped[str | None] = mapped_column(sa.String(13))
    legal_forename: Mapped[str] = mapped_column(sa.String(100))
    legal_surname: Mapped[str] = mapped_column(sa.String(100))
    preferred_forename: Mapped[str | None] = mapped_column(sa.String(100))
    preferred_surname: Mapped[str | None] = mapped_column(sa.String(100))
    date_of_birth: Mapped[date | None]
    year_group: Mapped[str | None] = mapped_column(sa.String(40))
    reg_group: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    admitted_on: Mapped[date | None]
    left_on: Mapped[date | None]

    @property
    def name(self) -> str:
        return f"{self.preferred_forename or self.legal_forename} {self.preferred_surname or self.legal_surname}"


class AdultKind(StrEnum):
    STAFF = "staff"
    HEADTEACHER = "headteacher"
    VOLUNTEER = "volunteer"
    VISITOR = "visitor"


class Adult(Identified, SchoolScoped, Base):
    __tablename__ = "adult"
    __table_args__ = (sa.UniqueConstraint("school_id", "forename", "surname"),)

    forename: Mapped[str] = mapped_column(sa.String(100))
    surname: Mapped[str] = mapped_column(sa.String(100))
    title: Mapped[str | None] = mapped_column(sa.String(20))
    kind: Mapped[AdultKind] = mapped_column(default=AdultKind.STAFF)
    left_on: Mapped[date | None]

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}"


class ParentContact(Identified, SchoolScoped, Base):
    __tablename__ = "parent_contact"
    __table_args__ = (sa.UniqueConstraint("pupil_id", "name"),)

    pupil_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    relationship: Mapped[str | None] = mapped_column(sa.String(60))
    has_parental_responsibility: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str | None] = mapped_column(sa.String(254))


class Capacity(StrEnum):
    """In whose name somebody spoke."""

    PARENT = "parent"
    PUPIL = "pupil"
    SELF = "self"


class ConsentEvidence(Identified, SchoolScoped, Base):
    """A scan of a form, sealed: the written proof that a yes rests on."""

    __tablename__ = "consent_evidence"

    pupil_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    media_type: Mapped[str] = mapped_column(sa.String(60))
    byte_count: Mapped[int]
    sealed: Mapped[bytes]
    added_by: Mapped[str] = mapped_column(sa.String(200))
    added_at: Mapped[datetime]


class ConsentStatement(Identified, SchoolScoped, Base):
    """One word of one informant about one purpose."""

    __tablename__ = "consent_statement"
    __table_args__ = (
        sa.CheckConstraint("(pupil_id IS NULL) <> (adult_id IS NULL)", name="one_person"),
        sa.Index("ix_consent_statement_pupil_purpose", "pupil_id", "purpose"),
    )

    pupil_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"))
    adult_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("adult.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose]
    state: Mapped[ConsentState]
    informant: Mapped[str] = mapped_column(sa.String(200))
    capacity: Mapped[Capacity]
    given_on: Mapped[date]
    how: Mapped[str] = mapped_column(sa.String(40))
    """form, letter, e-mail, import; a refusal or withdrawal may also be verbal."""
    wording_version: Mapped[str | None] = mapped_column(sa.String(40))
    expires_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(sa.Text)
    evidence_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("consent_evidence.id"))
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
    recorded_at: Mapped[datetime]


@event.listens_for(ConsentStatement, "before_update")
@event.listens_for(ConsentStatement, "before_delete")
def _refuse_change(mapper: Mapper[ConsentStatement], connection: Connection, statement: ConsentStatement) -> None:
    raise RuntimeError("what somebody said about consent is never changed: a newer statement is added")


class NoPublishFlag(Identified, SchoolScoped, Base):
    """Set by the safeguarding lead; outranks every consent. Its reason is sealed and seen by designated people only."""

    __tablename__ = "no_publish_flag"

    pupil_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    reason_sealed: Mapped[bytes]
    set_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    set_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class BiometricKind(StrEnum):
    GRANTED = "granted"
    PROTECTIVE_ONLY = "protective_only"
    """A template that serves only to keep the child out of pictures."""
    REFUSED = "refused"


class BiometricConsent(Identified, SchoolScoped, Base):
    """One word of one informant about face templates; at most one a pupil is active."""

    __tablename__ = "biometric_consent"
    __table_args__ = (
        sa.UniqueConstraint("id", "pupil_id", "is_active"),
        sa.CheckConstraint("kind <> 'refused' OR NOT is_active", name="no_is_never_active"),
    )

    pupil_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    kind: Mapped[BiometricKind]
    is_active: Mapped[bool]
    """The consent that templates rest on. An objection is never active, and ends the one that was."""
    informant: Mapped[str] = mapped_column(sa.String(200))
    capacity: Mapped[Capacity]
    how: Mapped[str] = mapped_column(sa.String(40))
    given_on: Mapped[date]
    evidence_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("consent_evidence.id"))
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PortraitView(StrEnum):
    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"


class FaceTemplate(Identified, SchoolScoped, Base):
    """A sealed face vector. The database itself refuses one without an active biometric consent for this very pupil."""

    __tablename__ = "face_template"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["biometric_consent_id", "pupil_id", "consent_is_active"],
            ["biometric_consent.id", "biometric_consent.pupil_id", "biometric_consent.is_active"],
            name="fk_face_template_active_consent",
        ),
        sa.CheckConstraint("consent_is_active", name="consent_is_active"),
        sa.UniqueConstraint("pupil_id", "source_sha256"),
    )

    pupil_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    biometric_consent_id: Mapped[UUID]
    consent_is_active: Mapped[bool] = mapped_column(default=True)
    vector_sealed: Mapped[bytes]
    source_sha256: Mapped[str] = mapped_column(sa.String(64))
    view: Mapped[PortraitView | None]
    """None when the portrait came from a folder."""
    enrolled_at: Mapped[datetime]
    enrolled_by: Mapped[str] = mapped_column(sa.String(200))
