"""Write and verify the audit trail."""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, AuditHead
from app.core import clock
from app.core.actors import Actor

FIRST_HASH = "0" * 64


def record(
    session: Session,
    tag: str,
    *,
    actor: Actor,
    subject_type: str,
    subject_id: UUID | None,
    details: dict[str, object] | None = None,
) -> AuditEvent:
    """Add one event to the actor's school's chain, in the caller's transaction."""
    head = session.get(AuditHead, actor.school_id, with_for_update=True)
    if head is None:
        head = AuditHead(school_id=actor.school_id, sequence=0, hash=FIRST_HASH)
        session.add(head)
    event = AuditEvent(
        id=uuid4(),
        school_id=actor.school_id,
        sequence=head.sequence + 1,
        at=clock.now(),
        tag=tag,
        actor_id=actor.user_id,
        actor_name=actor.name,
        subject_type=subject_type,
        subject_id=subject_id,
        details=json.loads(json.dumps(details or {}, default=str)),
        previous_hash=head.hash,
    )
    event.hash = _hash_of(event)
    head.sequence, head.hash = event.sequence, event.hash
    session.add(event)
    session.flush()
    return event


def take_turn(session: Session, school_id: UUID) -> None:
    """Wait for the other writers of the school's trail: what is read after this holds until the commit."""
    session.get(AuditHead, school_id, with_for_update=True)


@dataclass(frozen=True, slots=True)
class ChainReport:
    school_id: UUID
    events: int
    problem: str | None


def verify(session: Session, school_id: UUID) -> ChainReport:
    """Walk one school's chain; `problem` names the first event that was changed, removed or put in."""
    sequence, previous = 0, FIRST_HASH
    with closing(_chain(session, school_id)) as chain:
        for event in chain:
            sequence += 1
            if event.sequence != sequence:
                return ChainReport(school_id, sequence, f"event {sequence} is missing")
            if event.previous_hash != previous or event.hash != _hash_of(event):
                return ChainReport(school_id, sequence, f"event {sequence} was changed")
            previous = event.hash
    head = session.get(AuditHead, school_id)
    if head is None or (head.sequence, head.hash) != (sequence, previous):
        return ChainReport(school_id, sequence, f"events after {sequence} are missing")
    return ChainReport(school_id, sequence, None)


def _chain(session: Session, school_id: UUID) -> sa.ScalarResult[AuditEvent]:
    query = sa.select(AuditEvent).where(AuditEvent.school_id == school_id).order_by(AuditEvent.sequence)
    return session.scalars(query.execution_options(yield_per=1000))


def hashed_text(event: AuditEvent) -> str:
    """Return exactly what the event's hash is taken of, so that anybody can take it again."""
    told = [
        event.previous_hash,
        str(event.id),
        str(event.school_id),
        event.sequence,
        event.at.isoformat(),
        event.tag,
        str(event.actor_id),
        event.actor_name,
        event.subject_type,
        str(event.subject_id),
        event.details,
    ]
    return json.dumps(told, sort_keys=True, ensure_ascii=True)


def _hash_of(event: AuditEvent) -> str:
    return hashlib.sha256(hashed_text(event).encode()).hexdigest()
