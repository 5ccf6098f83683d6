"""Who may know of an incident and who may write in it: the same circles as for comments."""

from dataclasses import replace

import sqlalchemy as sa

from app.comments.models import Audience
from app.comments.policies import audiences_of
from app.core.actors import Actor
from app.core.errors import NotFoundError, NotPermittedError
from app.core.permissions import Permission as P  # noqa: N817  the tables below are read by column
from app.incidents.models import Incident

READS = {
    Audience.GENERAL: P.INCIDENT_READ,
    Audience.DESIGNATED: P.SAFEGUARDING_READ,
    Audience.HEAD: P.COMMENT_DECIDE,
    Audience.CHAIR: P.ALLEGATION_ABOUT_HEAD_READ,
}
WRITES = {
    Audience.GENERAL: P.INCIDENT_WRITE,
    Audience.DESIGNATED: P.SAFEGUARDING_WRITE,
    Audience.HEAD: P.COMMENT_DECIDE,
    Audience.CHAIR: P.ALLEGATION_ABOUT_HEAD_READ,
}


def readable_by(actor: Actor) -> sa.ColumnElement[bool]:
    return Incident.audience.in_(sorted(audiences_of(actor, READS)))


def ensure_may_read(incident: Incident | None, actor: Actor) -> Incident:
    if incident is None or incident.audience not in audiences_of(actor, READS):
        raise NotFoundError
    return incident


def may_write(incident: Incident, actor: Actor) -> bool:
    return incident.audience in audiences_of(actor, READS) & audiences_of(actor, WRITES)


def as_writer(incident: Incident | None, actor: Actor) -> tuple[Incident, Actor]:
    """Return the incident and the actor with the right to write in this one, which its audience gives."""
    found = ensure_may_read(incident, actor)
    if not may_write(found, actor):
        raise NotPermittedError("You may read this incident but not write in it. Ask the headteacher.")
    return found, replace(actor, permissions=actor.permissions | {P.INCIDENT_WRITE})
