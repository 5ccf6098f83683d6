"""Open incidents: when a comment must be followed up, or when somebody saw something elsewhere."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.audit.services import record
from app.comments.events import comment_escalated
from app.comments.models import Audience, Comment, CommentDecision
from app.comments.policies import audiences_of, ensure_may_read
from app.comments.queries import latest_rule_decisions
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import school_of
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError
from app.core.permissions import Permission
from app.incidents.kinds import CARDS, kind_for
from app.incidents.models import Authority, AuthorityReport, Incident, IncidentKind, IncidentNote, IncidentState
from app.incidents.policies import WRITES
from app.incidents.workflow import IncidentAction, workflow
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify

_NARROWEST_LAST = [Audience.GENERAL, Audience.DESIGNATED, Audience.CHAIR]


class Concern(StrEnum):
    """What the reporter of something seen elsewhere is asked: it decides who is told."""

    GENERAL = "general"
    CHILD = "child"
    CONTACT = "contact"
    ADULT = "adult"
    HEAD = "head"


_KIND_OF = {
    Concern.GENERAL: IncidentKind.OTHER,
    Concern.CHILD: IncidentKind.CHILD_AT_RISK,
    Concern.CONTACT: IncidentKind.CONTACT_WITH_CHILD,
    Concern.ADULT: IncidentKind.ALLEGATION,
    Concern.HEAD: IncidentKind.ALLEGATION_HEAD,
}


def listen() -> None:
    """Open an incident whenever a comment is escalated; called once by the composition."""
    comment_escalated.connect(_on_escalated)


def _on_escalated(session: Session, *, comment: Comment, decision: CommentDecision) -> None:
    open_for_comment(session, comment, decision)


def open_for_comment(session: Session, comment: Comment, decision: CommentDecision) -> Incident:
    """One incident a comment: a second escalation narrows the circle, or opens it again."""
    actor = system_actor(school_of(session), "moderation", Permission.INCIDENT_WRITE)
    known = session.scalar(sa.select(Incident).where(Incident.comment_id == comment.id).with_for_update())
    if known is not None:
        known.audience = max(known.audience, comment.audience, key=_NARROWEST_LAST.index)
        if known.state is IncidentState.CLOSED:
            workflow.advance(session, known, IncidentAction.REOPEN, actor=actor)
        _note_person(session, known, decision)
        return known
    kind = kind_for(decision.categories or comment.categories, comment.audience)
    incident = Incident(
        id=uuid4(),
        kind=kind,
        state=IncidentState.OPEN,
        audience=max(CARDS[kind].audience, comment.audience, key=_NARROWEST_LAST.index),
        comment_id=comment.id,
        summary=f"{CARDS[kind].label}, in a comment under one of our posts.",
        characteristics=decision.characteristics or [],
        severity=comment.severity,
        opened_at=clock.now(),
        opened_by=decision.decided_by,
    )
    _open(session, incident, actor=actor)
    _note_person(session, incident, decision)
    return incident


def open_by_hand(session: Session, comment_id: UUID, *, actor: Actor) -> Incident:
    """Follow a comment up that the rules did not escalate, for example to record the support that was offered."""
    comment = ensure_may_read(session.get(Comment, comment_id, with_for_update=True), actor)
    if comment.audience not in audiences_of(actor, WRITES):
        raise NotPermittedError("You may read this comment but not open an incident. Ask the headteacher.")
    decision = latest_rule_decisions(session, [comment]).get(comment.id)
    if decision is None:
        raise NotFoundError
    incident = open_for_comment(session, comment, decision)
    incident.opened_by = incident.opened_by or actor.user_id
    return incident


def report_seen_elsewhere(
    session: Session, *, concern: Concern, what: str, where: str, when: str = "", actor: Actor
) -> Incident:
    """Anybody of the school may pass on what they saw elsewhere; whom it reaches follows from what it is about."""
    if not what.strip():
        raise InvalidInputError("Say in a sentence what you saw.")
    kind = _KIND_OF[concern]
    incident = Incident(
        id=uuid4(),
        kind=kind,
        state=IncidentState.OPEN,
        audience=CARDS[kind].audience,
        summary=what.strip(),
        seen_at="\n".join(part.strip() for part in (where, when) if part.strip()),
        characteristics=[],
        opened_at=clock.now(),
        opened_by=actor.user_id,
    )
    _open(session, incident, actor=actor)
    _tell(session, incident)
    return incident


def ask_for_report(session: Session, incident: Incident, authority: Authority, within: timedelta | None) -> None:
    """Put up the task to tell an authority."""
    now = clock.now()
    session.add(
        AuthorityReport(
            id=uuid4(),
            incident_id=incident.id,
            authority=authority,
            asked_at=now,
            wanted_by=None if within is None else now + within,
        )
    )


def circle_of(session: Session, audience: Audience) -> list[UUID]:
    """Return the people who must act. About the head: the chair, and whoever is head is left out."""
    if audience is Audience.CHAIR:
        heads = set(user_ids_with(session, Permission.COMMENT_DECIDE))
        return [user for user in user_ids_with(session, Permission.ALLEGATION_ABOUT_HEAD_READ) if user not in heads]
    if audience is Audience.DESIGNATED:
        return user_ids_with(session, Permission.SAFEGUARDING_READ)
    return user_ids_with(session, Permission.COMMENT_DECIDE)


def _open(session: Session, incident: Incident, *, actor: Actor) -> None:
    session.add(incident)
    session.flush()
    for authority, within in CARDS[incident.kind].reports.items():
        ask_for_report(session, incident, authority, within)
    record(session, "incident:opened", actor=actor, subject_type="incident", subject_id=incident.id)


def _note_person(session: Session, incident: Incident, decision: CommentDecision) -> None:
    if not decision.reason:
        return
    note = IncidentNote(
        id=uuid4(), incident_id=incident.id, at=decision.at, written_by=decision.decided_by, text=decision.reason
    )
    session.add(note)


def _tell(session: Session, incident: Incident) -> None:
    people = circle_of(session, incident.audience)
    sentence = "Somebody of the school passed on something that was seen elsewhere. Open it now."
    link = f"/incidents/{incident.id}"
    if not people:
        people = user_ids_with(session, Permission.USER_MANAGE)
        link = "/"
        sentence = (
            "A confidential matter waits for somebody who has no sign-in here, such as the chair of governors. "
            "Add a sign-in for each role today, and ask them to look."
        )
    notify(session, people, sentence, link=link, urgency=NoticeUrgency.AT_ONCE)
