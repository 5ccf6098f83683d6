"""What a person may see of the comments. Every query asks who is looking."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.models import Comment, CommentDecision, CommentState
from app.comments.policies import ensure_may_read, readable_by
from app.core.actors import Actor

PAGE = 25


class Tab(StrEnum):
    NEEDS_YOU = "needs-you"
    HIDDEN = "hidden"
    ALL = "all"


def _in_tab(tab: Tab) -> tuple[sa.ColumnElement[bool], ...]:
    if tab is Tab.NEEDS_YOU:
        return (
            Comment.awaits_person.is_(True),
            Comment.state.not_in([CommentState.DELETED, CommentState.GONE]),
        )
    if tab is Tab.HIDDEN:
        return (Comment.state.in_([CommentState.HIDING, CommentState.HIDDEN, CommentState.RESTORING]),)
    return ()


def comments_in(
    session: Session, tab: Tab, *, actor: Actor, post_id: UUID | None = None, page: int = 1
) -> Sequence[Comment]:
    """Return one page of a tab, the worst first where a decision is wanted and else the latest first."""
    query = sa.select(Comment).where(readable_by(actor), *_in_tab(tab))
    if post_id is not None:
        query = query.where(Comment.post_id == post_id)
    latest = (Comment.commented_at.desc(), Comment.id)
    order = (Comment.severity.desc(), *latest) if tab is Tab.NEEDS_YOU else latest
    return session.scalars(query.order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all()


def count_in(session: Session, tab: Tab, *, actor: Actor, post_id: UUID | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(Comment).where(readable_by(actor), *_in_tab(tab))
    if post_id is not None:
        query = query.where(Comment.post_id == post_id)
    return session.scalar(query) or 0


def comments_needing(session: Session, actor: Actor) -> int:
    """Count what waits for this person's decision, for the dashboard and the navigation."""
    return count_in(session, Tab.NEEDS_YOU, actor=actor)


def count_under(session: Session, post_id: UUID, *, actor: Actor) -> int:
    return count_in(session, Tab.ALL, actor=actor, post_id=post_id)


def readable_comment(session: Session, comment_id: UUID, *, actor: Actor) -> Comment:
    """Return the comment, or say that there is none to whoever may not know of it."""
    return ensure_may_read(session.get(Comment, comment_id), actor)


def decisions_on(session: Session, comment_id: UUID) -> Sequence[CommentDecision]:
    """Return the history of a comment that the caller may read, the latest first."""
    query = sa.select(CommentDecision).where(CommentDecision.comment_id == comment_id)
    return session.scalars(query.order_by(CommentDecision.at.desc())).all()


def latest_rule_decisions(session: Session, comments: Sequence[Comment]) -> dict[UUID, CommentDecision]:
    """Return what the rules said last of each of these comments: the reasons that a person is shown."""
    return _latest(session, comments, CommentDecision.is_by_person.is_(False))


def latest_person_decisions(session: Session, comments: Sequence[Comment]) -> dict[UUID, CommentDecision]:
    return _latest(session, comments, CommentDecision.is_by_person.is_(True))


def _latest(
    session: Session, comments: Sequence[Comment], criterion: sa.ColumnElement[bool]
) -> dict[UUID, CommentDecision]:
    ids = [comment.id for comment in comments]
    query = sa.select(CommentDecision).where(CommentDecision.comment_id.in_(ids), criterion)
    return {decision.comment_id: decision for decision in session.scalars(query.order_by(CommentDecision.at))}
