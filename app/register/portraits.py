"""Who has portraits, who needs new ones, and what becomes of old ones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.core import clock
from app.core.actors import system_actor
from app.core.db import EVERY_SCHOOL, Database
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.notifications.services import notify
from app.register.biometrics import dispose_of_everything, dispose_of_templates
from app.register.models import BiometricConsent, BiometricKind, FaceTemplate, Pupil
from app.register.queries import is_present, natural
from app.register.versions import touch_register
from app.schools.models import BiometricMode
from app.schools.services import school_to_change, school_with

ENOUGH = 3
"""Front, left and right: one portrait alone misses a child far more often."""
DUE_AFTER = timedelta(days=365)
"""A child's face changes in a year."""
GONE_AFTER = timedelta(days=548)
"""After a year and a half a template no longer shows this child, so there is no reason to keep it."""
REMIND_AGAIN = timedelta(days=28)
REMINDER = "portraits-due"


class Need(StrEnum):
    NEW_PORTRAITS = "new_portraits"
    FIRST_PORTRAITS = "first_portraits"
    MORE_PORTRAITS = "more_portraits"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pupil with an active biometric consent stands."""

    pupil: Pupil
    kind: BiometricKind
    templates: tuple[FaceTemplate, ...]

    @property
    def oldest(self) -> datetime | None:
        return min((template.enrolled_at for template in self.templates), default=None)

    @property
    def need(self) -> Need:
        if self.oldest is None:
            return Need.FIRST_PORTRAITS
        if self.oldest + DUE_AFTER <= clock.now():
            return Need.NEW_PORTRAITS
        return Need.MORE_PORTRAITS if len(self.templates) < ENOUGH else Need.NOTHING


def standings(session: Session) -> Sequence[Standing]:
    """Return every present pupil with an active biometric consent: those who need something first, then by class."""
    templates: dict[object, list[FaceTemplate]] = defaultdict(list)
    for template in session.scalars(sa.select(FaceTemplate).order_by(FaceTemplate.enrolled_at)):
        templates[template.pupil_id].append(template)
    query = (
        sa.select(Pupil, BiometricConsent.kind)
        .join(BiometricConsent, BiometricConsent.pupil_id == Pupil.id)
        .where(BiometricConsent.is_active.is_(True), is_present(clock.today()))
        .order_by(Pupil.legal_surname, Pupil.legal_forename)
    )
    found = [Standing(pupil, kind, tuple(templates[pupil.id])) for pupil, kind in session.execute(query)]
    order = list(Need)
    return sorted(found, key=lambda each: (order.index(each.need), natural(each.pupil.reg_group or "")))


def templates_of(session: Session, pupil: Pupil) -> Sequence[FaceTemplate]:
    query = sa.select(FaceTemplate).where(FaceTemplate.pupil_id == pupil.id)
    return session.scalars(query.order_by(FaceTemplate.enrolled_at)).all()


def count_enrolled(session: Session) -> tuple[int, int]:
    """Return how many pupils have templates, and how many templates there are."""
    query = sa.select(sa.func.count(FaceTemplate.pupil_id.distinct()), sa.func.count(FaceTemplate.id))
    pupils, templates = session.execute(query).one()
    return pupils, templates


def look_after_portraits(database: Database) -> None:
    """Delete templates that are too old, or whose school matches no more; remind the office of those that are due."""
    _forget_where_off(database)
    due = sa.select(FaceTemplate.school_id).where(FaceTemplate.enrolled_at < clock.now() - DUE_AFTER).distinct()
    with database.reading(EVERY_SCHOOL) as session:
        schools = session.scalars(due).all()
    for school_id in schools:
        with database.transaction(school_id) as session:
            _forget_old(session)
            if school_with(session, school_id).settings.biometric_mode is not BiometricMode.OFF:
                _remind(session)


def _forget_where_off(database: Database) -> None:
    """Off means that nothing biometric is kept, however it came to be left."""
    with database.reading(EVERY_SCHOOL) as session:
        enrolled = session.scalars(sa.select(FaceTemplate.school_id).distinct()).all()
    for school_id in enrolled:
        with database.transaction(school_id) as session:
            if school_to_change(session, school_id).settings.biometric_mode is BiometricMode.OFF:
                dispose_of_everything(session, actor=system_actor(school_id, "register"))
                touch_register(session)


def _forget_old(session: Session) -> None:
    limit = clock.now() - GONE_AFTER
    query = sa.select(FaceTemplate.pupil_id, FaceTemplate.school_id).where(FaceTemplate.enrolled_at < limit).distinct()
    gone = session.execute(query).all()
    for pupil_id, school_id in gone:
        actor = system_actor(school_id, "register")
        dispose_of_templates(session, pupil_id, reason="older than a year and a half", actor=actor, before=limit)
    if gone:
        touch_register(session)


def _remind(session: Session) -> None:
    recent = sa.select(Notice.id).where(Notice.bundle == REMINDER, Notice.created_at > clock.now() - REMIND_AGAIN)
    count = sum(standing.need is Need.NEW_PORTRAITS for standing in standings(session))
    if not count or session.scalars(recent).first() is not None:
        return
    whose = "1 pupil is" if count == 1 else f"{count} pupils are"
    sentence = f"The portraits of {whose} more than a year old. Take new ones: old ones are deleted in time."
    office = user_ids_with(session, Permission.REGISTER_ENROL)
    notify(session, office, sentence, link="/register/portraits", bundle=REMINDER)
