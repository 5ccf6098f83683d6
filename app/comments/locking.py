"""What a lock-down does to one comment.

That a comment is hidden only for this is a person's decision, kept with the comment and undone as a whole. A cry for
help stays in sight, and so does what a person has expressly let stand and does no harm.
"""

from collections.abc import Mapping, Sequence
from typing import Any  # signals are JSON
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.evidence import keep_evidence
from app.comments.models import Comment, CommentDecision, DecisionAction
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.promises import HIDE_JOB, after_claim, judging_actor
from app.comments.spots import spot_of
from app.comments.workflow import CommentAction, workflow
from app.core import clock
from app.core.crypto import Sealer
from app.jobs.due import promise
from moderation import Label
from moderation.policy import EXPOSING, KEPT_IN_SIGHT, QUOTED, ROW_OF, Reach

_COME_BACK = frozenset({Label.CRITICISM, *QUOTED, *KEPT_IN_SIGHT})
"""What a person only hides for a while, with the storm around it."""


def lock_on(session: Session, comment: Comment) -> PileOn | None:
    """Return the lock-down that holds for this comment's post now."""
    spot = spot_of(comment)
    if spot is None:
        return None
    query = sa.select(PileOn).where(PileOn.state == PileOnState.LOCKED, spot.pile_ons)
    return session.scalars(query.limit(1)).first()


def may_be_locked(comment: Comment, signals: Sequence[Mapping[str, Any]]) -> bool:
    """A cry for help that vanishes looks like nobody cares; and what the network will not hide is left to people."""
    return comment.can_hide and not cries(signals)


def cries(signals: Sequence[Mapping[str, Any]]) -> bool:
    """Whether somebody surely asks for help, or a child is missing."""
    return any(map(_is_cry, signals))


def _is_cry(signal: Mapping[str, Any]) -> bool:
    """Where it is only a doubt, people are told all the same, and the storm around it is hidden with it."""
    label = Label(signal["label"])
    return label in KEPT_IN_SIGHT and ROW_OF[label].reach(signal["score"]) is Reach.ACTS


def stays_hidden(comment: Comment) -> bool:
    """Say whether lifting leaves it hidden: it may do harm, and nobody has decided about it yet."""
    return comment.awaits_person and may_harm(comment.categories, comment.severity)


def may_harm(categories: Sequence[str], severity: int) -> bool:
    """Criticism, a report or a cry for help does not, unless it also threatens or exposes; what nobody sorted may."""
    said = {Label(word) for word in categories}
    if said.isdisjoint(EXPOSING) and not said.isdisjoint(_COME_BACK):
        return False
    return any(ROW_OF[label].hide for label in said) if said else severity > 0


def lock(session: Session, comment: Comment, pile_on: PileOn, *, sealer: Sealer) -> None:
    """Hide one comment for the lock-down alone, in the name of the person who locked the post."""
    actor = judging_actor(session)
    keep_evidence(session, comment, sealer=sealer, actor=actor)
    at = after_claim(comment)
    workflow.advance(session, comment, CommentAction.LOCK_DOWN, actor=actor, details={"pile_on_id": pile_on.id})
    comment.pile_on_id = pile_on.id
    promise(session, HIDE_JOB, comment, at=at)
    note(session, comment, DecisionAction.LOCK_DOWN, pile_on.locked_by)


def note(session: Session, comment: Comment, action: DecisionAction, by: UUID | None) -> None:
    session.add(
        CommentDecision(
            id=uuid4(),
            comment_id=comment.id,
            action=action,
            at=clock.now(),
            is_by_person=True,
            decided_by=by,
            text_sha256=comment.text_sha256,
            severity=comment.severity,
            categories=comment.categories,
        )
    )
