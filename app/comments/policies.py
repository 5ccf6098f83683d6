"""Who may know of a comment, and who may decide about it.

The rule is written twice, as a criterion for queries and as a question about one row, from the same table. Whoever
may not read a comment is told that there is none: that it exists is itself confidential. What is not judged yet may be
about anybody, so nobody reads it.
"""

from dataclasses import replace

import sqlalchemy as sa

from app.comments.models import Audience, Comment, CommentState
from app.core.actors import Actor
from app.core.errors import NotFoundError, NotPermittedError
from app.core.permissions import Permission as P  # noqa: N817  the tables below are read by column

READS = {
    Audience.GENERAL: P.COMMENT_READ,
    Audience.DESIGNATED: P.SAFEGUARDING_READ,
    Audience.HEAD: P.COMMENT_DECIDE,
    Audience.CHAIR: P.ALLEGATION_ABOUT_HEAD_READ,
}
DECIDES = {
    Audience.GENERAL: P.COMMENT_DECIDE,
    Audience.DESIGNATED: P.SAFEGUARDING_WRITE,
    Audience.HEAD: P.COMMENT_DECIDE,
    Audience.CHAIR: P.ALLEGATION_ABOUT_HEAD_READ,
}


def audiences_of(actor: Actor, table: dict[Audience, P] = READS) -> frozenset[Audience]:
    """Return the circles that the actor belongs to."""
    found = {audience for audience, permission in table.items() if actor.may(permission)}
    if actor.may(P.COMMENT_DECIDE):
        found.discard(Audience.CHAIR)  # a head never reads an allegation about the head, whatever else they hold
    return frozenset(found)


def in_circle_of(actor: Actor) -> sa.ColumnElement[bool]:
    """Narrow a query to the comments that the actor may count, those that are not judged yet among them."""
    return Comment.audience.in_(sorted(audiences_of(actor)))


def readable_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Narrow a query to the comments that the actor may know of."""
    return sa.and_(in_circle_of(actor), Comment.state != CommentState.RECEIVED)


def decided_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Narrow a query to the comments that the actor may decide about: only these wait for them."""
    return Comment.audience.in_(sorted(audiences_of(actor, DECIDES)))


def may_read(comment: Comment, actor: Actor) -> bool:
    return comment.audience in audiences_of(actor) and comment.state is not CommentState.RECEIVED


def ensure_may_read(comment: Comment | None, actor: Actor) -> Comment:
    if comment is None or not may_read(comment, actor):
        raise NotFoundError
    return comment


def may_decide(comment: Comment, actor: Actor) -> bool:
    return may_read(comment, actor) and comment.audience in audiences_of(actor, DECIDES)


def as_decider(comment: Comment, actor: Actor) -> Actor:
    """Return the actor with the right to decide about this one comment, which its audience gives."""
    ensure_may_read(comment, actor)
    if not may_decide(comment, actor):
        raise NotPermittedError("You may read this comment but not decide about it. Ask the headteacher.")
    return replace(actor, permissions=actor.permissions | {P.COMMENT_DECIDE})
