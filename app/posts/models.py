"""Posts and everything that one exact version of a post consists of."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due
from app.media.models import Photo
from consent.model import Disposition, MatchStatus, Outcome, Severity, SurfaceKind
from consent.recognisability import Strictness


class PostState(StrEnum):
    DRAFT = "draft"
    CHECKING = "checking"
    BLOCKED = "blocked"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    PARTLY_PUBLISHED = "partly_published"
    FAILED = "failed"
    EXPIRED = "expired"
    TAKING_DOWN = "taking_down"
    TAKEN_DOWN = "taken_down"

    @property
    def is_editable(self) -> bool:
        return self in (PostState.DRAFT, PostState.BLOCKED, PostState.RETURNED, PostState.EXPIRED)

    @property
    def awaits_sending(self) -> bool:
        return self in (PostState.APPROVED, PostState.SCHEDULED)

    @property
    def may_be_public(self) -> bool:
        """Some of it may be on a network."""
        return self in (PostState.PUBLISHING, PostState.PUBLISHED, PostState.PARTLY_PUBLISHED, PostState.TAKING_DOWN)


class Post(Identified, SchoolScoped, Base):
    __tablename__ = "post"

    state: Mapped[PostState] = mapped_column(default=PostState.DRAFT, index=True)
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    latest_number: Mapped[int] = mapped_column(default=0)
    approved_revision_id: Mapped[UUID | None]
    approved_digest: Mapped[str | None] = mapped_column(sa.String(64))
    """Digest of exactly what was approved; sending anything else is refused."""
    approved_at: Mapped[datetime | None]
    state_reason: Mapped[str | None] = mapped_column(sa.Text)
    """Why it was returned, blocked or failed, in a sentence for the author."""

    def forget_approval(self) -> None:
        self.approved_revision_id = self.approved_digest = self.approved_at = None


class Revision(Identified, SchoolScoped, Base):
    """One exact version of a post. Rows are never changed: an edit makes the next number."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("post_id", "number"),)

    post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    caption: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[str | None] = mapped_column(sa.String(2000))
    networks: Mapped[list[str]]
    scheduled_for: Mapped[datetime | None]
    classes: Mapped[list[str]]
    """The roster: registration groups that took part. Empty together with no extras means the whole school."""
    extra_people: Mapped[list[str]]
    away_from_school: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The photos tell where pupils are: nothing goes out before `away_until`."""
    away_until: Mapped[datetime | None]
    face_rule: Mapped[Strictness | None]
    """What becomes of this post if somebody in it can be recognised; the school's own rule if that is stricter."""
    edited_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    photos: Mapped[list["PostPhoto"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="PostPhoto.position"
    )


class PostPhoto(Identified, SchoolScoped, Base):
    """One photo of one revision, with its alt text and the author's word that every person has a box."""

    __tablename__ = "post_photo"
    __table_args__ = (sa.UniqueConstraint("revision_id", "position"),)

    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    photo_id: Mapped[UUID] = mapped_column(sa.ForeignKey("photo.id"), index=True)
    alt_text: Mapped[str] = mapped_column(sa.Text)
    people_count: Mapped[int | None]
    """How many people the author says can be recognised."""
    all_faces_boxed: Mapped[bool] = mapped_column(default=False)
    confirmed_for: Mapped[str | None] = mapped_column(sa.String(64))
    """Digest of what the author looked at: the photo, its boxes, and whom the faces were compared with."""
    compared_with: Mapped[list[str]] = mapped_column(default=list)
    """Ids of those who might not be shown when the author compared the faces with them: the roll call."""
    photo: Mapped[Photo] = relationship(lazy="joined")
    answers: Mapped[list["FaceAnswer"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="FaceAnswer.number"
    )


class FaceAnswer(Identified, SchoolScoped, Base):
    """A person's answer for one face of one picture of one revision: who it is, or why it needs no name.

    It keeps what matching said when it was given: another verdict of the machine voids the answer.
    """

    __tablename__ = "face_answer"
    __table_args__ = (sa.UniqueConstraint("post_photo_id", "number"),)

    post_photo_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post_photo.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    left: Mapped[int]
    top: Mapped[int]
    right: Mapped[int]
    bottom: Mapped[int]
    drawn_by_hand: Mapped[bool] = mapped_column(default=False)
    match_status: Mapped[MatchStatus]
    match_person_id: Mapped[UUID | None]
    disposition: Mapped[Disposition]
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    """A pupil or an adult of the register."""
    answered_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime]
    signed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """The second person, who says that this is not the protected pupil it resembles."""
    signed_reason: Mapped[str | None] = mapped_column(sa.Text)


class PupilNamed(Identified, SchoolScoped, Base):
    """A pupil whom the words of a revision name, as its check found: by it the post is found when consent ends."""

    __tablename__ = "pupil_named"
    __table_args__ = (sa.UniqueConstraint("revision_id", "person_id"),)

    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID] = mapped_column(index=True)


class PhotoScan(Identified, SchoolScoped, Base):
    """What the face engine saw in one picture, compared with one scope of people. Kept, so that it is done once."""

    __tablename__ = "photo_scan"
    __table_args__ = (sa.UniqueConstraint("photo_id", "scope_digest"),)

    photo_id: Mapped[UUID] = mapped_column(sa.ForeignKey("photo.id", ondelete="CASCADE"), index=True)
    scope_digest: Mapped[str] = mapped_column(sa.String(64))
    """Of the people in scope, who of them is protected, their templates, and the thresholds."""
    faces: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    words: Mapped[list[str]]
    problem: Mapped[str | None] = mapped_column(sa.Text)
    seconds: Mapped[float]
    scanned_at: Mapped[datetime]


class CheckState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    OVERTAKEN = "overtaken"
    """A newer revision made this check pointless."""


class ConsentCheck(Identified, SchoolScoped, Due, Base):
    """A promise to check one revision, and then what was found."""

    __tablename__ = "consent_check"

    post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    state: Mapped[CheckState] = mapped_column(default=CheckState.WAITING)
    for_submission: Mapped[bool] = mapped_column(default=False)
    requested_at: Mapped[datetime]
    photos_done: Mapped[int] = mapped_column(default=0)
    photos_total: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Outcome | None]
    checked_at: Mapped[datetime | None]
    findings: Mapped[list["CheckFinding"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class CheckFinding(Identified, SchoolScoped, Base):
    __tablename__ = "check_finding"

    check_id: Mapped[UUID] = mapped_column(sa.ForeignKey("consent_check.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(60))
    severity: Mapped[Severity]
    message: Mapped[str] = mapped_column(sa.Text)
    surface: Mapped[SurfaceKind | None]
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]
    photo_id: Mapped[UUID | None]
    face: Mapped[int | None]
    person_id: Mapped[UUID | None]
    key: Mapped[str] = mapped_column(sa.String(64), index=True)
    """A digest of code, place and subject: a resolution of the same revision refers to it."""


class Resolution(Identified, SchoolScoped, Base):
    """Somebody's written word on a finding that is not a block; it holds for that revision only."""

    __tablename__ = "resolution"
    __table_args__ = (sa.UniqueConstraint("revision_id", "finding_key"),)

    revision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    finding_key: Mapped[str] = mapped_column(sa.String(64))
    resolved_by: Mapped[UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    resolved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text)
