"""Carry a lock-down out: hide what stands under the post, the worst first, and show it again when it is lifted."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.locking import lock, may_be_locked, note, stays_hidden
from app.comments.models import Comment, CommentDecision, CommentState, DecisionAction
from app.comments.pacing import shown_from
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.promises import RESTORE_JOB, after_claim, judging_actor
from app.comments.queries import IN_SIGHT, latest_rule_decisions
from app.comments.spots import under
from app.comments.workflow import CommentAction, PileOnAction, pile_on_workflow, workflow
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import Database
from app.jobs.due import keep, promise, retry_later
from moderation.policy import KEPT_IN_SIGHT, TABLE

FEW = 40
"""So many a transaction, so that nobody else waits long for the database."""
LOOK_AGAIN = timedelta(seconds=30)
SOON = timedelta(seconds=3)
HARMFUL = frozenset(row.label.value for row in TABLE if row.hide)
LET_STAND = (DecisionAction.LEAVE_VISIBLE, DecisionAction.RESTORE)


class Locker:
    """Holds what the rows do not: the seal of the evidence."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def run(self, database: Database, pile_on_id: UUID, school_id: UUID) -> None:
        """Go through the post's comments, a few at a time; while it is locked, come back and look again."""
        while self._do_some(database, pile_on_id, school_id):
            pass

    def _do_some(self, database: Database, pile_on_id: UUID, school_id: UUID) -> bool:
        with database.transaction(school_id) as session:
            pile_on = session.get_one(PileOn, pile_on_id, with_for_update=True)
            if pile_on.state is PileOnState.LOCKED:
                return self._hide_some(session, pile_on)
            if pile_on.state is PileOnState.LIFTING:
                return _show_some(session, pile_on)
            keep(pile_on)
            return False

    def _hide_some(self, session: Session, pile_on: PileOn) -> bool:
        chosen = still_to_hide(session, pile_on)[:FEW]
        for comment in chosen:
            lock(session, comment, pile_on, sealer=self._sealer)
        if not chosen:
            _come_back(pile_on, LOOK_AGAIN)
        return bool(chosen)


def still_to_hide(session: Session, pile_on: PileOn) -> Sequence[Comment]:
    """Return what the lock-down still has to hide, the worst first.

    What failed before is tried once more. What a person let stand stays in sight; words that may do harm only if they
    said so while it was locked already.
    """
    let_stand = sa.exists().where(
        CommentDecision.comment_id == Comment.id,
        CommentDecision.text_sha256 == Comment.text_sha256,
        CommentDecision.action.in_(LET_STAND),
        CommentDecision.is_by_person,
        sa.or_(
            Comment.harm.is_(None),
            Comment.harm.not_in(HARMFUL),
            CommentDecision.at >= (pile_on.locked_at or clock.now()),
        ),
    )
    tried = sa.exists().where(
        CommentDecision.comment_id == Comment.id,
        CommentDecision.action == DecisionAction.LOCK_DOWN,
        CommentDecision.at >= (pile_on.locked_at or clock.now()),
    )
    query = sa.select(Comment).where(
        under(pile_on), Comment.state.in_(IN_SIGHT), sa.or_(Comment.problem.is_(None), ~tried), ~let_stand
    )
    found = session.scalars(query.order_by(Comment.severity.desc(), Comment.commented_at.desc())).all()
    doubtful = [comment for comment in found if set(KEPT_IN_SIGHT) & set(comment.categories)]
    said = {key: decision.signals for key, decision in latest_rule_decisions(session, doubtful).items()}
    return [comment for comment in found if may_be_locked(comment, said.get(comment.id, ()))]


def _show_some(session: Session, pile_on: PileOn) -> bool:
    mine = sa.select(Comment).where(Comment.pile_on_id == pile_on.id)
    ready = mine.where(Comment.state != CommentState.RECEIVED).limit(FEW)
    chosen = session.scalars(ready.with_for_update()).all()
    for comment in chosen:
        _show(session, comment, pile_on)
    if chosen:
        return True
    if session.scalar(mine.limit(1)) is not None:
        _come_back(pile_on, SOON)  # new words of one are being judged; it is shown or hidden by what they are
        return False
    pile_on_workflow.advance(session, pile_on, PileOnAction.FINISH_LIFTING, actor=judging_actor(session))
    keep(pile_on)
    return False


def _show(session: Session, comment: Comment, pile_on: PileOn) -> None:
    comment.pile_on_id = None
    if comment.state not in (CommentState.HIDDEN, CommentState.HIDING) or stays_hidden(comment):
        return
    at = max(after_claim(comment) or clock.now(), shown_from(session, comment))
    workflow.advance(
        session, comment, CommentAction.LIFT, actor=judging_actor(session), details={"pile_on_id": pile_on.id}
    )
    promise(session, RESTORE_JOB, comment, at=at)
    note(session, comment, DecisionAction.LIFT, pile_on.lifted_by)


def _come_back(pile_on: PileOn, wait: timedelta) -> None:
    retry_later(pile_on, "", at=clock.now() + wait)
    pile_on.last_error = None
