"""Measure in the worker what each distance costs here, and adopt distances by a recorded decision."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.crypto import SealBrokenError, Sealer
from app.core.db import Database
from app.core.errors import AppError, InvalidInputError, WrongStateError
from app.core.permissions import Permission
from app.jobs.due import Job, keep, promise
from app.register.calibrating import calibration
from app.register.calibration_figures import calibration_from, figures_of
from app.register.matching_models import AdoptedDistances, CalibrationRun, CalibrationState
from app.register.workflow import CalibrationAction, calibrations
from app.schools.models import BiometricMode, School
from app.schools.services import change_settings, school_to_change, school_with
from consent.faces.calibration.measure import Calibration
from consent.faces.matcher import Thresholds

MEASURE_JOB = "register.measure"
LONGEST_MEASURING = timedelta(minutes=30)
UNREADABLE = (
    "Some face templates cannot be opened with this installation's key. Ask whoever looks after the server: the "
    "runbook's part on keys says what to do."
)


def ask_for_calibration(session: Session, school: School, *, actor: Actor) -> None:
    """Promise to measure; one at a time is enough."""
    if not actor.may(Permission.MATCHING_SIGN):
        actor.ensure(Permission.MATCHING_PROPOSE)
    if school.settings.biometric_mode is BiometricMode.OFF:
        raise WrongStateError("Face matching is switched off, so there is nothing to measure.")
    waiting = sa.select(CalibrationRun.id).where(CalibrationRun.state == CalibrationState.WAITING)
    if session.scalars(waiting).first() is not None:
        raise WrongStateError("A measurement is under way already.")
    run = CalibrationRun(
        id=uuid4(), state=CalibrationState.WAITING, asked_by=actor.name, asked_at=clock.now(), figures={}
    )
    session.add(run)
    promise(session, MEASURE_JOB, run)
    record(session, "calibration:asked-for", actor=actor, subject_type="calibration", subject_id=run.id)


def newest_run(session: Session) -> CalibrationRun | None:
    return session.scalars(sa.select(CalibrationRun).order_by(CalibrationRun.asked_at.desc())).first()


def newest_measured(session: Session) -> CalibrationRun | None:
    query = sa.select(CalibrationRun).where(CalibrationRun.state == CalibrationState.MEASURED)
    return session.scalars(query.order_by(CalibrationRun.asked_at.desc())).first()


def newest_calibration(session: Session) -> Calibration | None:
    run = newest_measured(session)
    return None if run is None else calibration_from(run.figures)


def adopt(session: Session, school: School, chosen: Thresholds, *, because: str, actor: Actor) -> None:
    """Put other distances in force, with who decided, why, and the figures of that moment."""
    actor.ensure(Permission.MATCHING_PROPOSE)
    _ensure_ordered(chosen)
    measured = newest_measured(session)
    adopted = AdoptedDistances(
        id=uuid4(),
        alarm=chosen.alarm,
        protected=chosen.protected,
        suggestion=chosen.suggestion,
        margin=chosen.margin,
        elsewhere=chosen.elsewhere,
        because=because.strip(),
        adopted_by=actor.name,
        adopted_at=clock.now(),
        calibration_id=measured and measured.id,
    )
    session.add(adopted)
    session.flush()
    update = {
        "alarm_distance": chosen.alarm,
        "protected_distance": chosen.protected,
        "suggestion_distance": chosen.suggestion,
        "suggestion_margin": chosen.margin,
        "elsewhere_distance": chosen.elsewhere,
    }
    carried = replace(actor, permissions=actor.permissions | {Permission.SETTINGS_MANAGE})
    school = school_to_change(session, school.id)
    change_settings(session, school, school.settings.model_copy(update=update), actor=carried)
    details: dict[str, object] = {"calibration": adopted.calibration_id, "alarm": chosen.alarm}
    record(session, "distances:adopted", actor=actor, subject_type="school", subject_id=school.id, details=details)


def adoptions(session: Session) -> Sequence[tuple[AdoptedDistances, CalibrationRun | None]]:
    """Return every decision on distances with the measurement that it rested on, the newest first."""
    query = sa.select(AdoptedDistances, CalibrationRun).outerjoin(
        CalibrationRun, CalibrationRun.id == AdoptedDistances.calibration_id
    )
    found = session.execute(query.order_by(AdoptedDistances.adopted_at.desc())).all()
    return [(adopted, run) for adopted, run in found]


def jobs(app: Flask) -> list[Job]:
    measurer = Measurer(app.extensions["schoolgate.sealers"]["templates"])
    return [
        Job(MEASURE_JOB, CalibrationRun, frozenset({CalibrationState.WAITING}), measurer.run, lease=LONGEST_MEASURING)
    ]


class Measurer:
    """The worker's part: templates are open for the time of the measurement only."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def run(self, database: Database, run_id: UUID, school_id: UUID) -> None:
        try:
            with database.reading(school_id) as session:
                measured = calibration(session, school_with(session, school_id).settings, self._sealer)
        except AppError as error:
            _finish(database, run_id, school_id, problem=error.sentence)
        except SealBrokenError:
            _finish(database, run_id, school_id, problem=UNREADABLE)
        else:
            _finish(database, run_id, school_id, measured=measured)


def _finish(
    database: Database, run_id: UUID, school_id: UUID, *, measured: Calibration | None = None, problem: str = ""
) -> None:
    actor = system_actor(school_id, "calibration", Permission.CALIBRATION_MEASURE)
    with database.transaction(school_id) as session:
        run = session.get_one(CalibrationRun, run_id)
        action = CalibrationAction.FAIL if measured is None else CalibrationAction.FINISH
        calibrations.advance(session, run, action, actor=actor)
        run.finished_at, run.problem = clock.now(), problem or None
        run.figures = {} if measured is None else figures_of(measured)
        keep(run)


def _ensure_ordered(chosen: Thresholds) -> None:
    if max(chosen.suggestion, chosen.protected, chosen.elsewhere) > chosen.alarm:
        raise InvalidInputError("The alarm distance must be the widest: otherwise a near face would raise no alarm.")
