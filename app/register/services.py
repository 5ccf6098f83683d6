"""Change the register. Every change makes a new version of it, which voids earlier checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.core.permissions import Permission
from app.register.biometrics import WRITTEN
from app.register.events import consent_ended
from app.register.models import Adult, Capacity, ConsentStatement, NoPublishFlag, Pupil
from app.register.queries import flagged_ids, snapshot
from app.register.versions import touch_register
from consent.model import ConsentState, Purpose

SAID = (ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.WITHDRAWN)
"""What a person can say; the other states follow from silence and the calendar."""
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said about one or more purposes."""

    purposes: tuple[Purpose, ...]
    state: ConsentState
    informant: str
    capacity: Capacity
    given_on: date
    how: str
    wording_version: str | None = None
    expires_on: date | None = None
    note: str | None = None
    evidence_id: UUID | None = None


def record_statement(session: Session, person: Pupil | Adult, statement: Statement, *, actor: Actor) -> None:
    """Write down a grant, a refusal or a withdrawal. A grant must be in writing; a no counts however it was said."""
    actor.ensure(Permission.REGISTER_WRITE)
    _ensure_sound(statement)
    before = _allowed_purposes(session, person.id)
    for purpose in statement.purposes:
        session.add(_row(person, purpose, statement, actor))
    record(
        session,
        f"consent:{statement.state.value}",
        actor=actor,
        subject_type="pupil" if isinstance(person, Pupil) else "adult",
        subject_id=person.id,
        details={"purposes": [purpose.value for purpose in statement.purposes], "capacity": statement.capacity.value},
    )
    touch_register(session)
    _tell_if_ended(session, person.id, before, actor)


def set_flag(session: Session, pupil_id: UUID, *, reason: str, sealer: Sealer, actor: Actor) -> None:
    """Keep a pupil out of everything, whatever was consented to."""
    actor.ensure(Permission.REGISTER_FLAG)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidInputError(f"Write down the reason in at most {LONGEST_REASON:,} letters.")
    pupil = pupil_with(session, pupil_id)
    if pupil.id in flagged_ids(session):
        raise WrongStateError("This pupil is already kept out of everything.")
    flag_id = uuid4()
    session.add(
        NoPublishFlag(
            id=flag_id,
            pupil_id=pupil.id,
            reason_sealed=sealer.seal(reason.strip().encode(), owner=f"flag:{flag_id}"),
            set_by=actor.user_id,
            set_at=clock.now(),
        )
    )
    record(session, "flag:set", actor=actor, subject_type="pupil", subject_id=pupil.id)
    touch_register(session)
    consent_ended.send(session, session=session, ended={pupil.id: frozenset(Purpose)}, actor=actor)


def flag_reason(session: Session, pupil_id: UUID, *, sealer: Sealer, actor: Actor) -> str | None:
    """Return why a pupil is kept out, for those who may set the flag; None when no flag stands."""
    actor.ensure(Permission.REGISTER_FLAG)
    query = sa.select(NoPublishFlag).where(NoPublishFlag.pupil_id == pupil_id, NoPublishFlag.lifted_at.is_(None))
    flag = session.scalars(query).first()
    return None if flag is None else sealer.open(flag.reason_sealed, owner=f"flag:{flag.id}").decode()


def lift_flag(session: Session, pupil_id: UUID, *, actor: Actor) -> None:
    actor.ensure(Permission.REGISTER_FLAG)
    query = sa.select(NoPublishFlag).where(NoPublishFlag.pupil_id == pupil_id, NoPublishFlag.lifted_at.is_(None))
    flags = session.scalars(query).all()
    if not flags:
        raise WrongStateError("This pupil is not kept out of everything.")
    for flag in flags:
        flag.lifted_at = clock.now()
    record(session, "flag:lifted", actor=actor, subject_type="pupil", subject_id=pupil_id)
    touch_register(session)


def add_adult(session: Session, adult: Adult, *, actor: Actor) -> Adult:
    actor.ensure(Permission.REGISTER_WRITE)
    known = sa.select(Adult.id).where(Adult.forename == adult.forename, Adult.surname == adult.surname)
    if session.scalar(known) is not None:
        raise InvalidInputError(f"{adult.name} is in the register already.")
    session.add(adult)
    session.flush()
    record(session, "adult:added", actor=actor, subject_type="adult", subject_id=adult.id)
    touch_register(session)
    return adult


def adult_with(session: Session, adult_id: UUID) -> Adult:
    adult = session.get(Adult, adult_id)
    if adult is None:
        raise NotFoundError
    return adult


def pupil_with(session: Session, pupil_id: UUID) -> Pupil:
    pupil = session.get(Pupil, pupil_id)
    if pupil is None:
        raise NotFoundError
    return pupil


def _tell_if_ended(session: Session, person_id: UUID, before: Sequence[Purpose], actor: Actor) -> None:
    gone = frozenset(before) - frozenset(_allowed_purposes(session, person_id))
    if gone:
        consent_ended.send(session, session=session, ended={person_id: gone}, actor=actor)


def _allowed_purposes(session: Session, person_id: UUID) -> Sequence[Purpose]:
    today = clock.today()
    person = snapshot(session, on=today).person(str(person_id))
    return [] if person is None else [purpose for purpose in Purpose if person.allows([purpose], today)]


def _ensure_sound(statement: Statement) -> None:
    if not statement.purposes:
        raise InvalidInputError("Choose what the answer is about.")
    if statement.state not in SAID:
        raise InvalidInputError("An answer is granted, refused or withdrawn.")
    if not statement.informant.strip():
        raise InvalidInputError("Write down who gave the answer.")
    if statement.state is ConsentState.GRANTED and statement.how not in WRITTEN:
        raise InvalidInputError("A yes must be in writing: a form, a letter or an e-mail. Ask for one of these.")
    if statement.given_on > clock.today():
        raise InvalidInputError("The date of the answer is in the future. Check it.")


def _row(person: Pupil | Adult, purpose: Purpose, statement: Statement, actor: Actor) -> ConsentStatement:
    is_pupil = isinstance(person, Pupil)
    expires_on = statement.expires_on
    if statement.state is ConsentState.GRANTED and expires_on is None and is_pupil:
        expires_on = end_of_school_year(statement.given_on)
    return ConsentStatement(
        id=uuid4(),
        pupil_id=person.id if is_pupil else None,
        adult_id=None if is_pupil else person.id,
        purpose=purpose,
        state=statement.state,
        informant=statement.informant.strip(),
        capacity=statement.capacity,
        given_on=statement.given_on,
        how=statement.how,
        wording_version=statement.wording_version,
        expires_on=expires_on,
        note=statement.note,
        evidence_id=statement.evidence_id,
        recorded_by=actor.name,
        recorded_at=clock.now(),
    )


def end_of_school_year(day: date) -> date:
    """31 August that ends the school year of that day: consent is asked for anew each September."""
    return date(day.year + (day.month >= 9), 8, 31)
