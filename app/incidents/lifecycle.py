"""The way of an incident: sorted anew, handed to others, joined to its double, closed, opened again."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.circles import narrower
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotPermittedError, WrongStateError
from app.incidents.authorities import AUTHORITIES
from app.incidents.gathering import SUSPECTED, told_of
from app.incidents.handing_over import ensure_may_be_called, hand_over
from app.incidents.kinds import CARDS
from app.incidents.models import Incident, IncidentKind
from app.incidents.opening import ask_for_reports
from app.incidents.policies import as_writer
from app.incidents.services import add_note, asked_of, note, open_one, reports_of, said
from app.incidents.workflow import IncidentAction, workflow
from moderation.labels import Characteristic


def change_kind(
    session: Session,
    incident_id: UUID,
    *,
    kind: IncidentKind,
    characteristics: Collection[str] | None = None,
    reason: str = "",
    actor: Actor,
) -> None:
    """Call it another kind: its reports are asked for, and where the kind calls for it fewer people know of it."""
    incident, _ = open_one(session, incident_id, actor)
    ensure_may_be_called(session, incident, kind, reason, actor)
    if characteristics is not None:
        incident.characteristics = sorted({Characteristic(each).value for each in characteristics})
    before, incident.kind = incident.kind, kind
    if incident.summary == SUSPECTED:  # a person has judged it: whatever it is, it is a mere guess no more
        incident.summary = told_of(kind)
    note(session, "incident:sorted", incident, actor, before=before.value, after=kind.value)
    ask_for_reports(session, incident)
    hand_over(session, incident, narrower(incident.audience, CARDS[kind].audience), actor)


def join_incident(session: Session, incident_id: UUID, *, into: UUID, actor: Actor) -> None:
    """Join a double to the incident that goes on. The papers of both are read there together."""
    double, writer = open_one(session, incident_id, actor)
    main, _ = open_one(session, into, actor)
    if main.id == double.id:
        raise InvalidInputError("Choose another incident: one cannot be joined to itself.")
    if main.audience is not double.audience:
        raise NotPermittedError("These two are known to different people, so they stay apart.")
    if (main.kind is IncidentKind.ALLEGATION_HEAD) is not (double.kind is IncidentKind.ALLEGATION_HEAD):
        raise InvalidInputError("One of these two is about the headteacher. Give both the same kind first.")
    there = asked_of(session, main)
    for report in reports_of(session, double):
        if not report.is_settled and report.authority in there:
            report.not_needed_because = f"Told of in incident {main.reference}."
    for other in session.scalars(sa.select(Incident).where(Incident.merged_into_id == double.id)):
        other.merged_into_id = main.id
    workflow.advance(session, double, IncidentAction.MERGE, actor=writer, details={"into": main.id})
    double.merged_into_id = main.id
    main.severity = max(main.severity, double.severity)
    if main.summary == SUSPECTED:  # with somebody's plain call for help among them, they are mere guesses no more
        main.summary = double.summary
    main.characteristics = sorted({*main.characteristics, *double.characteristics})
    if main.taken_at is None:
        main.taken_at, main.taken_by = double.taken_at, double.taken_by
    note(session, "incident:double-joined", main, actor, double=double.id)


def close_incident(session: Session, incident_id: UUID, *, outcome: str, lessons: str = "", actor: Actor) -> None:
    """End it with its outcome. Every report must be made or said to be unnecessary first."""
    incident, writer = open_one(session, incident_id, actor)
    words = said(outcome, "Say how this ended. It stays in the record.")
    waiting = [AUTHORITIES[report.authority].label for report in reports_of(session, incident) if not report.is_settled]
    if waiting:
        names = ", ".join(waiting)
        raise WrongStateError(f"A report is still open: {names}. Enter its reference, or why it is not needed.")
    workflow.advance(session, incident, IncidentAction.CLOSE, actor=writer)
    incident.closed_at, incident.closed_by, incident.outcome = clock.now(), actor.user_id, words
    incident.lessons = lessons.strip()[:20_000]


def reopen_incident(session: Session, incident_id: UUID, *, reason: str, actor: Actor) -> None:
    """Go on with it. How it was closed before stays among the notes."""
    incident, writer = as_writer(session.get(Incident, incident_id), actor)
    words = said(reason, "Say why it is opened again.")
    workflow.advance(session, incident, IncidentAction.REOPEN, actor=writer)
    before = f"Opened again: {words}\n\nIt had been closed with: {incident.outcome or ''} {incident.lessons}".rstrip()
    add_note(session, incident, before, actor)
    incident.closed_at = incident.closed_by = incident.outcome = None
    incident.lessons = ""
