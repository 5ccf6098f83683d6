"""The disposal log: what was deleted for good, read from the audit trail, where nobody can change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.register.exporting import as_csv

DISPOSED = "%:disposed"
HEADINGS = ("Number in the record", "When", "What", "How many", "Why", "By whom", "Whose (id)")


@dataclass(frozen=True, slots=True)
class Disposal:
    sequence: int
    at: datetime
    what: str
    count: int
    reason: str
    by: str
    subject_id: UUID | None
    is_of_pupil: bool

    @property
    def when(self) -> str:
        return f"{clock.london(self.at):%d/%m/%Y %H:%M}"


def disposals(session: Session, *, limit: int | None = None, offset: int = 0) -> Sequence[Disposal]:
    """Return what was disposed of, the newest first."""
    query = sa.select(AuditEvent).where(AuditEvent.tag.like(DISPOSED)).order_by(AuditEvent.sequence.desc())
    return [_read(event) for event in session.scalars(query.limit(limit).offset(offset))]


def disposals_csv(session: Session, *, actor: Actor) -> bytes:
    """Return the whole log for the school's files; it names nobody, and that it was taken is on record."""
    actor.ensure(Permission.MATCHING_READ)
    rows = [
        (
            str(line.sequence),
            line.when,
            line.what,
            str(line.count),
            line.reason,
            line.by,
            str(line.subject_id or ""),
        )
        for line in disposals(session)
    ]
    details: dict[str, object] = {"list": "disposal log", "rows": len(rows)}
    record(session, "disposal-log:exported", actor=actor, subject_type="register", subject_id=None, details=details)
    return as_csv(HEADINGS, rows)


def _read(event: AuditEvent) -> Disposal:
    told = event.details
    what, reason = str(told.get("what", event.subject_type)), str(told.get("reason", ""))
    count = told.get("disposed", 1)
    is_of_pupil = event.subject_type == "pupil"
    return Disposal(event.sequence, event.at, what, int(count), reason, event.actor_name, event.subject_id, is_of_pupil)
