"""What a person may see of the incidents. Every query asks who is looking; none lists by a comment's author."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.models import Audience
from app.core import clock
from app.core.actors import Actor
from app.incidents.models import AuthorityReport, Incident, IncidentNote, IncidentState, SupportOffer
from app.incidents.policies import ensure_may_read, readable_by

MOST = 200


def incidents(
    session: Session, *, actor: Actor, state: IncidentState = IncidentState.OPEN, audience: Audience | None = None
) -> Sequence[Incident]:
    """Return the incidents that the actor may know of, the gravest first."""
    query = sa.select(Incident).where(readable_by(actor), Incident.state == state)
    if audience is not None:
        query = query.where(Incident.audience == audience)
    return session.scalars(query.order_by(Incident.severity.desc(), Incident.opened_at.desc()).limit(MOST)).all()


def open_incidents(session: Session, actor: Actor) -> int:
    """Count the open incidents that the actor may know of, for the dashboard."""
    query = sa.select(sa.func.count()).select_from(Incident)
    return session.scalar(query.where(readable_by(actor), Incident.state == IncidentState.OPEN)) or 0


def late_reports(session: Session, actor: Actor) -> int:
    """Count the reports to authorities that should have been made by now."""
    query = (
        sa.select(sa.func.count())
        .select_from(AuthorityReport)
        .join(Incident, Incident.id == AuthorityReport.incident_id)
        .where(
            readable_by(actor),
            Incident.state == IncidentState.OPEN,
            AuthorityReport.reported_at.is_(None),
            AuthorityReport.not_needed_because.is_(None),
            AuthorityReport.wanted_by < clock.now(),
        )
    )
    return session.scalar(query) or 0


def readable_incident(session: Session, incident_id: UUID, *, actor: Actor) -> Incident:
    return ensure_may_read(session.get(Incident, incident_id), actor)


def incident_of(session: Session, comment_id: UUID, *, actor: Actor) -> Incident | None:
    """Return the incident that a comment led to, if the actor may know of it."""
    return session.scalar(sa.select(Incident).where(readable_by(actor), Incident.comment_id == comment_id))


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """Everything that belongs to one incident."""

    notes: Sequence[IncidentNote]
    support: Sequence[SupportOffer]
    reports: Sequence[AuthorityReport]


def file_of(session: Session, incident: Incident) -> IncidentFile:
    """Return the papers of an incident that the caller may read."""
    notes = sa.select(IncidentNote).where(IncidentNote.incident_id == incident.id).order_by(IncidentNote.at)
    support = sa.select(SupportOffer).where(SupportOffer.incident_id == incident.id).order_by(SupportOffer.offered_at)
    reports = sa.select(AuthorityReport).where(AuthorityReport.incident_id == incident.id)
    return IncidentFile(
        notes=session.scalars(notes).all(),
        support=session.scalars(support).all(),
        reports=session.scalars(reports.order_by(AuthorityReport.wanted_by, AuthorityReport.authority)).all(),
    )
