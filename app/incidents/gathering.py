"""Which comments belong to one incident: the like of one post, guesses among themselves, a plain cry for help alone."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.circles import narrower
from app.comments.models import Audience, Comment, CommentDecision
from app.comments.spots import spot_of
from app.comments.suspected import is_only_suspected
from app.core import clock
from app.incidents.kinds import CARDS
from app.incidents.models import Incident, IncidentComment, IncidentKind, IncidentState
from app.incidents.queries import family_of
from moderation.labels import Label

GATHERS_FOR = timedelta(days=1)
"""Comments of one kind under one post belong to one incident when they come within a day of its opening."""
SHOUTED = frozenset({Label.SELF_HARM_INCITEMENT.value})
"""What a crowd says to one person: gathered with its like, and never with a child's call for help."""
SUSPECTED = (
    "The trained model alone suspects that a child may be at risk, in comments under one post. Read each of them."
)
"""What is written on an incident that holds nothing but such guesses; no plain cry for help is ever among them."""


def is_suspicion(decision: CommentDecision) -> bool:
    """Whether nothing but a guess of the model calls for the incident. Whatever a person passed on is no guess."""
    if decision.is_by_person or not decision.signals:
        return False
    signals = [(str(each.get("rule", "")), str(each["label"]), float(each["score"])) for each in decision.signals]
    return is_only_suspected(decision.categories, signals)


def told_of(kind: IncidentKind) -> str:
    """What is written on an incident that is no mere guess, before a person writes more."""
    return f"{CARDS[kind].label}, in comments on our accounts."


def bundle_of(incident_id: UUID) -> str:
    """The guesses of one incident are one notice."""
    return f"guesses:{incident_id}"


def gathering(
    session: Session, comment: Comment, kind: IncidentKind, audience: Audience, *, is_guess: bool
) -> Incident | None:
    """Return the open incident that a comment belongs to, if there is one.

    Comments gather by post when their kind does, when a crowd shouts the same, or when all are guesses that nobody has
    read yet: once somebody has taken those, the next guess is told and taken by itself.
    """
    spot, is_shouted = spot_of(comment), comment.harm in SHOUTED
    if spot is None or not (CARDS[kind].gathers or is_shouted or is_guess):
        return None
    query = (
        sa.select(Incident)
        .join(IncidentComment, IncidentComment.incident_id == Incident.id)
        .join(Comment, Comment.id == IncidentComment.comment_id)
        .where(
            spot.comments,
            Incident.state == IncidentState.OPEN,
            Incident.kind == kind,
            Incident.audience == audience,
            Incident.opened_at > clock.now() - GATHERS_FOR,
        )
    )
    if is_guess:
        query = query.where(Incident.summary == SUSPECTED, Incident.taken_at.is_(None))
    else:
        query = query.where(Incident.summary != SUSPECTED)
        query = query.where(Comment.harm == comment.harm) if is_shouted else query
    return session.scalars(query.limit(1)).first()


def must_leave(session: Session, incident: Incident, comment: Comment, decision: CommentDecision) -> bool:
    """A comment that fewer may know of, or that is no mere guess any more, gets an incident of its own."""
    is_surer = incident.summary == SUSPECTED and not is_suspicion(decision)
    if not is_surer and narrower(incident.audience, comment.audience) is incident.audience:
        return False
    family = IncidentComment.incident_id.in_(family_of(session, incident))
    links = session.scalars(sa.select(IncidentComment).where(family)).all()
    if len(links) < 2:
        return False
    for link in links:
        if link.comment_id == comment.id:
            session.delete(link)
    session.flush()
    return True
