"""Bring a MIS export into the register: the same code plans, and on request writes, so that a dry run does not lie.

A refusal is never overwritten by a yes of an earlier or the same day; a pupil who is missing from the file is
reported and never removed; identities go by admission number and never by name.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.register.events import consent_ended
from app.register.import_file import ImportFile, PupilRow, RowError
from app.register.models import BiometricKind, Capacity, ConsentStatement, ParentContact, Pupil
from app.register.queries import active_biometric_consent, snapshot
from app.register.services import end_of_school_year, record_biometric, touch_register
from consent.model import ConsentState, Purpose

INFORMANT = "MIS import"


@dataclass
class ImportReport:
    applied: bool
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    consents: Counter[ConsentState] = field(default_factory=Counter)
    kept_refusals: int = 0
    """Answers of 'yes' in the file that an existing refusal outranks."""
    biometric_changes: int = 0
    missing: list[str] = field(default_factory=list)
    """Admission numbers of present pupils whom the file does not name."""
    errors: list[RowError] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)


def import_register(session: Session, file: ImportFile, *, apply: bool, actor: Actor) -> ImportReport:
    """Compare the file with the register and, with `apply`, write what is new. Rows with errors are left out."""
    actor.ensure(Permission.REGISTER_IMPORT)
    today = clock.today()
    report = ImportReport(applied=apply, errors=list(file.errors), unused_columns=list(file.unused_columns))
    pupils = {pupil.admission_no: pupil for pupil in session.scalars(sa.select(Pupil))}
    before = _permissions(session, today) if apply else {}
    importer = _Importer(session, report, apply, actor, _latest_words(session))
    for row in file.rows:
        importer.take(row, pupils.get(row.admission_no))
    named = {row.admission_no for row in file.rows} | {error.admission_no for error in file.errors}
    report.missing = sorted(
        number for number, pupil in pupils.items() if number not in named and (pupil.left_on or today) >= today
    )
    if apply:
        _finish(session, report, before, today, actor)
    return report


def _finish(
    session: Session, report: ImportReport, before: dict[UUID, set[Purpose]], today: date, actor: Actor
) -> None:
    touch_register(session)
    details: dict[str, object] = {"new": report.new, "changed": report.changed, "errors": len(report.errors)}
    record(session, "register:imported", actor=actor, subject_type="register", subject_id=None, details=details)
    after = _permissions(session, today)
    gone = {person_id: frozenset(purposes - after.get(person_id, set())) for person_id, purposes in before.items()}
    ended = {person_id: purposes for person_id, purposes in gone.items() if purposes}
    if ended:
        consent_ended.send(session, session=session, ended=ended, actor=actor)


class _Importer:
    def __init__(
        self,
        session: Session,
        report: ImportReport,
        apply: bool,
        actor: Actor,
        latest: dict[tuple[UUID, Purpose], ConsentStatement],
    ) -> None:
        self._session, self._report, self._apply, self._actor = session, report, apply, actor
        self._latest = latest

    def take(self, row: PupilRow, pupil: Pupil | None) -> None:
        changed = False
        if pupil is None:
            self._report.new += 1
            pupil = Pupil(id=uuid4(), admission_no=row.admission_no, **row.fields)
            if self._apply:
                self._session.add(pupil)
                self._session.flush()
            is_new = True
        else:
            is_new = False
            changed = self._update(pupil, row)
        changed = self._take_consents(pupil, row) or changed
        changed = self._take_biometric(pupil, row, is_new) or changed
        if self._apply:
            self._take_parents(pupil, row)
        if not is_new:
            self._report.changed += changed
            self._report.unchanged += not changed

    def _update(self, pupil: Pupil, row: PupilRow) -> bool:
        differing = {name: value for name, value in row.fields.items() if getattr(pupil, name) != value}
        if self._apply:
            for name, value in differing.items():
                setattr(pupil, name, value)
        return bool(differing)

    def _take_consents(self, pupil: Pupil, row: PupilRow) -> bool:
        changed = False
        given_on = row.consent_date or clock.today()
        for purpose, state in row.consents.items():
            self._report.consents[state] += 1
            if state is ConsentState.NOT_RECORDED:
                continue
            latest = self._latest.get((pupil.id, purpose))
            if latest is not None and latest.state is state and not _is_renewal(latest, given_on, row):
                continue
            if state is ConsentState.GRANTED and _outranked(latest, row.consent_date):
                self._report.kept_refusals += 1
                continue
            changed = True
            if self._apply:
                self._session.add(self._statement(pupil, row, purpose, state, given_on))
        return changed

    def _statement(
        self, pupil: Pupil, row: PupilRow, purpose: Purpose, state: ConsentState, given_on: date
    ) -> ConsentStatement:
        return ConsentStatement(
            id=uuid4(),
            pupil_id=pupil.id,
            purpose=purpose,
            state=state,
            informant=row.informed_by or INFORMANT,
            capacity=Capacity.PARENT,
            given_on=given_on,
            how="import",
            expires_on=end_of_school_year(given_on) if state is ConsentState.GRANTED else None,
            note=row.notes,
            recorded_by=self._actor.name,
            recorded_at=clock.now(),
        )

    def _take_biometric(self, pupil: Pupil, row: PupilRow, is_new: bool) -> bool:
        if row.biometric is None:
            return False
        current = None if is_new else active_biometric_consent(self._session, pupil.id)
        if (current.kind if current else BiometricKind.REFUSED) is row.biometric and not is_new:
            return False
        if row.biometric is not BiometricKind.REFUSED or current is not None:
            self._report.biometric_changes += 1
        if self._apply:
            writer = Actor(
                self._actor.school_id, self._actor.name, frozenset({Permission.REGISTER_WRITE}), self._actor.user_id
            )
            record_biometric(
                self._session, pupil, row.biometric, given_on=row.consent_date or clock.today(), actor=writer
            )
        return True

    def _take_parents(self, pupil: Pupil, row: PupilRow) -> None:
        known = {
            contact.name: contact
            for contact in self._session.scalars(sa.select(ParentContact).where(ParentContact.pupil_id == pupil.id))
        }
        for parent in row.parents:
            contact = known.get(parent.name) or ParentContact(id=uuid4(), pupil_id=pupil.id, name=parent.name)
            contact.relationship, contact.email = parent.relationship, parent.email
            contact.has_parental_responsibility = parent.has_parental_responsibility
            self._session.add(contact)


def _is_renewal(latest: ConsentStatement, given_on: date, row: PupilRow) -> bool:
    """A newer dated yes renews an older one; without a date in the file there is nothing new in it."""
    return row.consent_date is not None and given_on > latest.given_on


def _outranked(latest: ConsentStatement | None, given_on: date | None) -> bool:
    """An existing no stands against a yes that is not newer; one without a date never outdates a no."""
    refusals = (ConsentState.REFUSED, ConsentState.WITHDRAWN)
    if latest is None or latest.state not in refusals:
        return False
    return given_on is None or latest.given_on >= given_on


def _latest_words(session: Session) -> dict[tuple[UUID, Purpose], ConsentStatement]:
    query = sa.select(ConsentStatement).where(ConsentStatement.pupil_id.is_not(None))
    ordered = session.scalars(query.order_by(ConsentStatement.given_on, ConsentStatement.recorded_at))
    return {(word.pupil_id, word.purpose): word for word in ordered if word.pupil_id is not None}


def _permissions(session: Session, today: date) -> dict[UUID, set[Purpose]]:
    return {
        UUID(person.id): {purpose for purpose in Purpose if person.allows([purpose], today)}
        for person in snapshot(session, on=today).people()
    }
