"""Which comments of a pile-on a person should read first, which wait for them, and which the lock-down leaves in sight.

Every list holds only what the person who asks may read.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.calming import LET_STAND, still_to_hide
from app.comments.locking import cries, may_harm
from app.comments.models import Comment, CommentDecision, CommentState, DecisionAction
from app.comments.pile_on_models import PileOn
from app.comments.policies import readable_by
from app.comments.queries import IN_SIGHT, OUT_OF_SIGHT, latest_rule_decisions
from app.comments.spots import under
from app.core.actors import Actor
from moderation import Action, Label, Severity
from moderation.policy import KEPT_IN_SIGHT, TABLE

HELP_LABELS = frozenset(label.value for label in KEPT_IN_SIGHT)
ACCUSATIONS = frozenset({Label.ALLEGATION_STAFF.value, Label.ALLEGATION_HEAD.value})
TOLD_AT_ONCE = frozenset(row.label.value for row in TABLE if row.action is Action.ESCALATE) - HELP_LABELS


class Heap(StrEnum):
    """What is read together, in this order."""

    HELP = "help"
    GRAVE = "grave"
    UNDECIDED = "undecided"
    """Hidden by the lock-down alone; may do harm, so that lifting leaves it hidden until somebody decides."""
    IN_SIGHT = "in-sight"

    @property
    def heading(self) -> str:
        return HEADINGS[self]


HEADINGS = {
    Heap.HELP: "Somebody may be asking for help",
    Heap.GRAVE: "Threats, accusations and other grave matters",
    Heap.UNDECIDED: "They stay hidden until you decide",
    Heap.IN_SIGHT: "They can still be seen",
}


class Kept(StrEnum):
    """Why a comment stays in sight under a post that is locked down."""

    HELP = "Somebody may be asking for help: see to this first"
    STANDS = "A person let it stand"
    NOT_OURS = "The network does not let us hide it: do it there"
    NOT_DONE = "It could not be hidden: see why, and do it on the network"
    COMING_BACK = "It is being shown again, by a person's decision"


def asks_for_help(categories: Sequence[str]) -> bool:
    return not HELP_LABELS.isdisjoint(categories)


def is_grave(severity: int, harm: str | None, categories: Sequence[str]) -> bool:
    """Say whether somebody should read it on the same day; whoever may be asking for help comes even before."""
    return not asks_for_help(categories) and (severity >= Severity.CRITICAL or harm in TOLD_AT_ONCE)


def heap_of(session: Session, pile_on: PileOn, heap: Heap, *, actor: Actor) -> Sequence[tuple[Kept | None, Comment]]:
    """Return the comments of one heap, the gravest first, and for those in sight why they are."""
    if heap is Heap.IN_SIGHT:
        return kept_in_sight(session, pile_on, actor=actor)
    if heap is Heap.UNDECIDED:
        return [(None, comment) for comment in undecided(session, pile_on, actor=actor)]
    waiting = _read(session, pile_on, actor, Comment.awaits_person.is_(True), Comment.state != CommentState.DELETED)
    if heap is Heap.HELP:
        return [(None, each) for each in waiting if asks_for_help(each.categories)]
    return [(None, each) for each in waiting if is_grave(each.severity, each.harm, each.categories)]


def undecided(session: Session, pile_on: PileOn, *, actor: Actor) -> Sequence[Comment]:
    """Return what only the lock-down hid and what may do harm: nobody has decided about it yet."""
    by_lock = sa.exists().where(
        CommentDecision.comment_id == Comment.id,
        CommentDecision.text_sha256 == Comment.text_sha256,
        CommentDecision.action == DecisionAction.LOCK_DOWN,
        CommentDecision.at >= (pile_on.locked_at or pile_on.noticed_at),
    )
    found = _read(session, pile_on, actor, Comment.awaits_person.is_(True), Comment.state.in_(OUT_OF_SIGHT), by_lock)
    return [comment for comment in found if may_harm(comment.categories, comment.severity)]


def kept_in_sight(session: Session, pile_on: PileOn, *, actor: Actor) -> Sequence[tuple[Kept, Comment]]:
    """Return what can be seen and is not going to be hidden, whoever may be asking for help first."""
    to_hide = {comment.id for comment in still_to_hide(session, pile_on)}
    seen = [each for each in _read(session, pile_on, actor, Comment.state.in_(IN_SIGHT)) if each.id not in to_hide]
    return sorted(_with_reasons(session, seen), key=lambda pair: list(Kept).index(pair[0]))


def _with_reasons(session: Session, seen: Sequence[Comment]) -> Iterator[tuple[Kept, Comment]]:
    said = {key: decision.signals for key, decision in latest_rule_decisions(session, seen).items()}
    stands = sa.select(CommentDecision.comment_id).where(
        CommentDecision.comment_id.in_([comment.id for comment in seen]),
        CommentDecision.action.in_(LET_STAND),
        CommentDecision.is_by_person,
    )
    let_stand = set(session.scalars(stands))
    for comment in seen:
        if comment.state is CommentState.RESTORING:
            yield Kept.COMING_BACK, comment
        elif not comment.awaits_person and comment.id in let_stand:
            yield Kept.STANDS, comment
        elif cries(said.get(comment.id, ())):
            yield Kept.HELP, comment
        elif not comment.can_hide:
            yield Kept.NOT_OURS, comment
        else:
            yield Kept.NOT_DONE, comment


def _read(session: Session, pile_on: PileOn, actor: Actor, *which: sa.ColumnElement[bool]) -> Sequence[Comment]:
    query = sa.select(Comment).where(under(pile_on), readable_by(actor), *which)
    return session.scalars(query.order_by(Comment.severity.desc(), Comment.commented_at.desc())).all()
