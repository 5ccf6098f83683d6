"""What anybody of the school may pass on: something seen elsewhere, and contact from a child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.comments.circles import narrower, speaks_of_designated
from app.comments.context import context_of
from app.comments.models import Audience
from app.comments.names import names_of_school
from app.core import clock
from app.core.actors import Actor
from app.core.db import Database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.incidents.guessing import guess
from app.incidents.kinds import CARDS
from app.incidents.models import Incident, IncidentKind, IncidentState
from app.incidents.opening import circle_of, open_incident, tell
from app.incidents.pictures import CleanPicture, add_picture
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify
from app.schools.services import school_with

SEEN = "Somebody of the school passed on something that was seen elsewhere. Open it now."
FROM_A_CHILD = "A child contacted the school. Open it now."
MOST_WORDS = 20_000
SENT_AGAIN = timedelta(minutes=30)
"""The same words of the same person within this time are one matter."""


class Concern(StrEnum):
    """What the reporter of something seen elsewhere is asked: it decides who is told."""

    UNSURE = "unsure"
    COLLEAGUE = "colleague"
    GENERAL = "general"
    CHILD = "child"
    CONTACT = "contact"
    ADULT = "adult"
    LEAD = "lead"
    HEAD = "head"


_KIND_OF = {
    Concern.CHILD: IncidentKind.CHILD_AT_RISK,
    Concern.CONTACT: IncidentKind.CONTACT_WITH_CHILD,
    Concern.ADULT: IncidentKind.ALLEGATION,
    Concern.LEAD: IncidentKind.ALLEGATION,
    Concern.HEAD: IncidentKind.ALLEGATION_HEAD,
}


@dataclass(frozen=True, slots=True)
class Sorted:
    """What an incident is taken for before anybody has looked at it."""

    kind: IncidentKind
    audience: Audience
    characteristics: Sequence[str] = ()


UNREAD_PICTURE = Sorted(IncidentKind.CHILD_AT_RISK, CARDS[IncidentKind.CHILD_AT_RISK].audience)
"""A screenshot without a word, of which its reporter is not sure: taken for the gravest until somebody has looked."""


def sort_out(database: Database, school_id: UUID, concern: Concern, text: str, *, has_picture: bool = False) -> Sorted:
    """Join what the reporter says with what the words say: whichever lets fewer people know."""
    if has_picture and not text.strip() and concern is Concern.UNSURE:
        return UNREAD_PICTURE
    with database.reading(school_id) as session:
        names = names_of_school(session)
        context = context_of(school_with(session, school_id).settings, names)
    kind, audience, characteristics = guess(text, context, names)
    if concern in _KIND_OF:
        said = _KIND_OF[concern]
        circle = CARDS[said].audience
        if concern is Concern.LEAD or (concern is Concern.ADULT and speaks_of_designated(text, names)):
            circle = Audience.HEAD
        kind = said if narrower(circle, audience) is circle else kind
        audience = narrower(circle, audience)
    if concern is Concern.COLLEAGUE and kind is IncidentKind.OTHER:
        kind = IncidentKind.ABUSE_OF_STAFF  # only where the words themselves say nothing graver
    return Sorted(kind, audience, characteristics)


def report_seen_elsewhere(
    session: Session,
    *,
    found: Sorted,
    concern: Concern,
    what: str,
    picture: CleanPicture | None = None,
    actor: Actor,
) -> Incident:
    """Anybody of the school may pass on what they saw elsewhere; whom it reaches follows from what it is about."""
    if not what.strip() and picture is None:
        raise InvalidInputError("Paste a link, add a screenshot, or say in a sentence what you saw.")
    summary = what.strip()[:MOST_WORDS] or "A screenshot."
    if picture is None and (before := _passed_on_before(session, found, summary, actor)) is not None:
        return before
    incident = _incident(found, summary, actor)
    open_incident(session, incident, actor=actor)
    if picture is not None:
        add_picture(session, incident, picture, actor=actor)
    tell(session, incident, SEEN)
    if incident.audience is Audience.GENERAL and concern is Concern.UNSURE:
        _tell_leads(session, incident)
    return incident


def report_contact_from_child(
    session: Session,
    *,
    how: str,
    words: str,
    who: str = "",
    picture: CleanPicture | None = None,
    actor: Actor,
) -> Incident:
    """A child wrote or spoke to the school: the designated persons hear of it at once."""
    if not words.strip():
        raise InvalidInputError("Write down what the child wrote or said, in their own words.")
    told = [f"{how}.", f"In the child's own words: “{words.strip()}”"]
    if who.strip():
        told.append(f"The child, as far as known: {who.strip()}")
    card = CARDS[IncidentKind.CONTACT_FROM_CHILD]
    found = Sorted(IncidentKind.CONTACT_FROM_CHILD, card.audience)
    summary = "\n".join(told)[:MOST_WORDS]
    if picture is None and (before := _passed_on_before(session, found, summary, actor)) is not None:
        return before
    incident = _incident(found, summary, actor)
    open_incident(session, incident, actor=actor)
    if picture is not None:
        add_picture(session, incident, picture, actor=actor)
    tell(session, incident, FROM_A_CHILD)
    return incident


def _passed_on_before(session: Session, found: Sorted, summary: str, actor: Actor) -> Incident | None:
    """Return what this person passed on in just these words a moment ago: a form that was sent again."""
    if actor.user_id is None:
        return None
    query = sa.select(Incident).where(
        Incident.opened_by == actor.user_id,
        Incident.summary == summary,
        Incident.kind == found.kind,
        Incident.audience == found.audience,
        Incident.opened_at > clock.now() - SENT_AGAIN,
    )
    return session.scalars(query.limit(1)).first()


def _tell_leads(session: Session, incident: Incident) -> None:
    """Nobody knows what it is about, so it may be about a child: the safeguarding lead looks as well."""
    leads = set(user_ids_with(session, Permission.SAFEGUARDING_READ)) - set(circle_of(session, incident.audience))
    notify(session, leads, SEEN, link=f"/incidents/{incident.id}", urgency=NoticeUrgency.AT_ONCE)


def receipt_of(session: Session, incident_id: UUID, *, actor: Actor) -> Incident:
    """Return what somebody passed on themselves, for its receipt alone."""
    incident = session.get(Incident, incident_id)
    if incident is None or actor.user_id is None or incident.opened_by != actor.user_id:
        raise NotFoundError
    return incident


def _incident(found: Sorted, summary: str, actor: Actor) -> Incident:
    return Incident(
        id=uuid4(),
        kind=found.kind,
        state=IncidentState.OPEN,
        audience=found.audience,
        summary=summary,
        characteristics=list(found.characteristics),
        severity=SEVERITY[found.audience],
        opened_at=clock.now(),
        opened_by=actor.user_id,
    )


SEVERITY = {Audience.GENERAL: 2, Audience.DESIGNATED: 3, Audience.HEAD: 3, Audience.CHAIR: 3}
"""How high it stands among the incidents until somebody has looked."""
