"""Keep no incident longer than the school decided. What is left afterwards counts, and names nobody."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.comments.models import Audience
from app.comments.retention import dispose_of
from app.core import clock
from app.core.actors import system_actor
from app.core.db import EVERY_SCHOOL, Database
from app.core.permissions import Permission
from app.incidents.models import (
    AuthorityReport,
    EvidencePack,
    Incident,
    IncidentComment,
    IncidentNote,
    IncidentPicture,
    IncidentState,
    PackState,
    SupportOffer,
)
from app.incidents.queries import comments_of, family_of
from app.incidents.workflow import IncidentAction, PackAction, pack_workflow, workflow
from app.media.storage import Storage
from app.schools.models import School, SchoolSettings

PACKS = timedelta(days=30)
"""A pack is a copy to be handed over: while its incident is kept, another can be made."""
YEAR = timedelta(days=365.25)
FEW = 50


class Tidier:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def run(self, database: Database) -> None:
        with database.reading(EVERY_SCHOOL) as session:
            schools = session.scalars(sa.select(School)).all()
        for school in schools:
            with database.transaction(school.id) as session:
                self._tidy(session, school.settings, school.id)

    def _tidy(self, session: Session, settings: SchoolSettings, school_id: UUID) -> None:
        old = EvidencePack.made_at < clock.now() - PACKS
        packs = sa.select(EvidencePack).where(EvidencePack.state == PackState.MADE, old)
        for pack in session.scalars(packs.limit(FEW)).all():
            self._remove_pack(session, pack)
        for incident in session.scalars(_outlived(settings).limit(FEW)).all():
            self._dispose(session, incident, school_id)

    def _remove_pack(self, session: Session, pack: EvidencePack) -> None:
        for stored in (pack.zip_stored, pack.pdf_stored):
            if stored is not None:
                self._storage.remove(pack.school_id, stored)
        pack.zip_stored = pack.pdf_stored = None
        tidier = system_actor(pack.school_id, "retention", Permission.INCIDENT_WRITE)
        pack_workflow.advance(session, pack, PackAction.REMOVE, actor=tidier)

    def _dispose(self, session: Session, incident: Incident, school_id: UUID) -> None:
        """Empty the incident and its doubles; that it was, of what kind and when, stays for the counts."""
        tidier = system_actor(school_id, "retention", Permission.INCIDENT_WRITE)
        family = family_of(session, incident)
        for picture in session.scalars(sa.select(IncidentPicture).where(IncidentPicture.incident_id.in_(family))):
            self._storage.remove(school_id, picture.stored)
        packs = sa.select(EvidencePack).where(
            EvidencePack.incident_id.in_(family), EvidencePack.state == PackState.MADE
        )
        for pack in session.scalars(packs).all():
            self._remove_pack(session, pack)
        dispose_of(session, comments_of(session, incident))
        for papers in (IncidentNote, SupportOffer, AuthorityReport, IncidentPicture, IncidentComment):
            session.execute(sa.delete(papers).where(papers.incident_id.in_(family)))
        emptied = sa.update(Incident).where(Incident.id.in_(family))
        session.execute(emptied.values(summary="", seen_at="", outcome=None, lessons=""))
        workflow.advance(session, incident, IncidentAction.DISPOSE, actor=tidier)
        details: dict[str, object] = {"kind": incident.kind.value, "closed_at": incident.closed_at}
        record(
            session,
            "incident:disposed",
            actor=tidier,
            subject_type="incident",
            subject_id=incident.id,
            details=details,
        )


def _outlived(settings: SchoolSettings) -> sa.Select[Incident]:
    """Pick the closed incidents whose time is over: what only few may know of is kept longer."""
    now = clock.now()
    is_open_matter = Incident.audience == Audience.GENERAL
    return sa.select(Incident).where(
        Incident.state == IncidentState.CLOSED,
        sa.or_(
            sa.and_(is_open_matter, Incident.closed_at < now - settings.incident_years * YEAR),
            sa.and_(~is_open_matter, Incident.closed_at < now - settings.confidential_years * YEAR),
        ),
    )
