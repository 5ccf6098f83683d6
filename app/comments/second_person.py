"""Who may answer an appeal: somebody who reads the comment, did not decide about it, and did not write the appeal down.

The people and their decisions are read once for a whole page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import users
from app.comments.models import SPEAK_OF_THE_WORDS, Comment, CommentDecision, DecisionAction
from app.comments.policies import DECIDES, audiences_of
from app.core.actors import Actor
from app.core.permissions import Permission

MOST_NAMED = 3
NOBODY: frozenset[UUID | None] = frozenset()


@dataclass(frozen=True, slots=True)
class Roll:
    """Who reads comments today, and who decided about which."""

    people: tuple[Actor, ...]
    deciders: Mapping[UUID, frozenset[UUID | None]]
    """By comment, who decided about its present words; nobody where only the rules did."""

    def has_decided(self, comment: Comment, actor: Actor) -> bool:
        return actor.user_id in self.deciders.get(comment.id, NOBODY)

    def may_answer(self, comment: Comment, recorded_by: UUID | None, actor: Actor) -> bool:
        if not _reads(comment, actor) or self.has_decided(comment, actor):
            return False
        return actor.user_id is not None and actor.user_id != recorded_by

    def answerers(self, comment: Comment, recorded_by: UUID | None) -> list[Actor]:
        return [each for each in self.people if self.may_answer(comment, recorded_by, each)]

    def readers(self, comment: Comment) -> list[Actor]:
        return [each for each in self.people if _reads(comment, each)]

    def able_to_decide(self, comment: Comment) -> list[Actor]:
        return [each for each in self.people if comment.audience in audiences_of(each, DECIDES)]


def roll_for(session: Session, comments: Sequence[Comment]) -> Roll:
    """Load who is who for these comments; nothing at all where there are none."""
    if not comments:
        return Roll((), {})
    query = sa.select(CommentDecision.comment_id, CommentDecision.decided_by).join(
        Comment,
        sa.and_(Comment.id == CommentDecision.comment_id, Comment.text_sha256 == CommentDecision.text_sha256),
    )
    wanted = (
        CommentDecision.comment_id.in_([comment.id for comment in comments]),
        CommentDecision.is_by_person,
        CommentDecision.action.in_(SPEAK_OF_THE_WORDS | {DecisionAction.LOCK_DOWN}),
    )
    deciders: dict[UUID, frozenset[UUID | None]] = {}
    for comment_id, decided_by in session.execute(query.where(*wanted)):
        deciders[comment_id] = deciders.get(comment_id, NOBODY) | {decided_by}
    return Roll(tuple(user.as_actor() for user in users(session)), deciders)


def _reads(comment: Comment, actor: Actor) -> bool:
    return actor.may(Permission.COMMENT_READ) and comment.audience in audiences_of(actor)


def either(people: Sequence[Actor]) -> str:
    few = [each.name for each in people[:MOST_NAMED]]
    if len(people) > MOST_NAMED:
        few.append("somebody else who reads comments")
    return few[0] if len(few) == 1 else f"{', '.join(few[:-1])} or {few[-1]}"
