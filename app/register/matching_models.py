"""What the school decided about matching faces, what it measured, and which distances it adopted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due
from app.schools.models import BiometricMode


class DecisionState(StrEnum):
    PROPOSED = "proposed"
    """Waits for the data protection officer."""
    IN_FORCE = "in_force"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"


class MatchingDecision(Identified, SchoolScoped, Base):
    """One decision on face matching. The one in force is the newest that took effect; none is ever deleted."""

    __tablename__ = "matching_decision"

    state: Mapped[DecisionState]
    mode: Mapped[BiometricMode]
    because: Mapped[str] = mapped_column(sa.Text)
    checklist: Mapped[dict[str, Any]]
    """Empty for “off”, and for a decision from the command line that nobody has confirmed yet."""
    review_on: Mapped[date | None]
    proposed_by: Mapped[str] = mapped_column(sa.String(200))
    proposed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[str | None] = mapped_column(sa.String(200))
    """The data protection officer who signed or declined."""
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(sa.Text)
    ended_at: Mapped[datetime | None]
    warned_on: Mapped[date | None]
    """When people were last told that the review is due."""

    @property
    def is_confirmed(self) -> bool:
        return self.mode is BiometricMode.OFF or bool(self.checklist)


class CalibrationState(StrEnum):
    WAITING = "waiting"
    MEASURED = "measured"
    FAILED = "failed"


class CalibrationRun(Identified, SchoolScoped, Due, Base):
    """The promise to measure what each distance costs on the enrolled pupils, and afterwards the figures."""

    __tablename__ = "calibration_run"

    state: Mapped[CalibrationState]
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.Text)
    """A sentence: why there are no figures."""
    figures: Mapped[dict[str, Any]]
    """Counts only, as `calibration_figures` writes them; nothing of a template."""


class AdoptedDistances(Identified, SchoolScoped, Base):
    """A decision on the distances, with the figures that lay on the table."""

    __tablename__ = "adopted_distances"

    alarm: Mapped[float]
    protected: Mapped[float]
    suggestion: Mapped[float]
    margin: Mapped[float]
    elsewhere: Mapped[float]
    because: Mapped[str] = mapped_column(sa.Text)
    adopted_by: Mapped[str] = mapped_column(sa.String(200))
    adopted_at: Mapped[datetime]
    calibration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("calibration_run.id"))
    """None when nothing had been measured."""
