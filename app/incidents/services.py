"""Work on an incident: notes, support offered, reports to authorities, and how it ended."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentKind,
    IncidentNote,
    IncidentState,
    SupportOffer,
)
from app.incidents.opening import ask_for_report
from app.incidents.policies import as_writer
from app.incidents.workflow import IncidentAction, workflow


def write_note(session: Session, incident_id: UUID, *, text: str, actor: Actor) -> None:
    incident, _ = _open_one(session, incident_id, actor)
    words = _said(text, "Write something in the note first.")
    session.add(IncidentNote(id=uuid4(), incident_id=incident.id, at=clock.now(), written_by=actor.user_id, text=words))
    _record(session, "incident:note-written", incident, actor)


def record_support(
    session: Session, incident_id: UUID, *, offered_to: str, support: str, answer: str = "", actor: Actor
) -> None:
    """Keep that somebody who was abused was offered support, and what they said."""
    incident, _ = _open_one(session, incident_id, actor)
    offer = SupportOffer(
        id=uuid4(),
        incident_id=incident.id,
        offered_at=clock.now(),
        offered_by=actor.user_id,
        offered_to=_said(offered_to, "Say who was offered support.")[:200],
        support=_said(support, "Say what was offered."),
        answer=answer.strip(),
    )
    session.add(offer)
    _record(session, "incident:support-offered", incident, actor)


def add_report(session: Session, incident_id: UUID, *, authority: Authority, actor: Actor) -> None:
    """Put up the task to tell an authority that the kind of incident did not call for by itself."""
    incident, _ = _open_one(session, incident_id, actor)
    if _report_to(session, incident, authority) is None:
        ask_for_report(session, incident, authority, None)


def settle_report(
    session: Session,
    report_id: UUID,
    *,
    reference: str,
    outcome: str,
    actor: Actor,
    reported_at: datetime | None = None,
) -> None:
    """Note that an authority was told; the outcome may follow later, by settling once more."""
    incident, report = _report(session, report_id, actor)
    if not reference.strip() and not outcome.strip():
        raise InvalidInputError("Enter the reference number, or what they said when there is none.")
    report.reported_at = reported_at or report.reported_at or clock.now()
    report.reported_by = actor.user_id
    report.reference, report.outcome = reference.strip()[:200], outcome.strip()
    report.not_needed_because = None
    _record(session, "incident:authority-told", incident, actor, authority=report.authority.value)


def waive_report(session: Session, report_id: UUID, *, reason: str, actor: Actor) -> None:
    """Note why an authority need not be told."""
    incident, report = _report(session, report_id, actor)
    report.not_needed_because = _said(reason, "Say why this report is not needed. It stays in the record.")
    _record(session, "incident:report-waived", incident, actor, authority=report.authority.value)


def change_kind(session: Session, incident_id: UUID, *, kind: IncidentKind, actor: Actor) -> None:
    """Sort an incident anew. The circle of those who know of it stays as it is."""
    incident, _ = _open_one(session, incident_id, actor)
    before, incident.kind = incident.kind, kind
    _record(session, "incident:sorted", incident, actor, before=before.value, after=kind.value)


def close_incident(session: Session, incident_id: UUID, *, outcome: str, actor: Actor) -> None:
    """End it with its outcome. Every report must be made or said to be unnecessary first."""
    incident, writer = _open_one(session, incident_id, actor)
    words = _said(outcome, "Say how this ended. It stays in the record.")
    reports = session.scalars(sa.select(AuthorityReport).where(AuthorityReport.incident_id == incident.id))
    if any(not report.is_settled for report in reports):
        raise WrongStateError("A report to an authority is still open. Enter its reference, or why it is not needed.")
    workflow.advance(session, incident, IncidentAction.CLOSE, actor=writer)
    incident.closed_at, incident.closed_by, incident.outcome = clock.now(), actor.user_id, words


def reopen_incident(session: Session, incident_id: UUID, *, actor: Actor) -> None:
    incident, writer = as_writer(session.get(Incident, incident_id), actor)
    workflow.advance(session, incident, IncidentAction.REOPEN, actor=writer)
    incident.closed_at = incident.closed_by = None


def _open_one(session: Session, incident_id: UUID, actor: Actor) -> tuple[Incident, Actor]:
    incident, writer = as_writer(session.get(Incident, incident_id), actor)
    if incident.state is not IncidentState.OPEN:
        raise WrongStateError("This incident is closed. Reopen it to write in it.")
    return incident, writer


def _report(session: Session, report_id: UUID, actor: Actor) -> tuple[Incident, AuthorityReport]:
    report = session.get(AuthorityReport, report_id)
    if report is None:
        raise NotFoundError
    incident, _ = _open_one(session, report.incident_id, actor)
    return incident, report


def _report_to(session: Session, incident: Incident, authority: Authority) -> AuthorityReport | None:
    query = sa.select(AuthorityReport).where(
        AuthorityReport.incident_id == incident.id, AuthorityReport.authority == authority
    )
    return session.scalar(query)


def _said(text: str, otherwise: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidInputError(otherwise)
    return words[:20_000]


def _record(session: Session, tag: str, incident: Incident, actor: Actor, **details: object) -> None:
    record(session, tag, actor=actor, subject_type="incident", subject_id=incident.id, details=details)
