"""Open incidents: when a comment must be followed up, by a rule or by hand."""

from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.audit.services import record
from app.comments.circles import ABOUT_A_CHILD, narrower
from app.comments.events import comment_escalated, comment_narrowed, guess_told
from app.comments.evidence import WHILE_NEEDED, hold_evidence, keep_evidence
from app.comments.models import Audience, Comment, CommentDecision
from app.comments.policies import audiences_of, ensure_may_read
from app.comments.queries import latest_rule_decisions
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.crypto import Sealer
from app.core.db import school_of
from app.core.errors import NotFoundError, NotPermittedError
from app.core.permissions import Permission
from app.incidents.authorities import wanted_by
from app.incidents.gathering import SUSPECTED, bundle_of, gathering, is_suspicion, must_leave, told_of
from app.incidents.kinds import ACCUSES, CARDS, kind_for
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentComment,
    IncidentKind,
    IncidentNote,
    IncidentState,
)
from app.incidents.policies import WRITES
from app.incidents.queries import comments_of, family_of, incident_with
from app.incidents.workflow import IncidentAction, workflow
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify
from app.posts.models import Post
from app.publishing.breach_models import DataBreach
from app.publishing.events import photo_published_wrongly
from moderation.labels import Label
from moderation.policy import ROW_OF, Reach

CRIES = frozenset({Label.DISCLOSURE, Label.FROM_A_CHILD, Label.MISSING_CHILD})
"""A child in need: where the chair alone may read the words, a doubt is enough to call those who protect children."""
_GUESSED = (IncidentKind.CHILD_AT_RISK, Audience.DESIGNATED)
WRONG_PHOTO_SEVERITY = 3
CALL_THE_CHAIR = (
    "A child may be at risk. If one is in danger now, call 999. The chair of governors has the details: call the chair "
    "now, and tell nobody else."
)
NOBODY_THERE = (
    "Somebody whom this product must be able to reach has no sign-in here. Look at the roles under People, and add "
    "whoever is missing today: headteacher, designated safeguarding lead, chair of governors."
)


def listen() -> None:
    """Open an incident whenever a lower feature says that one is called for; called once by the composition."""
    comment_escalated.connect(_on_escalated)
    comment_narrowed.connect(_on_narrowed)
    guess_told.connect(_on_guess)
    photo_published_wrongly.connect(_on_wrong_photo)


def _on_escalated(session: Session, *, comment: Comment, decision: CommentDecision) -> None:
    open_for_comment(session, comment, decision)


def _on_narrowed(session: Session, *, comment: Comment, decision: CommentDecision) -> None:
    if incident_with(session, comment.id) is not None:  # what nobody follows up needs no incident for a doubt
        open_for_comment(session, comment, decision)


def _on_guess(session: Session, *, comment: Comment) -> str | None:
    """Guesses that nobody has read yet are one notice, as they are one incident; of anything else people hear alone."""
    incident = incident_with(session, comment.id)
    if incident is None or incident.summary != SUSPECTED or incident.taken_at is not None:
        return None
    return bundle_of(incident.id)


def _on_wrong_photo(sender: object, *, session: Session, breach: DataBreach, post: Post, actor: Actor) -> None:
    open_for_breach(session, breach.id, what=breach.what, actor=actor)


def open_for_comment(
    session: Session, comment: Comment, decision: CommentDecision, *, by_hand: bool = False
) -> Incident:
    """Follow a comment up in its incident: the one it has, the one of its pile-on, or a new one."""
    actor = system_actor(school_of(session), "moderation", Permission.INCIDENT_WRITE)
    known = incident_with(session, comment.id)
    if known is not None and not must_leave(session, known, comment, decision):
        _escalate_again(session, known, comment, decision, actor)
        return known
    kind = kind_for(decision.categories or comment.categories, comment.audience)
    audience = narrower(CARDS[kind].audience, comment.audience)
    is_guess = not by_hand and (kind, audience) == _GUESSED and is_suspicion(decision)
    incident = gathering(session, comment, kind, audience, is_guess=is_guess)
    if incident is None:
        incident = Incident(
            id=uuid4(),
            kind=kind,
            state=IncidentState.OPEN,
            audience=audience,
            summary=SUSPECTED if is_guess else told_of(kind),
            characteristics=[],
            opened_at=clock.now(),
            opened_by=decision.decided_by,
        )
        open_incident(session, incident, actor=actor)
    _add(session, incident, comment, decision)
    _protect_child(session, incident, decision)
    _note_person(session, incident, decision)
    return incident


