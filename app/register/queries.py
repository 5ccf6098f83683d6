"""Read the register: snapshots for the checks, lists for the screens."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.db import school_of
from app.register.keeping import KeptBySchool
from app.register.models import Adult, BiometricConsent, BiometricKind, ConsentStatement, NoPublishFlag, Pupil
from app.register.snapshots import RegisterSnapshot, grants_from, person_from_adult, person_from_pupil
from app.schools.models import School
from consent.model import PersonKind, Purpose
from consent.words.gazetteer import Gazetteer, compile_gazetteer

KEPT_SCHOOLS = 32
"""A school of 1,500 pupils takes about ten megabytes."""
_snapshots: KeptBySchool[RegisterSnapshot] = KeptBySchool(KEPT_SCHOOLS)
_gazetteers: KeptBySchool[Gazetteer] = KeptBySchool(KEPT_SCHOOLS)


def snapshot(session: Session, *, on: date) -> RegisterSnapshot:
    """Return everybody whose consent is known, with their grants on that day.

    Kept in memory until the register changes or the day does. Leavers stay in until they are 18.
    """
    version = (_version(session), on)
    return _snapshots.get(school_of(session), version, lambda: _read_snapshot(session, on))


def name_index(session: Session) -> Gazetteer:
    """Return the compiled names of the register, kept like the snapshot."""
    on = today()

    def compiled() -> Gazetteer:
        allowed = session.get_one(School, school_of(session)).settings.allowed_words
        return compile_gazetteer(snapshot(session, on=on).people(), allowed_words=allowed)

    return _gazetteers.get(school_of(session), (_version(session), on), compiled)


def protected_ids(register: RegisterSnapshot, purposes: Sequence[Purpose], on: date) -> frozenset[UUID]:
    """Return the pupils who may not be shown for at least one of the purposes."""
    return frozenset(
        UUID(person.id)
        for person in register.people()
        if person.kind is PersonKind.PUPIL and not person.allows(purposes, on)
    )


def people_in_classes(session: Session, classes: Collection[str], extra_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return the present pupils of the classes, and the extra people."""
    query = sa.select(Pupil.id).where(Pupil.reg_group.in_(list(classes)), is_present(today()))
    return frozenset(session.scalars(query)) | frozenset(extra_ids)


def class_names(session: Session) -> Sequence[str]:
    query = sa.select(Pupil.reg_group).where(Pupil.reg_group.is_not(None), is_present(today())).distinct()
    return sorted((name for name in session.scalars(query) if name), key=natural)


def pupils_page(
    session: Session,
    *,
    search: str = "",
    reg_group: str = "",
    only: Collection[UUID] | None = None,
    page: int = 1,
    size: int = 50,
) -> tuple[Sequence[Pupil], int]:
    """Return one page of pupils and how many there are in all."""
    query = sa.select(Pupil)
    if only is not None:
        query = query.where(Pupil.id.in_(only))
    for word in search.split():
        like = f"%{word}%"
        query = query.where(
            sa.or_(
                Pupil.legal_forename.ilike(like),
                Pupil.legal_surname.ilike(like),
                Pupil.preferred_forename.ilike(like),
                Pupil.preferred_surname.ilike(like),
                Pupil.admission_no.ilike(like),
            )
        )
    if reg_group:
        query = query.where(Pupil.reg_group == reg_group)
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Pupil.legal_surname, Pupil.legal_forename).limit(size).offset((page - 1) * size)
    return session.scalars(ordered).all(), total


def statements_of(session: Session, pupil_id: UUID) -> Sequence[ConsentStatement]:
    query = sa.select(ConsentStatement).where(ConsentStatement.pupil_id == pupil_id)
    return session.scalars(query.order_by(ConsentStatement.recorded_at.desc())).all()


def statements_of_adult(session: Session, adult_id: UUID) -> Sequence[ConsentStatement]:
    query = sa.select(ConsentStatement).where(ConsentStatement.adult_id == adult_id)
    return session.scalars(query.order_by(ConsentStatement.recorded_at.desc())).all()


def adults(session: Session) -> Sequence[Adult]:
    return session.scalars(sa.select(Adult).where(Adult.left_on.is_(None)).order_by(Adult.surname)).all()


def active_biometric_consent(session: Session, pupil_id: UUID) -> BiometricConsent | None:
    """Return the consent that lets the pupil be enrolled, if there is one."""
    query = sa.select(BiometricConsent).where(
        BiometricConsent.pupil_id == pupil_id,
        BiometricConsent.is_active.is_(True),
        BiometricConsent.kind != BiometricKind.REFUSED,
    )
    return session.scalars(query).first()


def flagged_ids(session: Session) -> frozenset[UUID]:
    return frozenset(session.scalars(sa.select(NoPublishFlag.pupil_id).where(NoPublishFlag.lifted_at.is_(None))))


def _version(session: Session) -> int:
    return session.scalar(sa.select(School.register_version).where(School.id == school_of(session))) or 0


def is_present(on: date) -> sa.ColumnElement[bool]:
    """Select the pupils who have not left by that day."""
    return sa.or_(Pupil.left_on.is_(None), Pupil.left_on >= on)


def natural(name: str) -> tuple[int, str]:
    digits = "".join(character for character in name if character.isdigit())
    return (int(digits) if digits else 0, name)


def _read_snapshot(session: Session, on: date) -> RegisterSnapshot:
    statements: dict[UUID, list[ConsentStatement]] = defaultdict(list)
    for statement in session.scalars(sa.select(ConsentStatement)):
        owner = statement.pupil_id or statement.adult_id
        if owner is not None:
            statements[owner].append(statement)
    flagged = flagged_ids(session)
    people = [
        person_from_pupil(pupil, grants_from(statements[pupil.id], on), no_publish=pupil.id in flagged)
        for pupil in session.scalars(sa.select(Pupil))
        if not _is_grown_up(pupil, on)
    ]
    people += [
        person_from_adult(adult, grants_from(statements[adult.id], on)) for adult in session.scalars(sa.select(Adult))
    ]
    return RegisterSnapshot({person.id: person for person in people})


def _is_grown_up(pupil: Pupil, on: date) -> bool:
    """A leaver is protected until 18; one whose birthday is unknown stays protected."""
    if pupil.left_on is None or pupil.left_on >= on or pupil.date_of_birth is None:
        return False
    born = pupil.date_of_birth
    return (on.year - born.year) - ((on.month, on.day) < (born.month, born.day)) >= 18
