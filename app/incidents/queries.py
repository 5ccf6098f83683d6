"""What a person may see of the incidents. Every query asks who is looking; none lists by a comment's author."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.audit.models import AuditEvent
from app.comments.models import Appeal, Audience, Comment
from app.comments.policies import audiences_of
from app.comments.reply_models import Reply
from app.core import clock
from app.core.actors import Actor
from app.incidents.models import (
    AuthorityReport,
    EvidencePack,
    Incident,
    IncidentComment,
    IncidentNote,
    IncidentPicture,
    IncidentState,
    SupportOffer,
)
from app.incidents.policies import ensure_may_read, readable_by

MOST = 200
MOST_COMMENTS = 30
"""So many comments of one incident are shown on its page; a pile-on is looked through in the queue."""


def incidents(
    session: Session, *, actor: Actor, state: IncidentState = IncidentState.OPEN, audience: Audience | None = None
) -> Sequence[Incident]:
    """Return the incidents that the actor may know of, the gravest first."""
    query = sa.select(Incident).where(readable_by(actor), Incident.state == state)
    if audience is not None:
        query = query.where(Incident.audience == audience)
    return session.scalars(query.order_by(Incident.severity.desc(), Incident.opened_at.desc()).limit(MOST)).all()


def open_incidents(session: Session, actor: Actor) -> int:
    """Count the open incidents that the actor may know of, for the dashboard."""
    query = sa.select(sa.func.count()).select_from(Incident)
    return session.scalar(query.where(readable_by(actor), Incident.state == IncidentState.OPEN)) or 0


def late_reports(session: Session, actor: Actor) -> int:
    """Count the reports to authorities that should have been made by now."""
    main = sa.orm.aliased(Incident)
    query = (
        sa.select(sa.func.count())
        .select_from(AuthorityReport)
        .join(Incident, Incident.id == AuthorityReport.incident_id)
        .join(main, main.id == sa.func.coalesce(Incident.merged_into_id, Incident.id))
        .where(readable_by(actor), main.state == IncidentState.OPEN, *is_late())
    )
    return session.scalar(query) or 0


def is_late() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        AuthorityReport.reported_at.is_(None),
        AuthorityReport.not_needed_because.is_(None),
        AuthorityReport.wanted_by < clock.now(),
    )


def readable_incident(session: Session, incident_id: UUID, *, actor: Actor) -> Incident:
    return ensure_may_read(session.get(Incident, incident_id), actor)


def incident_of(session: Session, comment_id: UUID, *, actor: Actor) -> Incident | None:
    """Return the incident that a comment led to, if the actor may know of it."""
    found = incident_with(session, comment_id)
    return found and session.scalar(sa.select(Incident).where(readable_by(actor), Incident.id == found.id))


def incident_with(session: Session, comment_id: UUID) -> Incident | None:
    """Return the incident that follows a comment up, and of doubles the one that goes on."""
    query = sa.select(Incident).join(IncidentComment, IncidentComment.incident_id == Incident.id)
    found = session.scalar(query.where(IncidentComment.comment_id == comment_id))
    return found if found is None else main_of(session, found)


def main_of(session: Session, incident: Incident) -> Incident:
    return session.get_one(Incident, incident.merged_into_id) if incident.merged_into_id else incident


def family_of(session: Session, incident: Incident) -> list[UUID]:
    """Return the incident and the doubles that were joined to it: their papers are read together."""
    doubles = session.scalars(sa.select(Incident.id).where(Incident.merged_into_id == incident.id))
    return [incident.id, *doubles]


def comments_of(session: Session, incident: Incident) -> Sequence[UUID]:
    """Return the comments that an incident and its doubles are about."""
    family = family_of(session, incident)
    return session.scalars(sa.select(IncidentComment.comment_id).where(IncidentComment.incident_id.in_(family))).all()


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """Everything that belongs to one incident."""

    notes: Sequence[IncidentNote]
    support: Sequence[SupportOffer]
    reports: Sequence[AuthorityReport]
    pictures: Sequence[IncidentPicture]
    packs: Sequence[EvidencePack]
    comments: Sequence[Comment]
    comment_count: int
    history: Sequence[AuditEvent]


def file_of(
    session: Session, incident: Incident, *, actor: Actor, most_comments: int | None = MOST_COMMENTS
) -> IncidentFile:
    """Return the papers of an incident that the actor may read."""
    family = family_of(session, incident)
    packs = sa.select(EvidencePack).where(EvidencePack.incident_id.in_(family))
    notes = sa.select(IncidentNote).where(IncidentNote.incident_id.in_(family))
    support = sa.select(SupportOffer).where(SupportOffer.incident_id.in_(family))
    reports = sa.select(AuthorityReport).where(AuthorityReport.incident_id.in_(family))
    pictures = sa.select(IncidentPicture).where(IncidentPicture.incident_id.in_(family))
    links = sa.select(IncidentComment.comment_id).where(IncidentComment.incident_id.in_(family))
    known = Comment.audience.in_(sorted(audiences_of(actor)))
    comments = sa.select(Comment).where(Comment.id.in_(links), known)
    count = sa.select(sa.func.count()).select_from(comments.subquery())
    comments = comments.order_by(Comment.severity.desc(), Comment.commented_at)
    return IncidentFile(
        notes=session.scalars(notes.order_by(IncidentNote.at)).all(),
        support=session.scalars(support.order_by(SupportOffer.offered_at)).all(),
        reports=session.scalars(reports.order_by(AuthorityReport.wanted_by, AuthorityReport.authority)).all(),
        pictures=session.scalars(pictures.order_by(IncidentPicture.added_at)).all(),
        packs=session.scalars(packs.order_by(EvidencePack.wanted_at.desc())).all(),
        comments=session.scalars(comments.limit(most_comments)).all(),
        comment_count=session.scalar(count) or 0,
        history=events_of(session, family),
    )


def events_of(session: Session, subject_ids: Collection[UUID]) -> Sequence[AuditEvent]:
    """Return what the audit record holds of these and of nothing else."""
    query = sa.select(AuditEvent).where(AuditEvent.subject_id.in_(subject_ids))
    return session.scalars(query.order_by(AuditEvent.sequence)).all()


def joinable(session: Session, incident: Incident, *, actor: Actor) -> Sequence[Incident]:
    """Return the open incidents of the same circle that this one may be a double of."""
    query = sa.select(Incident).where(
        readable_by(actor),
        Incident.state == IncidentState.OPEN,
        Incident.audience == incident.audience,
        Incident.id != incident.id,
    )
    return session.scalars(query.order_by(Incident.opened_at.desc()).limit(20)).all()


def comment_counts(session: Session, found: Collection[Incident]) -> Mapping[UUID, int]:
    """Count the comments that each of these incidents is about."""
    main = sa.func.coalesce(Incident.merged_into_id, Incident.id)
    query = (
        sa.select(main, sa.func.count())
        .select_from(IncidentComment)
        .join(Incident, Incident.id == IncidentComment.incident_id)
        .where(main.in_([incident.id for incident in found]))
        .group_by(main)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def confidential_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Pick the events of the audit record that are about confidential matters which the actor may not know of."""
    incidents_kept = sa.select(Incident.id).where(Incident.audience != Audience.GENERAL, ~readable_by(actor))
    known = Comment.audience.in_(sorted(audiences_of(actor)))
    comments_kept = sa.select(Comment.id).where(Comment.audience != Audience.GENERAL, ~known)
    kept = (
        incidents_kept,
        comments_kept,
        sa.select(Appeal.id).where(Appeal.comment_id.in_(comments_kept)),
        sa.select(Reply.id).where(Reply.comment_id.in_(comments_kept)),
    )
    return sa.or_(*(AuditEvent.subject_id.in_(each) for each in kept))


def pack_names(session: Session, packs: Collection[EvidencePack]) -> Mapping[UUID, str]:
    return names_of(session, [pack.wanted_by for pack in packs])


@dataclass(frozen=True, slots=True)
class Tasks:
    """The reports of one incident that are still to be made."""

    waiting: int = 0
    late: int = 0
    first: datetime | None = None
    """When the first of them is due."""


def tasks_of(session: Session, found: Collection[Incident]) -> Mapping[UUID, Tasks]:
    """Count what is still to be reported of each of these incidents."""
    main = sa.func.coalesce(Incident.merged_into_id, Incident.id)
    waits = (AuthorityReport.reported_at.is_(None), AuthorityReport.not_needed_because.is_(None))
    late = sa.func.sum(sa.case((sa.and_(*is_late()), 1), else_=0))
    query = (
        sa.select(main, sa.func.count(), late, sa.func.min(AuthorityReport.wanted_by))
        .select_from(AuthorityReport)
        .join(Incident, Incident.id == AuthorityReport.incident_id)
        .where(main.in_([incident.id for incident in found]), *waits)
        .group_by(main)
    )
    return {row[0]: Tasks(row[1], int(row[2]), row[3]) for row in session.execute(query)}