def open_by_hand(session: Session, comment_id: UUID, *, sealer: Sealer, actor: Actor) -> Incident:
    """Follow a comment up that the rules did not escalate, and keep it as it is now: its writer may delete it."""
    comment = ensure_may_read(session.get(Comment, comment_id, with_for_update=True), actor)
    if comment.audience not in audiences_of(actor, WRITES):
        raise NotPermittedError("You may read this comment but not open an incident. Ask the headteacher.")
    decision = latest_rule_decisions(session, [comment]).get(comment.id)
    if decision is None:
        raise NotFoundError
    if comment.blanked_at is None:
        keep_evidence(session, comment, sealer=sealer, actor=actor)
    incident = open_for_comment(session, comment, decision, by_hand=True)
    incident.opened_by = incident.opened_by or actor.user_id
    return incident


def open_for_breach(session: Session, breach_id: UUID, *, what: str, actor: Actor) -> Incident:
    """Follow up a photo that we published wrongly: its record keeps the clock, the incident what is done for people."""
    incident = Incident(
        id=uuid4(),
        kind=IncidentKind.WRONG_PHOTO,
        state=IncidentState.OPEN,
        audience=CARDS[IncidentKind.WRONG_PHOTO].audience,
        summary=what,
        characteristics=[],
        severity=WRONG_PHOTO_SEVERITY,
        opened_at=clock.now(),
        opened_by=actor.user_id,
        breach_id=breach_id,
    )
    open_incident(session, incident, actor=actor)
    tell(
        session, incident, "A photo was published that should not have been. It is coming down. Open the incident now."
    )
    return incident


def open_incident(session: Session, incident: Incident, *, actor: Actor) -> None:
    """Write a new incident down, with the reports that its kind calls for."""
    session.add(incident)
    session.flush()
    ask_for_reports(session, incident)
    record(session, "incident:opened", actor=actor, subject_type="incident", subject_id=incident.id)


def ask_for_reports(session: Session, incident: Incident) -> None:
    """Put up the tasks of the incident's kind that are not there yet."""
    family = AuthorityReport.incident_id.in_(family_of(session, incident))
    there = set(session.scalars(sa.select(AuthorityReport.authority).where(family)))
    for authority, within in CARDS[incident.kind].reports.items():
        if authority not in there:
            ask_for_report(session, incident, authority, within)


def ask_for_report(
    session: Session,
    incident: Incident,
    authority: Authority,
    within: timedelta | None,
    *,
    wait: timedelta | None = None,
) -> None:
    """Put up the task to tell an authority."""
    now = clock.now()
    session.add(
        AuthorityReport(
            id=uuid4(),
            incident_id=incident.id,
            authority=authority,
            asked_at=now,
            wanted_by=None if within is None else wanted_by(authority, within, asked_at=now),
            wanted_from=None if wait is None else now + wait,
        )
    )


def circle_of(session: Session, audience: Audience) -> list[UUID]:
    """Return the people who must act. About the head: the chair, and whoever is head is left out."""
    if audience is Audience.CHAIR:
        heads = set(user_ids_with(session, Permission.COMMENT_DECIDE))
        return [user for user in user_ids_with(session, Permission.ALLEGATION_ABOUT_HEAD_READ) if user not in heads]
    if audience is Audience.DESIGNATED:
        return user_ids_with(session, Permission.SAFEGUARDING_READ)
    return user_ids_with(session, Permission.COMMENT_DECIDE)  # the head, alone with what is about a designated person


def tell(session: Session, incident: Incident, sentence: str, *, bundle: str | None = None) -> None:
    """Tell the circle at once. Where it is empty, the administrators hear only that a sign-in is missing."""
    people, link = circle_of(session, incident.audience), f"/incidents/{incident.id}"
    if not people:
        people, link = user_ids_with(session, Permission.USER_MANAGE), "/people"
        sentence, bundle = NOBODY_THERE, "nobody"
    notify(session, people, sentence, link=link, urgency=NoticeUrgency.AT_ONCE, bundle=bundle)


