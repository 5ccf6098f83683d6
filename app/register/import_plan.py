"""What a MIS export would change about each pupil, worked out before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from app.register.biometrics import Words
from app.register.import_answers import Answers, Statements, biometric_news
from app.register.import_file import ParentRow, PupilRow
from app.register.import_report import PupilChange
from app.register.models import ParentContact, Pupil


@dataclass(frozen=True, slots=True)
class Known:
    """What the register already holds about one pupil."""

    pupil: Pupil | None
    statements: Statements = ()
    biometric: Words = ()
    parents: Mapping[str, ParentContact] = field(default_factory=dict)


def plan_row(row: PupilRow, known: Known, *, today: date, recorded_by: str) -> PupilChange:
    """Weigh one row against what is known. Values in, values out."""
    pupil_id = known.pupil.id if known.pupil else uuid4()
    left_before = known.pupil.left_on if known.pupil else None
    left_after = _left_on(row, left_before)
    answers = Answers(row, known.statements, pupil_id=pupil_id, today=today, recorded_by=recorded_by)
    before = answers.states(known.statements, left_before)
    fresh = answers.fresh(before)
    has_left = _has_left(left_after, today)
    biometric, kept_objection = biometric_news(row, known.biometric, today=today, has_left=has_left)
    return PupilChange(
        row=row,
        pupil_id=pupil_id,
        is_new=known.pupil is None,
        fields=_differing(row, known.pupil),
        parents=[parent for parent in row.parents if not _is_known(parent, known.parents)],
        statements=fresh,
        before=before,
        after=answers.states([*known.statements, *fresh], left_after),
        kept_refusals=answers.kept_refusals,
        kept_expired=answers.kept_expired,
        biometric=biometric,
        kept_objection=kept_objection,
        leaves=has_left and not _has_left(left_before, today),
    )


def _differing(row: PupilRow, pupil: Pupil | None) -> dict[str, str | date | None]:
    if pupil is None:
        return {}
    return {name: value for name, value in row.fields.items() if getattr(pupil, name) != value}


def _is_known(parent: ParentRow, known: Mapping[str, ParentContact]) -> bool:
    contact = known.get(parent.name.casefold())
    if contact is None:
        return False
    says_pr = parent.has_parental_responsibility in (None, contact.has_parental_responsibility)
    return says_pr and (contact.relationship, contact.email) == (parent.relationship, parent.email)


def _left_on(row: PupilRow, before: date | None) -> date | None:
    """A file without the column, as against one with a blank cell, says nothing of leaving."""
    if "left_on" not in row.fields:
        return before
    left_on = row.fields["left_on"]
    return left_on if isinstance(left_on, date) else None


def _has_left(left_on: date | None, today: date) -> bool:
    return left_on is not None and left_on < today
