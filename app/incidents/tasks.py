"""What the worker does for incidents: make evidence packs, and tell when something is late."""

from datetime import datetime

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.incidents.kinds import ACCUSES, CARDS, HOUR, QUARTER_OF_AN_HOUR
from app.incidents.models import (
    Authority,
    AuthorityReport,
    EvidencePack,
    Incident,
    IncidentState,
    PackState,
)
from app.incidents.opening import tell
from app.incidents.packing import PACK_JOB, Packer
from app.incidents.pictures import Album
from app.incidents.queries import is_late, main_of
from app.incidents.retention import Tidier
from app.jobs.due import Job
from app.jobs.engine import Rhythm

LATE = "A report to somebody outside school should have been made by now. Open the incident to make it, or say why not."
UNTAKEN = "A serious matter came in and nobody has said yet that they deal with it. Open it now."
REMIND_AGAIN_AFTER = HOUR


def jobs(app: Flask) -> list[Job]:
    return [Job(PACK_JOB, EvidencePack, frozenset({PackState.WANTED}), packer_of(app).run)]


def rhythms(app: Flask) -> list[Rhythm]:
    tidier = Tidier(app.extensions["schoolgate.storage"])
    return [Rhythm("incidents.remind", 60, remind), Rhythm("incidents.tidy", 3600, tidier.run)]


def album_of(app: Flask) -> Album:
    parts = app.extensions
    return Album(
        parts["schoolgate.engine-of-faces"], parts["schoolgate.storage"], parts["schoolgate.sealers"]["evidence"]
    )


def packer_of(app: Flask) -> Packer:
    parts = app.extensions
    page = app.jinja_env.get_template("incidents/pack.html")
    return Packer(album_of(app), parts["schoolgate.storage"], parts["schoolgate.sealers"]["evidence"], page.render)


def remind(database: Database) -> None:
    """Tell those who must act of reports that are late, and of serious matters that nobody has taken."""
    now = clock.now()
    with database.reading(EVERY_SCHOOL) as session:
        late = sa.select(AuthorityReport.school_id).where(*is_late(), AuthorityReport.late_told_at.is_(None))
        untaken = sa.select(Incident.school_id).where(*_untaken(now))
        schools = set(session.scalars(late)) | set(session.scalars(untaken))
    for school_id in schools:
        with database.transaction(school_id) as session:
            _tell_late(session, now)
            _tell_untaken(session, now)


def _tell_late(session: Session, now: datetime) -> None:
    """Claim the late reports by one UPDATE, so that two workers do not both tell."""
    claim = (
        sa.update(AuthorityReport)
        .where(*is_late(), AuthorityReport.late_told_at.is_(None))
        .values(late_told_at=now)
        .returning(AuthorityReport.incident_id)
        .execution_options(synchronize_session=False)
    )
    for incident_id in set(session.scalars(claim)):
        incident = main_of(session, session.get_one(Incident, incident_id))
        if incident.state is IncidentState.OPEN:
            tell(session, incident, LATE, bundle=f"late:{incident.id}")


def _tell_untaken(session: Session, now: datetime) -> None:
    query = sa.select(Incident).where(*_untaken(now)).with_for_update(skip_locked=True)
    for incident in session.scalars(query):
        incident.reminded_at = now
        tell(session, incident, UNTAKEN, bundle=f"untaken:{incident.id}")


def _untaken(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    waits = [
        sa.and_(Incident.kind == kind, Incident.opened_at < now - card.take_within)
        for kind, card in CARDS.items()
        if card.take_within is not None
    ]
    child = sa.exists().where(
        AuthorityReport.incident_id == Incident.id, AuthorityReport.authority == Authority.CHILDREN_SERVICES
    )
    accuses = Incident.kind.in_(ACCUSES)
    waits.append(sa.and_(accuses, child, Incident.opened_at < now - QUARTER_OF_AN_HOUR))
    return (
        Incident.state == IncidentState.OPEN,
        Incident.taken_at.is_(None),
        sa.or_(Incident.reminded_at.is_(None), Incident.reminded_at < now - REMIND_AGAIN_AFTER),
        sa.or_(*waits),
    )
