"""What the calendar does to the register."""

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.actors import system_actor
from app.core.db import EVERY_SCHOOL, Database
from app.jobs.due import Job
from app.jobs.engine import Rhythm
from app.register import measuring
from app.register.biometrics import end_for_leaver
from app.register.models import BiometricConsent, Pupil
from app.register.portraits import look_after_portraits
from app.register.reviewing import review_decisions
from app.register.versions import touch_register

ONCE_AN_HOUR = 3600.0


def jobs(app: Flask) -> list[Job]:
    return measuring.jobs(app)


def rhythms(app: Flask) -> list[Rhythm]:
    return [
        Rhythm("register.forget-leavers", ONCE_AN_HOUR, forget_leavers),
        Rhythm("register.look-after-portraits", ONCE_AN_HOUR, look_after_portraits),
        Rhythm("register.review-matching", ONCE_AN_HOUR, review_decisions),
    ]


def forget_leavers(database: Database) -> None:
    """Delete the face templates of pupils whose last day has passed."""
    gone = (
        sa.select(Pupil.id, Pupil.school_id)
        .join(BiometricConsent, BiometricConsent.pupil_id == Pupil.id)
        .where(Pupil.left_on < clock.today(), BiometricConsent.is_active.is_(True))
        .distinct()
    )
    with database.reading(EVERY_SCHOOL) as session:
        leavers = session.execute(gone).all()
    for pupil_id, school_id in leavers:
        with database.transaction(school_id) as session:
            end_for_leaver(session, pupil_id, actor=system_actor(school_id, "register"))
            touch_register(session)
