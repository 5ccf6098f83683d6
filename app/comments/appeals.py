"""Somebody asks the school to look again: a second person decides, never the one who decided before."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import users
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
from app.comments.queries import open_appeal
from app.comments.workflow import AppealAction, appeal_workflow
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.notifications.services import notify

MOST_NAMED = 3


def record_appeal(session: Session, comment_id: UUID, *, words: str, actor: Actor) -> Appeal:
    """Keep what somebody said against a decision: what they ask, not who they are."""
    comment = ensure_may_read(session.get(Comment, comment_id), actor)
    if comment.state not in (CommentState.HIDDEN, CommentState.HIDING):
        raise WrongStateError("Only a hidden comment can be appealed. This one is not hidden.")
    if not words.strip():
        raise InvalidInputError("Write down what they ask, without their name.")
    if open_appeal(session, comment_id) is not None:
        raise WrongStateError("Somebody asked already, and it is being looked at.")
    people = set(_who_may_answer(session, comment, actor.user_id))
    if not people:
        raise WrongStateError("Nobody else at the school could answer it. Read the comment again and decide yourself.")
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
    notify(session, people, sentence, link=f"/comments/{comment.id}", bundle=f"appeal:{comment.id}")
    return appeal


def decide_appeal(
    session: Session, appeal_id: UUID, *, upholds: bool, reason: str, actor: Actor, is_sure: bool = False
) -> None:
    """Answer it. Whoever decided about the comment may not; the second person's word then stands."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFoundError
    comment = ensure_may_read(session.get(Comment, appeal.comment_id, with_for_update=True), actor)
    if not may_decide_appeal(session, comment, actor):
        raise NotPermittedError(why_not_you(session, comment, appeal, actor))
    if not reason.strip():
        raise InvalidInputError("Say why, in words that can be told to the person who asked.")
    move = AppealAction.UPHOLD if upholds else AppealAction.TURN_DOWN
    appeal_workflow.advance(session, appeal, move, actor=actor)
    appeal.decided_at, appeal.decided_by, appeal.reason = clock.now(), actor.user_id, reason.strip()[:2000]
    if upholds:
        services.restore_on_appeal(session, comment, reason=reason, is_sure=is_sure, actor=actor)


def may_decide_appeal(session: Session, comment: Comment, actor: Actor) -> bool:
    appeal = open_appeal(session, comment.id)
    if appeal is not None and appeal.recorded_by == actor.user_id:
        return False
    return comment.audience in audiences_of(actor) and actor.user_id not in _deciders(session, comment)


def why_not_you(session: Session, comment: Comment, appeal: Appeal, actor: Actor) -> str:
    """Say why this person may not answer, and by name who may; empty when they may themselves."""
    if may_decide_appeal(session, comment, actor):
        return ""
    decided = actor.user_id in _deciders(session, comment)
    others = _who_may_answer(session, comment, appeal.recorded_by)
    because = "You decided about this comment" if decided else "You wrote this down"
    return f"{because}, so somebody else answers: {_either(list(others.values()))}."


def _who_may_answer(session: Session, comment: Comment, recorded_by: UUID | None) -> dict[UUID, str]:
    """Return by name everybody who may read the comment today, and neither decided about it nor wrote this down."""
    out = {recorded_by, *_deciders(session, comment)}
    actors = [user.as_actor() for user in users(session) if user.id not in out]
    readers = [each for each in actors if each.may(Permission.COMMENT_READ) and comment.audience in audiences_of(each)]
    return {each.user_id: each.name for each in readers if each.user_id is not None}


def _either(names: Sequence[str]) -> str:
    if not names:
        return "nobody at the school may do so yet, so ask the administrator"
    few = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        few.append("somebody else who reads comments")
    return few[0] if len(few) == 1 else f"{', '.join(few[:-1])} or {few[-1]}"


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
