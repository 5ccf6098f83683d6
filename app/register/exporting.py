"""Lists of the register to take away: everybody with their consents, and whom to chase for an answer."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.register.columns import HEADINGS
from app.register.models import BiometricConsent, BiometricKind, ParentContact, Pupil
from app.register.queries import is_present, snapshot
from consent.model import ConsentState, Person, Purpose

PUPIL_COLUMNS = (
    "admission_no", "upn", "legal_forename", "legal_surname", "preferred_forename", "preferred_surname",
    "date_of_birth", "year_group", "reg_group", "admitted_on", "left_on",
)  # fmt: skip
CHASED_COLUMNS = ("admission_no", "legal_forename", "legal_surname", "year_group", "reg_group")
CHASED = (Purpose.FACEBOOK, Purpose.X)
"""A pupil without an answer for one of these is chased: they are what the school publishes to."""
UNANSWERED = (ConsentState.NOT_RECORDED, ConsentState.EXPIRED)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def register_csv(session: Session, *, actor: Actor) -> bytes:
    """Return every pupil with what counts today, in the columns that an import reads."""
    actor.ensure(Permission.REGISTER_READ)
    today = clock.today()
    people = snapshot(session, on=today)
    kinds = _biometric_kinds(session)
    pupils = _pupils(session)
    consents = [HEADINGS[f"consent_{purpose.value}"] for purpose in Purpose]
    headings = [HEADINGS[name] for name in PUPIL_COLUMNS] + consents + [HEADINGS["consent_biometric"]]
    rows = [
        [
            *(_text(getattr(pupil, name)) for name in PUPIL_COLUMNS),
            *_states(people.person(str(pupil.id)), today),
            kinds.get(pupil.id, ""),
        ]
        for pupil in pupils
    ]
    _note(session, "register", len(rows), actor)
    return as_csv(headings, rows)


def chase_csv(session: Session, *, actor: Actor) -> bytes:
    """Return the present pupils without an answer that is in date, with whom to ask."""
    actor.ensure(Permission.REGISTER_READ)
    today = clock.today()
    contacts: dict[object, list[ParentContact]] = {}
    for contact in session.scalars(sa.select(ParentContact).order_by(ParentContact.name)):
        contacts.setdefault(contact.pupil_id, []).append(contact)
    headings = [HEADINGS[name] for name in CHASED_COLUMNS] + ["No answer for", "Contacts", "E-mail"]
    rows = []
    for pupil, missing in unanswered(session, today):
        known = contacts.get(pupil.id, [])
        asked = ", ".join(HEADINGS[f"consent_{purpose.value}"].removeprefix("Consent: ") for purpose in missing)
        names = "; ".join(contact.name for contact in known)
        addresses = "; ".join(contact.email for contact in known if contact.email)
        rows.append([*(_text(getattr(pupil, name)) for name in CHASED_COLUMNS), asked, names, addresses])
    _note(session, "chase list", len(rows), actor)
    return as_csv(headings, rows)


def unanswered(session: Session, today: date) -> list[tuple[Pupil, list[Purpose]]]:
    """Return the present pupils to chase, with the purposes that nobody answered for."""
    people = snapshot(session, on=today)
    found = []
    for pupil in _pupils(session, is_present(today)):
        person = people.person(str(pupil.id))
        missing = [purpose for purpose in CHASED if person and person.state_for(purpose, today) in UNANSWERED]
        if missing:
            found.append((pupil, missing))
    return found


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table that Excel opens with the right letters, and in which no cell can turn into a formula."""
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return output.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _pupils(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[Pupil]:
    by_class = sa.func.coalesce(Pupil.reg_group, "")  # the databases differ in where they put what is not there
    ordered = sa.select(Pupil).where(*conditions).order_by(by_class, Pupil.legal_surname, Pupil.legal_forename)
    return session.scalars(ordered).all()


def _states(person: Person | None, today: date) -> list[str]:
    """A leaver who is of age is nobody's to ask about any more: blank."""
    if person is None:
        return [""] * len(Purpose)
    states = [person.state_for(purpose, today) for purpose in Purpose]
    return ["" if state is ConsentState.NOT_RECORDED else state.value.capitalize() for state in states]


def _biometric_kinds(session: Session) -> dict[object, str]:
    """Return what counts for each pupil: the consent that is active, or an objection; what has ended is blank."""
    query = sa.select(BiometricConsent).order_by(BiometricConsent.recorded_at)
    newest = {word.pupil_id: word for word in session.scalars(query)}
    return {
        pupil_id: word.kind.value.replace("_", " ").capitalize()
        for pupil_id, word in newest.items()
        if word.is_active or word.kind is BiometricKind.REFUSED
    }


def _text(value: str | date | None) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value or ""


def _note(session: Session, what: str, rows: int, actor: Actor) -> None:
    details: dict[str, object] = {"list": what, "rows": rows}
    record(session, "register:exported", actor=actor, subject_type="register", subject_id=None, details=details)
