"""A school and the settings that it chose for itself."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, SchoolItself
from consent.recognisability import Strictness


class BiometricMode(StrEnum):
    """Whether faces may be matched at all; a recorded decision of the school."""

    OFF = "off"
    STRICT = "strict"
    TRANSIENT = "transient"


class BiometricDecision(BaseModel):
    """Who decided on matching faces, when, and what it rests on."""

    model_config = ConfigDict(frozen=True)

    decided_on: date
    decided_by: str
    because: str
    review_on: date | None = None
    """After this day people are warned, and matching ends when nobody decides anew."""


class SchoolSettings(BaseModel):
    """What a school decides; the defaults are the protective ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    biometric_mode: BiometricMode = BiometricMode.OFF
    biometric_decision: BiometricDecision | None = None
    """None while nobody has decided, which means off."""
    alarm_distance: float = Field(default=0.65, ge=0.3, le=0.9)
    protected_distance: float = Field(default=0.50, ge=0.2, le=0.9)
    suggestion_distance: float = Field(default=0.45, ge=0.2, le=0.7)
    suggestion_margin: float = Field(default=0.05, ge=0.0, le=0.3)
    elsewhere_distance: float = Field(default=0.40, ge=0.2, le=0.7)
    """How like a face must be to a protected pupil who, as the author says, did not take part."""
    face_rule: Strictness = Strictness.ALLOWED
    """What becomes of a post in which a pupil can be recognised, whoever consented."""
    face_rule_height: float = Field(default=40.0, ge=16, le=400)
    face_rule_turned: float = Field(default=60.0, ge=10, le=90)
    published_contacts: tuple[str, ...] = ()
    """The office's own phone numbers and addresses, which may appear in posts and comments."""
    allowed_words: tuple[str, ...] = ()
    """Words that look like names or abuse but are the school's own: houses, buildings, surnames."""
    blocked_words: tuple[str, ...] = ()
    """Words that the school does not want under its posts; a comment with one is hidden, a complaint is not."""
    hides_by_itself: bool = True
    """The kill switch: when it is off, nothing is hidden by a rule; people are told as ever."""
    rules_off: tuple[str, ...] = ()
    """Rules that tell people but may hide nothing by themselves."""
    rules_on_trial: tuple[str, ...] = ()
    """Rules that only look on: what they would have done is shown beside what was done."""
    incident_years: int = Field(default=6, ge=1, le=75)
    """How long a closed incident and its evidence are kept."""
    confidential_years: int = Field(default=25, ge=6, le=75)
    """How long those that only few may know of are kept: until a child of today has long grown up."""
    quiet_from: time | None = None
    quiet_until: time | None = None
    """In London time: nothing goes out between them unless somebody says why it must."""
    quiet_weekends: bool = False
    x_budget_dollars: float | None = Field(default=None, ge=0, le=100_000)
    """What posts on X may cost in a month; None sets no limit."""
    allowed_hosts: tuple[str, ...] = ()
    denied_hosts: tuple[str, ...] = ()


class School(SchoolItself, Base):
    __tablename__ = "school"

    name: Mapped[str] = mapped_column(sa.String(200), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    created_at: Mapped[datetime]
    settings_json: Mapped[dict[str, Any]] = mapped_column(default=dict)
    register_version: Mapped[int] = mapped_column(sa.BigInteger)
    """Drawn anew with every change of people, consents or flags; never the same twice, so that it may name a cache."""
    publishing_stopped_at: Mapped[datetime | None]
    """The emergency stop: while it is set, nothing goes out."""
    publishing_stopped_by: Mapped[str | None] = mapped_column(sa.String(200))

    @property
    def settings(self) -> SchoolSettings:
        return SchoolSettings.model_validate(self.settings_json)
