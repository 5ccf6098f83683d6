"""Judge what came in: read, close, judge without a transaction, write the decision and what it calls for.

Whoever is woken for one comment takes its waiting neighbours along, so that a pile-on is sorted as a whole and the
worst of it is hidden first.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

import moderation
from app.comments import telling
from app.comments.claiming import claim_neighbours
from app.comments.context import Case, cases_of
from app.comments.events import comment_escalated, comment_narrowed
from app.comments.evidence import keep_evidence
from app.comments.locking import lock, lock_on, may_be_locked
from app.comments.models import (
    SPEAK_OF_THE_WORDS,
    Audience,
    Comment,
    CommentDecision,
    CommentState,
    DecisionAction,
)
from app.comments.names import names_of_school
from app.comments.pile_on_models import PileOn
from app.comments.promises import HIDE_JOB, JUDGE_JOB, judging_actor
from app.comments.verdicts import Opinion, categories_of, opinion_on, reasons_of
from app.comments.workflow import CommentAction, workflow
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import Database
from app.jobs.due import keep, promise
from moderation.records import verdict_record

SHOWS = frozenset({DecisionAction.RESTORE, DecisionAction.LEAVE_VISIBLE})
ABOUT_A_CHILD = frozenset(
    {
        moderation.Label.DISCLOSURE,
        moderation.Label.MISSING_CHILD,
        moderation.Label.SELF_HARM_INCITEMENT,
        moderation.Label.CONTACT_SEEKING,
        moderation.Label.SEXUAL_CHILD,
        moderation.Label.FROM_A_CHILD,
    }
)
"""A child may be at risk, or speaks to us: for the designated persons alone, and at once."""
MOST_TIME_FOR_NEIGHBOURS = timedelta(seconds=20)
_WIDTH = [Audience.GENERAL, Audience.DESIGNATED, Audience.CHAIR]


class Judge:
    """Holds what the rows do not: the seal of the evidence."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def run(self, database: Database, comment_id: UUID, school_id: UUID) -> None:
        """Judge this comment and all that wait beside it: only then is it known which of them is the worst."""
        until = clock.now() + MOST_TIME_FOR_NEIGHBOURS
        first = {comment_id}
        if not _failed_before(database, comment_id, school_id):  # else alone, so that it cannot spoil the others
            first.update(claim_neighbours(database, school_id))
        self._judge(database, first, school_id)
        while clock.now() < until and (more := claim_neighbours(database, school_id)):
            self._judge(database, set(more), school_id)

    def _judge(self, database: Database, batch: set[UUID], school_id: UUID) -> None:
        with database.reading(school_id) as session:
            cases = cases_of(session, batch, names_of_school(session))
        judged = [(case, opinion_on(case)) for case in cases]
        judged.sort(key=lambda pair: moderation.hide_order(pair[1].verdict))
        with database.transaction(school_id) as session:
            new = [
                (comment, opinion.verdict)
                for case, opinion in judged
                if (comment := self._write(session, case, opinion))
            ]
            for comment, verdict in new:  # once all are written: a hundred at once are one alert, not a hundred
                telling.judged(session, comment, verdict)

    def _write(self, session: Session, case: Case, opinion: Opinion) -> Comment | None:
        """Write the decision down; return the comment if somebody may have to be told of it."""
        comment = session.get_one(Comment, case.comment_id, with_for_update=True, populate_existing=True)
        if comment.state is not CommentState.RECEIVED:
            return None
        if comment.text_sha256 != case.text_sha256:
            promise(session, JUDGE_JOB, comment)  # edited while we judged: the new words are judged next
            return None
        keep(comment)
        decision = write_decision(session, comment, opinion)
        decided = person_decision_on(session, comment)
        if decided is not None:
            self._stand_by(session, comment, decided)
            return None
        self._act(session, comment, opinion.verdict, decision)
        return comment

    def _act(self, session: Session, comment: Comment, verdict: moderation.Verdict, decision: CommentDecision) -> None:
        actor = judging_actor(session)
        before = comment.audience if comment.judged_sha256 else None
        comment.audience = narrowed(comment, audience_for(verdict))
        comment.severity, comment.categories = int(verdict.severity), decision.categories
        comment.harm = next(iter(decision.categories), None)
        comment.awaits_person = verdict.action is not moderation.Action.ALLOW or comment.is_hidden_remotely
        comment.judged_sha256, comment.problem = comment.text_sha256, None
        details: dict[str, object] = {"decision_id": decision.id}
        if verdict.hide or _must_not_be_lost(verdict):
            keep_evidence(session, comment, sealer=self._sealer, actor=actor)
        pile_on = _lock_for(session, comment, decision)
        if pile_on is not None:
            lock(session, comment, pile_on, sealer=self._sealer)
        else:
            workflow.advance(session, comment, _move_for(comment, verdict), actor=actor, details=details)
        if verdict.hide:
            comment.pile_on_id = None  # it is hidden for what it says: lifting a lock-down does not show it
        if comment.state is CommentState.HIDING and pile_on is None:
            promise(session, HIDE_JOB, comment)
        if verdict.hide and not comment.can_hide:
            comment.problem = "The network does not let us hide this one. Open it there and remove it by hand."
            telling.cannot_act(session, comment)
        if verdict.action is moderation.Action.ESCALATE:
            comment_escalated.send(session, comment=comment, decision=decision)
        elif before is not None and comment.audience is not before:
            comment_narrowed.send(session, comment=comment, decision=decision)

    def _stand_by(self, session: Session, comment: Comment, decided: CommentDecision) -> None:
        """Somebody decided about exactly these words before: their word is carried out, whatever the rule says."""
        actor = judging_actor(session)
        shown = decided.action in SHOWS
        comment.judged_sha256 = comment.text_sha256
        comment.awaits_person = shown and comment.is_hidden_remotely
        if comment.is_hidden_remotely:
            workflow.advance(session, comment, CommentAction.KEEP_HIDDEN, actor=actor)
        elif shown:
            workflow.advance(session, comment, CommentAction.CLEAR, actor=actor)
        else:
            keep_evidence(session, comment, sealer=self._sealer, actor=actor)
            workflow.advance(session, comment, CommentAction.HIDE_BY_RULE, actor=actor)
            promise(session, HIDE_JOB, comment)


