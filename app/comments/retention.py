"""Keep no comment longer than there is a reason for: copies for a year, evidence as long as it may be needed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.comments.ingesting import forget
from app.comments.models import Comment, CommentDecision, CommentState, DecisionAction, Evidence
from app.comments.promises import judging_actor
from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.schools.models import School

WORKING_COPY = timedelta(days=365)
"""A comment that nobody acted on is then forgotten here; on the network it stays as it is."""
CALM_EVIDENCE = timedelta(days=30)
"""What was hidden for a lock-down alone and shown again: long enough for somebody to ask why."""
EVIDENCE = timedelta(days=6 * 365)
"""As long as a claim may be brought; what an incident holds stays as long as the incident."""
FEW = 200
_GRAVE = (DecisionAction.ESCALATE,)
_ACTED = (*_GRAVE, DecisionAction.HIDE, DecisionAction.LEAVE_HIDDEN, DecisionAction.DELETE)
_MOVING = (CommentState.RECEIVED, CommentState.HIDING, CommentState.RESTORING, CommentState.DELETING)


def tidy_schools(database: Database) -> None:
    with database.reading(EVERY_SCHOOL) as session:
        schools = session.scalars(sa.select(School.id)).all()
    for school_id in schools:
        _tidy(database, school_id)


def _tidy(database: Database, school_id: UUID) -> None:
    now = clock.now()
    with database.transaction(school_id) as session:
        _dispose(session, _calm(now - CALM_EVIDENCE))
        _dispose(session, _old(now - EVIDENCE))
        for comment in session.scalars(_stale(now - WORKING_COPY).limit(FEW)):
            forget(session, comment)


def _dispose(session: Session, query: sa.Select[Evidence]) -> None:
    """Delete evidence that has outlived its reason; that it existed, and when it went, stays in the record."""
    free = sa.or_(Evidence.held_until.is_(None), Evidence.held_until < clock.now())
    for evidence in session.scalars(query.where(free).limit(FEW)).all():
        _delete(session, evidence)


def _delete(session: Session, evidence: Evidence) -> None:
    record(
        session,
        "comment:evidence-disposed",
        actor=judging_actor(session),
        subject_type="comment",
        subject_id=evidence.comment_id,
        details={"evidence_id": evidence.id, "sha256": evidence.sha256, "captured_at": evidence.captured_at},
    )
    session.delete(evidence)


def dispose_of(session: Session, comment_ids: Collection[UUID]) -> None:
    """Forget comments and their evidence, now that what they were held for has outlived its time."""
    for evidence in session.scalars(sa.select(Evidence).where(Evidence.comment_id.in_(comment_ids))).all():
        _delete(session, evidence)
    for comment in session.scalars(sa.select(Comment).where(Comment.id.in_(comment_ids))).all():
        forget(session, comment)
        comment.awaits_person = False


def _calm(before: datetime) -> sa.Select[Evidence]:
    """Evidence of comments that a lock-down hid, that no rule and no person hid for what they say."""
    decided = sa.select(CommentDecision.id).where(CommentDecision.comment_id == Evidence.comment_id)
    lifted = decided.where(CommentDecision.action == DecisionAction.LIFT, CommentDecision.at < before)
    acted = decided.where(sa.or_(CommentDecision.hides, CommentDecision.action.in_(_ACTED)))
    return sa.select(Evidence).where(Evidence.captured_at < before, lifted.exists(), ~acted.exists())


def _old(before: datetime) -> sa.Select[Evidence]:
    grave = sa.exists().where(
        CommentDecision.comment_id == Evidence.comment_id,
        sa.or_(CommentDecision.action.in_(_GRAVE), CommentDecision.is_restricted),
    )
    return sa.select(Evidence).where(Evidence.captured_at < before, ~grave)


def _stale(before: datetime) -> sa.Select[Comment]:
    kept = sa.exists().where(Evidence.comment_id == Comment.id)
    return sa.select(Comment).where(
        Comment.received_at < before,
        Comment.blanked_at.is_(None),
        Comment.awaits_person.is_(False),
        Comment.state.not_in(_MOVING),
        ~kept,
    )
