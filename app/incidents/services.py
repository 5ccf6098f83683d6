"""Work on an incident: who deals with it, notes, support offered, and reports to authorities."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.comments.models import Audience
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.incidents.authorities import WAIT_FOR_NETWORK
from app.incidents.gathering import bundle_of
from app.incidents.kinds import CARDS
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentNote,
    IncidentState,
    SupportOffer,
)
from app.incidents.opening import ask_for_report
from app.incidents.policies import as_writer
from app.incidents.queries import family_of, main_of
from app.notifications.services import settle

NOON = time(12)


def take_incident(session: Session, incident_id: UUID, *, actor: Actor) -> None:
    """Say that this person deals with it: its clock stops, and the others know."""
    incident, _ = open_one(session, incident_id, actor)
    incident.taken_at, incident.taken_by = clock.now(), actor.user_id
    for each in family_of(session, incident):
        settle(session, bundle_of(each))
    note(session, "incident:taken", incident, actor)


def write_note(session: Session, incident_id: UUID, *, text: str, actor: Actor) -> None:
    incident, _ = open_one(session, incident_id, actor)
    words = said(text, "Write something in the note first.")
    add_note(session, incident, words, actor)
    note(session, "incident:note-written", incident, actor)


def add_note(session: Session, incident: Incident, text: str, actor: Actor) -> None:
    session.add(IncidentNote(id=uuid4(), incident_id=incident.id, at=clock.now(), written_by=actor.user_id, text=text))


def record_support(
    session: Session,
    incident_id: UUID,
    *,
    offered_to: str,
    support: str,
    answer: str = "",
    declined: bool = False,
    on: date | None = None,
    actor: Actor,
) -> None:
    """Keep that somebody who was abused was offered support, when, and what they said."""
    incident, _ = open_one(session, incident_id, actor)
    now = clock.now()
    if on is not None and on > clock.today():
        raise InvalidInputError("The day on which support was offered cannot be in the future.")
    offer = SupportOffer(
        id=uuid4(),
        incident_id=incident.id,
        offered_at=now if on is None or on == clock.today() else clock.from_london(datetime.combine(on, NOON)),
        offered_by=actor.user_id,
        offered_to=said(offered_to, "Say who was offered support.")[:200],
        support=said(support, "Say what was offered."),
        answer=answer.strip(),
        declined=declined,
    )
    session.add(offer)
    note(session, "incident:support-offered", incident, actor)


def add_report(session: Session, incident_id: UUID, *, authority: Authority, actor: Actor) -> None:
    """Put up the task to tell an authority that the kind of incident did not call for by itself."""
    incident, _ = open_one(session, incident_id, actor)
    if authority not in asked_of(session, incident):
        ask_for_report(session, incident, authority, None)
        note(session, "incident:report-asked-for", incident, actor, authority=authority.value)


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
    note(session, "incident:authority-told", incident, actor, authority=report.authority.value)
    _follow_up(session, incident, report)


def _follow_up(session: Session, incident: Incident, report: AuthorityReport) -> None:
    """When the network has not acted two days after it was told, the harmful content service may be asked."""
    if report.authority is not Authority.NETWORK or CARDS[incident.kind].audience is not Audience.GENERAL:
        return
    if Authority.HARMFUL_CONTENT not in asked_of(session, incident):
        by = WAIT_FOR_NETWORK + timedelta(days=1)
        ask_for_report(session, incident, Authority.HARMFUL_CONTENT, by, wait=WAIT_FOR_NETWORK)


def waive_report(session: Session, report_id: UUID, *, reason: str, actor: Actor) -> None:
    """Note why an authority need not be told."""
    incident, report = _report(session, report_id, actor)
    report.not_needed_because = said(reason, "Say why this report is not needed. It stays in the record.")
    note(session, "incident:report-waived", incident, actor, authority=report.authority.value)


def open_one(session: Session, incident_id: UUID, actor: Actor) -> tuple[Incident, Actor]:
    incident, writer = as_writer(session.get(Incident, incident_id), actor)
    if incident.state is not IncidentState.OPEN:
        raise WrongStateError("This incident is closed. Reopen it to write in it.")
    return incident, writer


def _report(session: Session, report_id: UUID, actor: Actor) -> tuple[Incident, AuthorityReport]:
    report = session.get(AuthorityReport, report_id)
    if report is None:
        raise NotFoundError
    main = main_of(session, session.get_one(Incident, report.incident_id))
    incident, _ = open_one(session, main.id, actor)
    return incident, report


def reports_of(session: Session, incident: Incident) -> Sequence[AuthorityReport]:
    family = family_of(session, incident)
    return session.scalars(sa.select(AuthorityReport).where(AuthorityReport.incident_id.in_(family))).all()


def asked_of(session: Session, incident: Incident) -> set[Authority]:
    return {report.authority for report in reports_of(session, incident)}


def said(text: str, otherwise: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidInputError(otherwise)
    return words[:20_000]


def note(session: Session, tag: str, incident: Incident, actor: Actor, **details: object) -> None:
    record(session, tag, actor=actor, subject_type="incident", subject_id=incident.id, details=details)
