"""Keep that people whom a pile-on is about were told and offered support: it belongs to the incident about it."""

from collections.abc import Collection
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.comments.events import people_told
from app.comments.evidence import WHILE_NEEDED, hold_evidence
from app.comments.models import Audience, Comment
from app.comments.pile_on_models import PileOn
from app.comments.spots import under
from app.core import clock
from app.core.actors import Actor
from app.incidents.kinds import CARDS
from app.incidents.models import Incident, IncidentComment, IncidentKind, IncidentState, SupportOffer
from app.incidents.opening import open_incident
from app.incidents.services import note
from moderation import Label

KIND = IncidentKind.ABUSE_OF_STAFF
SUMMARY = f"{CARDS[KIND].label}, in many comments under one of our posts."
MOST_COMMENTS = 20
SUPPORT = "Told of unkind comments under a school post, and asked to talk to the headteacher about support."


def listen() -> None:
    """Called once by the composition."""
    people_told.connect(_on_people_told)


def _on_people_told(
    session: Session, *, pile_on: PileOn, user_ids: Collection[UUID], others: Collection[str], actor: Actor
) -> None:
    incident = (
        _incident_under(session, pile_on) or _incident_since(session, pile_on) or _opened(session, pile_on, actor)
    )
    for name in (*names_of(session, user_ids).values(), *others):
        offer = SupportOffer(
            id=uuid4(),
            incident_id=incident.id,
            offered_at=clock.now(),
            offered_by=actor.user_id,
            offered_to=name[:200],
            support=SUPPORT,
            answer="",
        )
        session.add(offer)
    note(session, "incident:support-offered", incident, actor)


def _incident_under(session: Session, pile_on: PileOn) -> Incident | None:
    query = (
        sa.select(Incident)
        .join(IncidentComment, IncidentComment.incident_id == Incident.id)
        .join(Comment, Comment.id == IncidentComment.comment_id)
        .where(
            under(pile_on),
            Incident.state == IncidentState.OPEN,
            Incident.kind == KIND,
            Incident.audience == Audience.GENERAL,
        )
    )
    return session.scalars(query.order_by(Incident.opened_at.desc()).limit(1)).first()


def _incident_since(session: Session, pile_on: PileOn) -> Incident | None:
    """Return the incident opened when the first was told, where no comment could be laid into it."""
    query = sa.select(Incident).where(
        Incident.summary == SUMMARY, Incident.opened_at >= pile_on.noticed_at, Incident.state == IncidentState.OPEN
    )
    return session.scalars(query.order_by(Incident.opened_at.desc()).limit(1)).first()


def _opened(session: Session, pile_on: PileOn, actor: Actor) -> Incident:
    """Unkind words alone open no incident by themselves; that somebody needed support does, with the worst of them."""
    incident = Incident(
        id=uuid4(),
        kind=KIND,
        state=IncidentState.OPEN,
        audience=CARDS[KIND].audience,
        summary=SUMMARY,
        characteristics=[],
        opened_at=clock.now(),
        opened_by=actor.user_id,
    )
    open_incident(session, incident, actor=actor)
    query = sa.select(Comment).where(
        under(pile_on),
        Comment.harm == Label.INSULT.value,
        Comment.audience == Audience.GENERAL,
        ~sa.exists().where(IncidentComment.comment_id == Comment.id),
    )
    worst = session.scalars(query.order_by(Comment.severity.desc(), Comment.commented_at).limit(MOST_COMMENTS)).all()
    for comment in worst:
        session.add(IncidentComment(id=uuid4(), incident_id=incident.id, comment_id=comment.id, added_at=clock.now()))
    hold_evidence(session, [comment.id for comment in worst], until=WHILE_NEEDED)
    return incident
