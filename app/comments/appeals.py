"""Somebody asks the school to look again: a second person decides, never the one who decided before."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.comments import services
from app.comments.models import Appeal, AppealState, Comment, CommentState
from app.comments.policies import ensure_may_read, may_decide, readable_by
from app.comments.queries import IN_SIGHT, open_appeal
from app.comments.second_person import Roll, either, roll_for
from app.comments.workflow import AppealAction, appeal_workflow
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
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
    roll = roll_for(session, [comment])
    people = {each.user_id for each in roll.answerers(comment, actor.user_id) if each.user_id is not None}
    if not people:
        raise WrongStateError(_what_instead(roll, comment, actor))
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


def ensure_as_seen(session: Session, comment_id: UUID, appeal_id: UUID, seen_sha256: str, *, actor: Actor) -> None:
    """Refuse an answer meant for another comment, or for words that were edited while it was written."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None or appeal.comment_id != comment_id:
        raise NotFoundError
    services.ensure_unchanged(session, comment_id, seen_sha256, actor=actor)


def decide_appeal(
    session: Session, appeal_id: UUID, *, upholds: bool, reason: str, actor: Actor, is_sure: bool = False
) -> None:
    """Answer it. Whoever decided about the comment may not; the second person's word then stands."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFoundError
    comment = ensure_may_read(session.get(Comment, appeal.comment_id, with_for_update=True), actor)
    if refusal := why_not_you(roll_for(session, [comment]), comment, appeal, actor):
        raise NotPermittedError(refusal)
    if not reason.strip():
        raise InvalidInputError("Say why, in words that can be told to the person who asked.")
    if not upholds and comment.state in IN_SIGHT:
        raise WrongStateError("This comment can be seen already, so it does not stay hidden. Reload the page.")
    move = AppealAction.UPHOLD if upholds else AppealAction.TURN_DOWN
    appeal_workflow.advance(session, appeal, move, actor=actor)
    appeal.decided_at, appeal.decided_by, appeal.reason = clock.now(), actor.user_id, reason.strip()[:2000]
    if upholds:
        services.restore_on_appeal(session, comment, reason=reason, is_sure=is_sure, actor=actor)


def why_not_you(roll: Roll, comment: Comment, appeal: Appeal, actor: Actor) -> str:
    """Say why this person may not answer, and by name who may; empty when they may themselves."""
    if roll.may_answer(comment, appeal.recorded_by, actor):
        return ""
    others = roll.answerers(comment, appeal.recorded_by)
    if not others:
        return f"Nobody at the school may answer this as a second person now. {_who_decides(roll, comment, actor)}"
    if roll.has_decided(comment, actor):
        return f"You decided about this comment, so somebody else answers: {either(others)}."
    because = "You wrote this down, so somebody else answers" if appeal.recorded_by == actor.user_id else "May answer"
    return f"{because}: {either(others)}."


def _what_instead(roll: Roll, comment: Comment, actor: Actor) -> str:
    """Say what to do where nobody could answer what this person writes down."""
    others = [each for each in roll.readers(comment) if each.user_id != actor.user_id]
    if others and not roll.has_decided(comment, actor):
        return f"Nobody but you could answer it. Ask {either(others)} to write it down, then you answer."
    return f"Nobody at the school could answer it as a second person. {_who_decides(roll, comment, actor)}"


def _who_decides(roll: Roll, comment: Comment, actor: Actor) -> str:
    if may_decide(comment, actor):
        return "Read the comment again and decide yourself."
    able = roll.able_to_decide(comment)
    return f"Ask {either(able)} to read the comment again and decide." if able else "Ask the administrator."


def appeals_on(session: Session, comment_id: UUID) -> Sequence[Appeal]:
    query = sa.select(Appeal).where(Appeal.comment_id == comment_id)
    return session.scalars(query.order_by(Appeal.asked_at.desc())).all()


def open_appeals(session: Session, *, actor: Actor) -> int:
    query = sa.select(sa.func.count()).select_from(Appeal).join(Comment, Comment.id == Appeal.comment_id)
    return session.scalar(query.where(Appeal.state == AppealState.OPEN, readable_by(actor))) or 0
