"""What a wide scope costs in false alarms, from the school's own calibration."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.register.calibration_figures import row_at
from app.register.measuring import newest_calibration
from app.register.models import BiometricConsent, BiometricKind, FaceTemplate, Pupil
from app.register.queries import is_present, protected_ids, snapshot
from app.schools.models import BiometricMode, SchoolSettings
from consent.model import Purpose

FACES = 25
SHOWN_ON = (Purpose.FACEBOOK, Purpose.X)


@dataclass(frozen=True, slots=True)
class ScopeCost:
    """False alarms to expect in a photo of 25 faces."""

    whole_school: float
    one_class: float

    def __str__(self) -> str:
        return (
            f"Without a class list the whole school is compared: about {_about(self.whole_school)} in a photo of "
            f"{FACES} faces. With the list of one class it is about {_about(self.one_class)}."
        )


def scope_sentence(session: Session, settings: SchoolSettings, *, on: date) -> str | None:
    """Say what it costs to name no class; None where faces are not compared, or nobody has measured yet."""
    if settings.biometric_mode is BiometricMode.STRICT:
        return "Without a class list no face is compared: strict matching needs to know who may be in the photo."
    cost = scope_cost(session, settings, on=on)
    return None if cost is None else str(cost)


def scope_cost(session: Session, settings: SchoolSettings, *, on: date) -> ScopeCost | None:
    measured = newest_calibration(session) if settings.biometric_mode is BiometricMode.TRANSIENT else None
    row = None if measured is None else row_at(measured.rows, settings.alarm_distance)
    if row is None or row.alarms.share is None:
        return None
    share = row.alarms.share
    groups = _guarded_by_class(session, on)
    everybody = sum(groups.values())
    return ScopeCost(_expected(share, everybody), _expected(share, everybody / max(1, len(groups))))


def _expected(share: float, guarded: float) -> float:
    missed: float = (1 - share) ** guarded
    return FACES * (1 - missed)


def _guarded_by_class(session: Session, on: date) -> dict[str | None, int]:
    """Count, for each class, the enrolled pupils who raise an alarm: protected ones, or enrolled for that alone."""
    protected = protected_ids(snapshot(session, on=on), SHOWN_ON, on)
    query = (
        sa.select(Pupil.id, Pupil.reg_group, BiometricConsent.kind)
        .join(FaceTemplate, FaceTemplate.pupil_id == Pupil.id)
        .join(BiometricConsent, BiometricConsent.id == FaceTemplate.biometric_consent_id)
        .where(is_present(on))
        .distinct()
    )
    groups = dict.fromkeys(session.scalars(sa.select(Pupil.reg_group).where(is_present(on)).distinct()), 0)
    for pupil_id, group, kind in session.execute(query):
        groups[group] += pupil_id in protected or kind is BiometricKind.PROTECTIVE_ONLY
    return groups


def _about(alarms: float) -> str:
    if alarms < 0.5:
        return "no false alarm"
    rounded = max(1, round(alarms))
    return "1 false alarm" if rounded == 1 else f"{rounded} false alarms"
