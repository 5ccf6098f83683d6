"""Keep that people whom a pile-on is about were told and offered support: it belongs to the incident about it."""

from collections.abc import Collection
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.comments.events import people_told
from app.comments.models import Audience, Comment
from app.comments.pile_on_models import PileOn
from app.comments.spots import under
from app.core import clock
from app.core.actors import Actor
from app.incidents.kinds import CARDS
from app.incidents.models import Incident, IncidentComment, IncidentKind, IncidentState, SupportOffer
from app.incidents.opening import open_incident
from app.incidents.services import note

SUPPORT = "Told of unkind comments under a school post, and asked to talk to the headteacher about support."


def listen() -> None:
    """Called once by the composition."""
    people_told.connect(_on_people_told)


def _on_people_told(
    session: Session, *, pile_on: PileOn, user_ids: Collection[UUID], others: Collection[str], actor: Actor
) -> None:
    incident = _incident_under(session, pile_on) or _opened(session, actor)
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
            Incident.kind == IncidentKind.ABUSE_OF_STAFF,
            Incident.audience == Audience.GENERAL,
        )
    )
    return session.scalars(query.order_by(Incident.opened_at.desc()).limit(1)).first()


def _opened(session: Session, actor: Actor) -> Incident:
    """Unkind words alone open no incident by themselves; that somebody needed support does."""
    kind = IncidentKind.ABUSE_OF_STAFF
    incident = Incident(
        id=uuid4(),
        kind=kind,
        state=IncidentState.OPEN,
        audience=CARDS[kind].audience,
        summary=f"{CARDS[kind].label}, in many comments under one of our posts.",
        characteristics=[],
        opened_at=clock.now(),
        opened_by=actor.user_id,
    )
    open_incident(session, incident, actor=actor)
    return incident
