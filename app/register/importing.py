"""Bring a MIS export into the register: the same plan is told by a dry run and written when it is applied.

A refusal is never overwritten by a yes of an earlier or the same day; a pupil who is missing from the file is
reported and never removed; identities go by admission number and never by name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record, take_turn
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.register.biometrics import add_answer, end_for_leaver, note_answer
from app.register.events import consent_ended
from app.register.import_file import ImportFile, PupilRow, RowError, lookalike
from app.register.import_plan import Known, plan_row
from app.register.import_report import ImportReport, PupilChange
from app.register.models import BiometricConsent, BiometricKind, ConsentStatement, ParentContact, Pupil
from app.register.versions import touch_register

Row = TypeVar("Row", ConsentStatement, BiometricConsent, ParentContact)


def import_register(session: Session, file: ImportFile, *, apply: bool, actor: Actor) -> ImportReport:
    """Compare the file with the register and, with `apply`, write what is new. Rows with errors are left out."""
    actor.ensure(Permission.REGISTER_IMPORT)
    if apply:
        take_turn(session, actor.school_id)
    register = _Register(session)
    report = ImportReport(applied=apply, errors=list(file.errors), unused_columns=list(file.unused_columns))
    today = clock.today()
    for row in file.rows:
        problem = register.problem_of(row, today)
        if problem is not None:
            report.errors.append(RowError(row.line, row.admission_no, problem))
        else:
            report.changes.append(plan_row(row, register.known(row), today=today, recorded_by=actor.name))
    named = {row.admission_no for row in file.rows} | {error.admission_no for error in file.errors}
    report.missing = register.missing(named, today)
    report.errors.sort(key=lambda error: error.line)
    if apply:
        _write(session, register, report, file, actor)
    return report


class _Register:
    """All that is known of the school's pupils, read once."""

    def __init__(self, session: Session) -> None:
        self.pupils = {pupil.admission_no: pupil for pupil in session.scalars(sa.select(Pupil))}
        self._alike = {lookalike(number): number for number in self.pupils}
        self._upns = {pupil.upn: pupil for pupil in self.pupils.values() if pupil.upn}
        self._statements = _by_pupil(session.scalars(sa.select(ConsentStatement)))
        ordered = sa.select(BiometricConsent).order_by(BiometricConsent.given_on, BiometricConsent.recorded_at)
        self._biometric = _by_pupil(session.scalars(ordered))
        self._parents = _by_pupil(session.scalars(sa.select(ParentContact)))

    def known(self, row: PupilRow) -> Known:
        pupil = self.pupils.get(row.admission_no)
        if pupil is None:
            return Known(None)
        parents = self.parents_of(pupil.id)
        return Known(pupil, self._statements[pupil.id], self._biometric[pupil.id], parents)

    def words_about_templates(self, pupil_id: UUID) -> list[BiometricConsent]:
        return self._biometric[pupil_id]

    def parents_of(self, pupil_id: UUID) -> Mapping[str, ParentContact]:
        return {contact.name.casefold(): contact for contact in self._parents[pupil_id]}

    def missing(self, named: set[str], today: date) -> list[str]:
        return sorted(
            number for number, pupil in self.pupils.items() if number not in named and (pupil.left_on or today) >= today
        )

    def problem_of(self, row: PupilRow, today: date) -> str | None:
        """Say why a row would make a second entry for a child who is already there."""
        twin = self._alike.get(lookalike(row.admission_no))
        if row.admission_no not in self.pupils and twin is not None:
            return (
                f"Admission No: “{row.admission_no}” is written “{twin}” in the register. If a spreadsheet dropped "
                "zeros, format the column as text and export again."
            )
        other = self._upns.get(str(row.fields.get("upn")))
        if other is None or other.admission_no == row.admission_no or (other.left_on or today) < today:
            return None
        return f"UPN: {other.upn} already belongs to admission number {other.admission_no}."


def _by_pupil(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        if row.pupil_id is not None:
            found[row.pupil_id].append(row)
    return found


def _write(session: Session, register: _Register, report: ImportReport, file: ImportFile, actor: Actor) -> None:
    changes = [change for change in report.changes if change.changes_something]
    for change in changes:
        _write_pupil(session, register, change)
    session.flush()  # what follows refers to the pupils
    for change in changes:
        _write_parents(session, register, change)
        _write_words(session, register, change, actor)
    touch_register(session)
    record(
        session,
        "register:imported",
        actor=actor,
        subject_type="register",
        subject_id=None,
        details=_facts(report, changes, file),
    )
    ended = {change.pupil_id: frozenset(change.ended) for change in changes if change.ended}
    if ended:
        consent_ended.send(session, session=session, ended=ended, actor=actor)


def _facts(report: ImportReport, changes: Iterable[PupilChange], file: ImportFile) -> dict[str, object]:
    answers = Counter(statement.state.value for change in changes for statement in change.statements)
    templates = Counter(change.biometric.kind.value for change in changes if change.biometric)
    return {
        "file": file.sha256,
        "new": report.new,
        "changed": report.changed,
        "answers": dict(answers),
        "templates": dict(templates),
        "errors": len(report.errors),
    }


def _write_pupil(session: Session, register: _Register, change: PupilChange) -> None:
    if change.is_new:
        session.add(Pupil(id=change.pupil_id, admission_no=change.row.admission_no, **change.row.fields))
        return
    pupil = register.pupils[change.row.admission_no]
    for name, value in change.fields.items():
        setattr(pupil, name, value)


def _write_parents(session: Session, register: _Register, change: PupilChange) -> None:
    known = register.parents_of(change.pupil_id)
    for parent in change.parents:
        contact = known.get(parent.name.casefold())
        if contact is None:
            contact = ParentContact(
                id=uuid4(), pupil_id=change.pupil_id, name=parent.name, has_parental_responsibility=False
            )
            session.add(contact)
        contact.relationship, contact.email = parent.relationship, parent.email
        if parent.has_parental_responsibility is not None:
            contact.has_parental_responsibility = parent.has_parental_responsibility


def _write_words(session: Session, register: _Register, change: PupilChange, actor: Actor) -> None:
    """Write the answers down. Each no has an event of its own; what was given is counted in that of the import."""
    session.add_all(change.statements)
    if change.refused:
        details: dict[str, object] = {"purposes": [purpose.value for purpose in change.refused], "how": "import"}
        record(
            session, "consent:refused", actor=actor, subject_type="pupil", subject_id=change.pupil_id, details=details
        )
    if change.biometric is not None:
        words = register.words_about_templates(change.pupil_id)
        add_answer(session, change.pupil_id, change.biometric, words, actor=actor)
        if change.biometric.kind is BiometricKind.REFUSED:
            note_answer(session, change.pupil_id, change.biometric, actor=actor)
    if change.leaves:
        end_for_leaver(session, change.pupil_id, actor=actor)