def _protect_child(session: Session, incident: Incident, decision: CommentDecision) -> None:
    """Accusing words in which a child may be at risk: the child's needs do not wait for the allegation."""
    least = Reach.ASKS if incident.audience is Audience.CHAIR else Reach.TELLS
    if incident.kind not in ACCUSES or not _is_about_a_child(decision, least):
        return
    family = AuthorityReport.incident_id.in_(family_of(session, incident))
    if Authority.CHILDREN_SERVICES in set(session.scalars(sa.select(AuthorityReport.authority).where(family))):
        return
    within = CARDS[IncidentKind.CHILD_AT_RISK].reports[Authority.CHILDREN_SERVICES]
    ask_for_report(session, incident, Authority.CHILDREN_SERVICES, within)
    if incident.audience is not Audience.CHAIR:
        return
    heads = set(user_ids_with(session, Permission.COMMENT_DECIDE))
    leads = [user for user in user_ids_with(session, Permission.SAFEGUARDING_READ) if user not in heads]
    notify(session, leads, CALL_THE_CHAIR, link="/incidents", urgency=NoticeUrgency.AT_ONCE)


def _is_about_a_child(decision: CommentDecision, least: Reach) -> bool:
    """Whether a rule was at least sure enough of it to tell somebody at once; for a child's own cry less will do."""
    return any(
        label in ABOUT_A_CHILD and ROW_OF[label].reach(signal["score"]) >= (least if label in CRIES else Reach.TELLS)
        for signal in decision.signals or []
        if (label := Label(signal["label"]))
    )


def let_know(session: Session, incident: Incident, audience: Audience) -> None:
    """Say who may know of an incident, and so of the comments that it is about."""
    incident.audience = audience
    family = IncidentComment.incident_id.in_(family_of(session, incident))
    links = sa.select(IncidentComment.comment_id).where(family)
    for comment in session.scalars(sa.select(Comment).where(Comment.id.in_(links)).with_for_update()):
        comment.audience = audience
    for double in session.scalars(sa.select(Incident).where(Incident.merged_into_id == incident.id)):
        double.audience = audience


def start_clock_anew(session: Session, incident: Incident) -> None:
    """Nobody has it in hand any more: somebody must take it, and hears again of reports that are late."""
    incident.taken_at = incident.taken_by = incident.reminded_at = None
    family = AuthorityReport.incident_id.in_(family_of(session, incident))
    session.execute(sa.update(AuthorityReport).where(family).values(late_told_at=None))


def _escalate_again(
    session: Session, incident: Incident, comment: Comment, decision: CommentDecision, actor: Actor
) -> None:
    """A second escalation narrows the circle, or opens the incident again: either way its clock runs anew."""
    if incident.summary == SUSPECTED and not is_suspicion(decision):
        incident.summary = told_of(incident.kind)
        start_clock_anew(session, incident)
    before = incident.audience
    if narrower(before, comment.audience) is not before:
        let_know(session, incident, comment.audience)
        incident.kind = kind_for(decision.categories or comment.categories, incident.audience)
        ask_for_reports(session, incident)
        start_clock_anew(session, incident)
        circles: dict[str, object] = {"before": before.value, "after": incident.audience.value}
        record(
            session,
            "incident:handed-over",
            actor=actor,
            subject_type="incident",
            subject_id=incident.id,
            details=circles,
        )
    if incident.state is IncidentState.CLOSED:
        workflow.advance(session, incident, IncidentAction.REOPEN, actor=actor)
        incident.closed_at = incident.closed_by = None
        start_clock_anew(session, incident)
    hold_evidence(session, comments_of(session, incident), until=WHILE_NEEDED)
    _protect_child(session, incident, decision)
    _note_person(session, incident, decision)


def _add(session: Session, incident: Incident, comment: Comment, decision: CommentDecision) -> None:
    session.add(IncidentComment(id=uuid4(), incident_id=incident.id, comment_id=comment.id, added_at=clock.now()))
    hold_evidence(session, [comment.id], until=WHILE_NEEDED)
    incident.severity = max(incident.severity or 0, comment.severity)
    incident.characteristics = sorted({*incident.characteristics, *(decision.characteristics or [])})


def _note_person(session: Session, incident: Incident, decision: CommentDecision) -> None:
    if not decision.reason:
        return
    note = IncidentNote(
        id=uuid4(), incident_id=incident.id, at=decision.at, written_by=decision.decided_by, text=decision.reason
    )
    session.add(note)
