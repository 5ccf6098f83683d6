"""Somebody asks the school to look again: a second person decides, never the one who decided before."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.audit.services import record
from app.comments import services
from app.comments.models import (
    SPEAK_OF_THE_WORDS,
    Appeal,
    AppealState,
    Comment,
    CommentDecision,
    CommentState,
    DecisionAction,
)
from app.comments.policies import audiences_of, ensure_may_read, readable_by
from app.comments.workflow import AppealAction, appeal_workflow
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.notifications.services import notify


def record_appeal(session: Session, comment_id: UUID, *, words: str, actor: Actor) -> Appeal:
    """Keep what somebody said against a decision: what they ask, not who they are."""
    comment = ensure_may_read(session.get(Comment, comment_id), actor)
    if comment.state not in (CommentState.HIDDEN, CommentState.HIDING):
        raise WrongStateError("Only a hidden comment can be appealed. This one is not hidden.")
    if not words.strip():
        raise InvalidInputError("Write down what they ask, without their name.")
    if open_appeal(session, comment_id) is not None:
        raise WrongStateError("Somebody asked already, and it is being looked at.")
    appeal = Appeal(
        id=uuid4(),
        comment_id=comment.id,
        state=AppealState.OPEN,
        asked_at=clock.now(),
        recorded_by=actor.user_id,
        words=words.strip()[:2000],
    )
    session.add(appeal)
    session.flush()
    record(session, "appeal:recorded", actor=actor, subject_type="appeal", subject_id=appeal.id)
    sentence = "Somebody asks to look again at a hidden comment. A person who did not decide about it may answer."
    people = set(user_ids_with(session, Permission.COMMENT_READ)) - {actor.user_id} - _deciders(session, comment)
    notify(session, people, sentence, link=f"/comments/{comment.id}", bundle=f"appeal:{comment.id}")
    return appeal


def decide_appeal(session: Session, appeal_id: UUID, *, upholds: bool, reason: str, actor: Actor) -> None:
    """Answer it. Whoever decided about the comment may not; the second person's word then stands."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFoundError
    comment = ensure_may_read(session.get(Comment, appeal.comment_id, with_for_update=True), actor)
    if not may_decide_appeal(session, comment, actor):
        raise NotPermittedError("You decided about this or wrote the appeal down, so somebody else must answer it.")
    if not reason.strip():
        raise InvalidInputError("Say why, in words that can be told to the person who asked.")
    move = AppealAction.UPHOLD if upholds else AppealAction.TURN_DOWN
    appeal_workflow.advance(session, appeal, move, actor=actor)
    appeal.decided_at, appeal.decided_by, appeal.reason = clock.now(), actor.user_id, reason.strip()[:2000]
    if upholds:
        services.restore_on_appeal(session, comment, reason=reason, actor=actor)


def may_decide_appeal(session: Session, comment: Comment, actor: Actor) -> bool:
    appeal = open_appeal(session, comment.id)
    if appeal is not None and appeal.recorded_by == actor.user_id:
        return False
    return comment.audience in audiences_of(actor) and actor.user_id not in _deciders(session, comment)


def open_appeal(session: Session, comment_id: UUID) -> Appeal | None:
    query = sa.select(Appeal).where(Appeal.comment_id == comment_id, Appeal.state == AppealState.OPEN)
    return session.scalars(query.limit(1)).first()


def appeals_on(session: Session, comment_id: UUID) -> Sequence[Appeal]:
    query = sa.select(Appeal).where(Appeal.comment_id == comment_id)
    return session.scalars(query.order_by(Appeal.asked_at.desc())).all()


def open_appeals(session: Session, *, actor: Actor) -> int:
    query = sa.select(sa.func.count()).select_from(Appeal).join(Comment, Comment.id == Appeal.comment_id)
    return session.scalar(query.where(Appeal.state == AppealState.OPEN, readable_by(actor))) or 0


def _deciders(session: Session, comment: Comment) -> set[UUID | None]:
    """Return everybody who decided about the comment's present words; nobody when only the rules did."""
    query = sa.select(CommentDecision.decided_by).where(
        CommentDecision.comment_id == comment.id,
        CommentDecision.text_sha256 == comment.text_sha256,
        CommentDecision.is_by_person,
        CommentDecision.action.in_(SPEAK_OF_THE_WORDS | {DecisionAction.LOCK_DOWN}),
    )
    return set(session.scalars(query))