def _failed_before(database: Database, comment_id: UUID, school_id: UUID) -> bool:
    with database.reading(school_id) as session:
        return session.get_one(Comment, comment_id).attempts > 1


def _move_for(comment: Comment, verdict: moderation.Verdict) -> CommentAction:
    if comment.is_hidden_remotely:
        return CommentAction.KEEP_HIDDEN
    if verdict.hide:
        return CommentAction.HIDE_BY_RULE if comment.can_hide else CommentAction.QUEUE
    return CommentAction.CLEAR if verdict.action is moderation.Action.ALLOW else CommentAction.QUEUE


def _must_not_be_lost(verdict: moderation.Verdict) -> bool:
    """A child who writes and soon takes it back must still be heard."""
    return verdict.action is moderation.Action.ESCALATE or audience_for(verdict) is not Audience.GENERAL


def judge_lost(session: Session, comment: Comment) -> bool:
    """Judge words that vanished before anybody judged them; say whether they must be kept for those who are told."""
    [case] = cases_of(session, [comment.id], names_of_school(session))
    opinion = opinion_on(case)
    verdict = opinion.verdict
    if not _must_not_be_lost(verdict):
        return False
    decision = write_decision(session, comment, opinion)
    comment.audience = narrowed(comment, audience_for(verdict))
    comment.severity, comment.categories = int(verdict.severity), decision.categories
    comment.harm = next(iter(decision.categories), None)
    comment.judged_sha256 = comment.text_sha256
    telling.judged(session, comment, verdict)
    if verdict.action is moderation.Action.ESCALATE:
        comment_escalated.send(session, comment=comment, decision=decision)
    return True


def _lock_for(session: Session, comment: Comment, decision: CommentDecision) -> PileOn | None:
    """Return the lock-down that hides a comment which the rules alone would let stand."""
    if decision.hides or comment.is_hidden_remotely or not may_be_locked(comment, decision.signals):
        return None
    return lock_on(session, comment.post_id)


def write_decision(session: Session, comment: Comment, opinion: Opinion) -> CommentDecision:
    verdict = opinion.verdict
    told = verdict_record(verdict)
    decision = CommentDecision(
        id=uuid4(),
        comment_id=comment.id,
        action=DecisionAction(verdict.action.value),
        at=clock.now(),
        text_sha256=comment.text_sha256,
        hides=verdict.hide,
        severity=int(verdict.severity),
        score=verdict.score,
        categories=[label.value for label in categories_of(verdict)],
        characteristics=[characteristic.value for characteristic in verdict.characteristics],
        reasons=reasons_of(verdict),
        routes=[route.value for route in verdict.routes],
        advice=[advice.value for advice in verdict.advice],
        signals=told["signals"],
        is_restricted=verdict.restricted,
        policy_version=verdict.policy_version,
        model_version=verdict.model_version,
        shadow=told["shadow"],
        was_held_back=opinion.was_held_back,
    )
    session.add(decision)
    return decision


def person_decision_on(session: Session, comment: Comment) -> CommentDecision | None:
    """Return what a person decided last about the comment's present words. A rule never overrides it."""
    query = sa.select(CommentDecision).where(
        CommentDecision.comment_id == comment.id,
        CommentDecision.text_sha256 == comment.text_sha256,
        CommentDecision.is_by_person,
        CommentDecision.action.in_(SPEAK_OF_THE_WORDS),
    )
    return session.scalars(query.order_by(CommentDecision.at.desc()).limit(1)).first()


def audience_for(verdict: moderation.Verdict) -> Audience:
    about_head = moderation.Label.ALLEGATION_HEAD in categories_of(verdict)
    if about_head or moderation.Route.CHAIR_OF_GOVERNORS in verdict.routes:
        return Audience.CHAIR
    return (
        Audience.DESIGNATED if verdict.restricted or ABOUT_A_CHILD & set(categories_of(verdict)) else Audience.GENERAL
    )


def narrowed(comment: Comment, audience: Audience) -> Audience:
    """A rule may narrow the circle of those who know, never widen it: earlier words may have been worse."""
    if comment.judged_sha256 is None:
        return audience
    return max(comment.audience, audience, key=_WIDTH.index)
