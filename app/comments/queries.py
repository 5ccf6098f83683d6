"""What a person may see of the comments. Every query asks who is looking."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any  # columns of many kinds are sorted by
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.models import Appeal, AppealState, Audience, Comment, CommentDecision, CommentState, DecisionAction
from app.comments.policies import decided_by, ensure_may_read, readable_by
from app.comments.spots import Spot
from app.core.actors import Actor
from moderation import Label, Severity
from moderation.policy import KEPT_IN_SIGHT

PAGE = 25
READ_ONE_BY_ONE = frozenset({*KEPT_IN_SIGHT, Label.FROM_A_CHILD, Label.REPORT_OF_ABUSE})
"""Whoever wrote this may ask to be heard: nobody settles it without having read it."""
SEEN = (CommentState.VISIBLE, CommentState.QUEUED)
IN_SIGHT = (*SEEN, CommentState.RESTORING)
"""Everybody can see it, or will in a moment."""
OUT_OF_SIGHT = (CommentState.HIDING, CommentState.HIDDEN)


class Tab(StrEnum):
    NEEDS_YOU = "needs-you"
    HIDDEN = "hidden"
    APPEALS = "appeals"
    SAMPLE = "sample"
    """Drawn for the weekly look at what the rules let stand."""
    ALL = "all"


def _in_tab(tab: Tab, actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    if tab is Tab.NEEDS_YOU:
        return (
            Comment.awaits_person.is_(True),
            decided_by(actor),
            Comment.state != CommentState.DELETED,  # but what a child wrote and took back is read all the same
        )
    if tab is Tab.HIDDEN:
        return (Comment.state.in_([CommentState.HIDING, CommentState.HIDDEN, CommentState.RESTORING]),)
    if tab is Tab.APPEALS:
        return (_is_asked_about(),)
    if tab is Tab.SAMPLE:
        return (Comment.sampled_at.is_not(None), Comment.state == CommentState.VISIBLE)
    return ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which comments a person looks at: by what they are and where they stand, never by who wrote them."""

    tab: Tab = Tab.NEEDS_YOU
    spot: Spot | None = None
    harm: str | None = None

    def criteria(self, actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
        wanted = [readable_by(actor), *_in_tab(self.tab, actor)]
        if self.spot is not None:
            wanted.append(self.spot.comments)
        if self.harm is not None:
            wanted.append(Comment.harm == self.harm)
        return tuple(wanted)


def comments_in(session: Session, choice: Choice, *, actor: Actor, page: int = 1) -> Sequence[Comment]:
    """Return one page of a choice, the most pressing first where a decision is wanted and else the latest first."""
    query = sa.select(Comment).where(*choice.criteria(actor)).order_by(*_order(choice))
    return session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()


def _order(choice: Choice) -> tuple[sa.ColumnElement[Any], ...]:
    """Put a cry for help that everybody can see first, then what is grave and can be seen: what is hidden can wait."""
    latest = (Comment.commented_at.desc(), Comment.id.asc())
    if choice.tab is not Tab.NEEDS_YOU:
        return latest
    pressing = sa.case(
        (sa.and_(_is_seen(), _is_any_of(KEPT_IN_SIGHT)), 0),
        (sa.and_(_is_seen(), Comment.severity >= Severity.HIGH), 1),
        else_=2,
    )
    return (pressing, Comment.severity.desc(), *latest)


def _is_seen() -> sa.ColumnElement[bool]:
    """Everybody can see it on the network, also while hiding it does not succeed."""
    stuck = sa.and_(Comment.state == CommentState.HIDING, Comment.problem.is_not(None))
    return sa.or_(Comment.state.in_(SEEN), stuck)


def _is_any_of(labels: Collection[Label]) -> sa.ColumnElement[bool]:
    said = sa.cast(Comment.categories, sa.Text)
    return sa.or_(*(said.contains(f'"{label.value}"') for label in sorted(labels)))


def may_be_decided_unseen(action: DecisionAction, actor: Actor) -> sa.ColumnElement[bool]:
    """Pick what this may be done to at once, without reading each: never what may be somebody who asks to be heard."""
    hides = action is DecisionAction.HIDE
    return sa.and_(
        decided_by(actor),
        Comment.audience == Audience.GENERAL,
        sa.and_(Comment.state.in_(SEEN), Comment.can_hide) if hides else Comment.state.in_(OUT_OF_SIGHT),
        ~_is_any_of(READ_ONE_BY_ONE),
        ~_is_asked_about(),
    )


def _is_asked_about() -> sa.ColumnElement[bool]:
    """Somebody asked to look again, so that a second person decides."""
    return sa.exists().where(Appeal.comment_id == Comment.id, Appeal.state == AppealState.OPEN)


def _must_be_read(actor: Actor) -> sa.ColumnElement[bool]:
    ways = (may_be_decided_unseen(action, actor) for action in (DecisionAction.LEAVE_HIDDEN, DecisionAction.HIDE))
    return sa.and_(~sa.or_(*ways), ~_is_asked_about())


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many of a choice may be left hidden at once, how many hidden, and how many a person must read."""

    leave_hidden: int
    hide: int
    one_by_one: int


def unseen_in(session: Session, choice: Choice, *, actor: Actor) -> Unseen:
    ways = (may_be_decided_unseen(action, actor) for action in (DecisionAction.LEAVE_HIDDEN, DecisionAction.HIDE))
    return Unseen(*(count_in(session, choice, actor=actor, only=way) for way in (*ways, _must_be_read(actor))))


def next_to_read(session: Session, choice: Choice, *, actor: Actor) -> UUID | None:
    """Return the most pressing comment of a choice that may not be decided without reading it."""
    query = sa.select(Comment.id).where(*choice.criteria(actor), _must_be_read(actor)).order_by(*_order(choice))
    return session.scalars(query.limit(1)).first()


def every_id_in(
    session: Session, choice: Choice, *, actor: Actor, action: DecisionAction | None = None
) -> Sequence[UUID]:
    """Return all of a choice, or all of it that this may be done to unseen, the worst first."""
    wanted = [may_be_decided_unseen(action, actor)] if action else []
    query = sa.select(Comment.id).where(*choice.criteria(actor), *wanted)
    return session.scalars(query.order_by(Comment.severity.desc(), Comment.commented_at)).all()


def count_in(session: Session, choice: Choice, *, actor: Actor, only: sa.ColumnElement[bool] | None = None) -> int:
    wanted = [] if only is None else [only]
    query = sa.select(sa.func.count()).select_from(Comment).where(*choice.criteria(actor), *wanted)
    return session.scalar(query) or 0


def harms_in(session: Session, choice: Choice, *, actor: Actor) -> Sequence[tuple[str, int]]:
    """Count a choice by what the comments are, the commonest first."""
    count = sa.func.count().label("count")
    query = sa.select(Comment.harm, count).where(*replace(choice, harm=None).criteria(actor), Comment.harm.is_not(None))
    rows = session.execute(query.group_by(Comment.harm).order_by(count.desc(), Comment.harm))
    return [(harm or "", number) for harm, number in rows]


def comments_needing(session: Session, actor: Actor) -> int:
    """Count what waits for this person's decision, for the dashboard and the navigation."""
    return count_in(session, Choice(), actor=actor)


def count_under(session: Session, post_id: UUID, *, actor: Actor) -> int:
    return count_in(session, Choice(Tab.ALL, Spot(post_id)), actor=actor)


def readable_comment(session: Session, comment_id: UUID, *, actor: Actor) -> Comment:
    """Return the comment, or say that there is none to whoever may not know of it."""
    return ensure_may_read(session.get(Comment, comment_id), actor)


def open_appeal(session: Session, comment_id: UUID) -> Appeal | None:
    query = sa.select(Appeal).where(Appeal.comment_id == comment_id, Appeal.state == AppealState.OPEN)
    return session.scalars(query.limit(1)).first()


def open_appeals_on(session: Session, comments: Sequence[Comment]) -> dict[UUID, Appeal]:
    ids = [comment.id for comment in comments]
    query = sa.select(Appeal).where(Appeal.comment_id.in_(ids), Appeal.state == AppealState.OPEN)
    return {appeal.comment_id: appeal for appeal in session.scalars(query)}


def decisions_on(session: Session, comment_id: UUID) -> Sequence[CommentDecision]:
    """Return the history of a comment that the caller may read, the latest first."""
    query = sa.select(CommentDecision).where(CommentDecision.comment_id == comment_id)
    return session.scalars(query.order_by(CommentDecision.at.desc())).all()


def latest_rule_decisions(session: Session, comments: Sequence[Comment]) -> dict[UUID, CommentDecision]:
    """Return what the rules said last of each of these comments: the reasons that a person is shown."""
    return _latest(session, comments, CommentDecision.is_by_person.is_(False))


def latest_person_decisions(session: Session, comments: Sequence[Comment]) -> dict[UUID, CommentDecision]:
    return _latest(session, comments, CommentDecision.is_by_person.is_(True))


def latest_settlements(session: Session, comments: Sequence[Comment]) -> dict[UUID, CommentDecision]:
    """Return what a person decided last about each of these by itself, and not about the whole post."""
    by_itself = CommentDecision.action.not_in([DecisionAction.LOCK_DOWN, DecisionAction.LIFT])
    return _latest(session, comments, sa.and_(CommentDecision.is_by_person.is_(True), by_itself))


def _latest(
    session: Session, comments: Sequence[Comment], criterion: sa.ColumnElement[bool]
) -> dict[UUID, CommentDecision]:
    ids = [comment.id for comment in comments]
    query = sa.select(CommentDecision).where(CommentDecision.comment_id.in_(ids), criterion)
    return {decision.comment_id: decision for decision in session.scalars(query.order_by(CommentDecision.at))}
