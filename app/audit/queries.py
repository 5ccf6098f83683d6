"""Read the audit trail: the part of it that somebody asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.core import clock

STEPS = ("webhook", "notice", "delivery")
"""What the machine does by itself on the way to something that the record tells as well."""
REFERENCE = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the trail is wanted; an empty field narrows nothing."""

    who: str = ""
    about: str = ""
    """The kind of thing, such as `post`."""
    subject: UUID | None = None
    since: date | None = None
    until: date | None = None
    """The last day, included; days are London's."""
    reference: str = ""
    """What people call an incident by: the beginning of its id."""
    with_steps: bool = False
    """The machine's own steps too, which nobody looks for unless something went wrong."""


def events(
    session: Session, asked: Asked, *, unless: sa.ColumnElement[bool], limit: int, offset: int = 0
) -> Sequence[AuditEvent]:
    """Return the newest first, without those that the reader may not know of."""
    about = sa.or_(AuditEvent.subject_id.is_(None), ~unless)
    query = sa.select(AuditEvent).where(about, *_criteria(asked)).order_by(AuditEvent.sequence.desc())
    return session.scalars(query.limit(limit).offset(offset)).all()


def kinds(session: Session) -> Sequence[str]:
    """Return the kinds of things that the trail tells of."""
    return session.scalars(sa.select(AuditEvent.subject_type).distinct().order_by(AuditEvent.subject_type)).all()


def _criteria(asked: Asked) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if asked.who:
        wanted.append(AuditEvent.actor_name.icontains(asked.who, autoescape=True))
    if asked.about:
        wanted.append(AuditEvent.subject_type == asked.about)
    if asked.subject:
        wanted.append(AuditEvent.subject_id == asked.subject)
    if asked.reference:
        wanted.append(_begins_with(asked.reference.lower()))
    if not (asked.with_steps or asked.subject or asked.about in STEPS):
        wanted.append(sa.or_(AuditEvent.actor_id.is_not(None), AuditEvent.subject_type.not_in(STEPS)))
    if asked.since:
        wanted.append(AuditEvent.at >= _midnight(asked.since))
    if asked.until and asked.until < date.max:
        wanted.append(AuditEvent.at < _midnight(asked.until + timedelta(days=1)))
    return wanted


def _begins_with(reference: str) -> sa.ColumnElement[bool]:
    if not REFERENCE.fullmatch(reference):
        return sa.false()
    return AuditEvent.subject_id.between(UUID(reference + 24 * "0"), UUID(reference + 24 * "f"))


def _midnight(day: date) -> datetime:
    return clock.from_london(datetime.combine(day, time.min))
