"""Judge what came in: read, close, judge without a transaction, write the decision and what it calls for.

Whoever is woken for one comment takes its waiting neighbours along, so that a pile-on is sorted as a whole and the
worst of it is hidden first.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

import moderation
from app.comments import telling
from app.comments.circles import audience_of, narrowed
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
from app.jobs.due import keep, promise, retry_later
from moderation.records import verdict_record

log = structlog.get_logger()
SHOWS = frozenset({DecisionAction.RESTORE, DecisionAction.LEAVE_VISIBLE})
TRIES = 3
"""So often a comment is judged in vain; then a person reads it, who may know of anything."""
MOST_TIME_FOR_NEIGHBOURS = timedelta(seconds=20)


class Judge:
    """Holds what the rows do not: the seal of the evidence."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def run(self, database: Database, comment_id: UUID, school_id: UUID) -> None:
        """Judge this comment and all that wait beside it: only then is it known which of them is the worst."""
        until = clock.now() + MOST_TIME_FOR_NEIGHBOURS
        first = {comment_id}
        tried = _tried(database, comment_id, school_id)
        if tried > TRIES:
            self._set_aside(database, comment_id, school_id)
            return
        if tried <= 1:  # else alone, so that it cannot spoil the others
            first.update(claim_neighbours(database, school_id))
        self._judge(database, first, school_id)
        while clock.now() < until and (more := claim_neighbours(database, school_id)):
            self._judge(database, set(more), school_id)

    def _judge(self, database: Database, batch: set[UUID], school_id: UUID) -> None:
        with database.reading(school_id) as session:
            cases = cases_of(session, batch, names_of_school(session))
        judged = [(case, opinion) for case in cases if (opinion := _opinion(case))]
        judged.sort(key=lambda pair: moderation.hide_order(pair[1].verdict))
        with database.transaction(school_id) as session:
            new = [
                (comment, opinion.verdict)
                for case, opinion in judged
                if (comment := self._write(session, case, opinion))
            ]
            for comment_id in batch - {case.comment_id for case, _ in judged}:
                _try_again(session.get_one(Comment, comment_id, with_for_update=True))
            for comment, verdict in new:  # once all are written: a hundred at once are one alert, not a hundred
                telling.judged(session, comment, verdict)

    def _set_aside(self, database: Database, comment_id: UUID, school_id: UUID) -> None:
        """Leave it to people what the rules cannot read, as if it were the most confidential of matters."""
        with database.transaction(school_id) as session:
            comment = session.get_one(Comment, comment_id, with_for_update=True)
            if comment.state is not CommentState.RECEIVED:
                return
            decision = set_aside(session, comment, sealer=self._sealer)
            keep(comment)
            pile_on = _lock_for(session, comment, decision)
            if pile_on is not None:
                lock(session, comment, pile_on, sealer=self._sealer)
                return
            move = CommentAction.KEEP_HIDDEN if comment.is_hidden_remotely else CommentAction.QUEUE
            workflow.advance(session, comment, move, actor=judging_actor(session))

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
            self._stand_by(session, comment, decided, decision)
            return None
        self._act(session, comment, case, opinion.verdict, decision)
        return comment

    def _act(
        self, session: Session, comment: Comment, case: Case, verdict: moderation.Verdict, decision: CommentDecision
    ) -> None:
        actor = judging_actor(session)
        before = comment.audience if comment.judged_sha256 else None
        audience = audience_of(verdict, case.comment.text, case.names)
        _sort(comment, audience, decision)
        is_wanted_gone = before is not None and _was_to_be_deleted(session, comment)
        comment.awaits_person = (
            verdict.action is not moderation.Action.ALLOW or comment.is_hidden_remotely or is_wanted_gone
        )
        comment.problem = None
        details: dict[str, object] = {"decision_id": decision.id}
        if verdict.hide or _must_not_be_lost(verdict, audience):
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

    def _stand_by(
        self, session: Session, comment: Comment, decided: CommentDecision, decision: CommentDecision
    ) -> None:
        """Somebody decided about exactly these words before: their word is carried out, whatever the rule says.

        It is filed by what these words say: by those in between a threat could be shown again without a second look.
        """
        actor = judging_actor(session)
        shown = decided.action in SHOWS
        _sort(comment, comment.audience, decision)
        comment.awaits_person = shown and comment.is_hidden_remotely
        if comment.is_hidden_remotely:
            workflow.advance(session, comment, CommentAction.KEEP_HIDDEN, actor=actor)
        elif shown:
            workflow.advance(session, comment, CommentAction.CLEAR, actor=actor)
        else:
            keep_evidence(session, comment, sealer=self._sealer, actor=actor)
            workflow.advance(session, comment, CommentAction.HIDE_BY_RULE, actor=actor)
            promise(session, HIDE_JOB, comment)


def _tried(database: Database, comment_id: UUID, school_id: UUID) -> int:
    with database.reading(school_id) as session:
        return session.get_one(Comment, comment_id).attempts


def _opinion(case: Case) -> Opinion | None:
    """Judge one comment; whatever goes wrong with it must not hold up the others."""
    try:
        return opinion_on(case)
    except Exception as error:  # the rules are code like any other, and people write what nobody foresaw
        log.exception("comment.not-judged", comment_id=str(case.comment_id), error=type(error).__name__)
        return None


def _try_again(comment: Comment) -> None:
    if comment.state is CommentState.RECEIVED:
        retry_later(comment, "it could not be judged")


def _move_for(comment: Comment, verdict: moderation.Verdict) -> CommentAction:
    if comment.is_hidden_remotely:
        return CommentAction.KEEP_HIDDEN
    if verdict.hide:
        return CommentAction.HIDE_BY_RULE if comment.can_hide else CommentAction.QUEUE
    return CommentAction.CLEAR if verdict.action is moderation.Action.ALLOW else CommentAction.QUEUE


def _must_not_be_lost(verdict: moderation.Verdict, audience: Audience) -> bool:
    """A child who writes and soon takes it back must still be heard."""
    return verdict.action is moderation.Action.ESCALATE or audience is not Audience.GENERAL


def _sort(comment: Comment, audience: Audience, decision: CommentDecision) -> None:
    comment.audience = narrowed(comment, audience)
    comment.severity, comment.categories = decision.severity, decision.categories
    comment.harm = next(iter(decision.categories), None)
    comment.judged_sha256 = comment.text_sha256


def judge_lost(session: Session, comment: Comment, *, sealer: Sealer) -> None:
    """Judge words that vanished before anybody judged them, and keep them if somebody must be told of them."""
    [case] = cases_of(session, [comment.id], names_of_school(session))
    opinion = _opinion(case)
    if opinion is None:
        set_aside(session, comment, sealer=sealer)
        return
    verdict, audience = opinion.verdict, audience_of(opinion.verdict, case.comment.text, case.names)
    if not _must_not_be_lost(verdict, audience):
        return
    decision = write_decision(session, comment, opinion)
    _sort(comment, audience, decision)
    comment.awaits_person = True
    keep_evidence(session, comment, sealer=sealer, actor=judging_actor(session))
    telling.judged(session, comment, verdict)
    if verdict.action is moderation.Action.ESCALATE:
        comment_escalated.send(session, comment=comment, decision=decision)


def set_aside(session: Session, comment: Comment, *, sealer: Sealer) -> CommentDecision:
    """Put what could not be judged in front of the designated persons, with its evidence."""
    decision = CommentDecision(
        id=uuid4(),
        comment_id=comment.id,
        action=DecisionAction.REVIEW,
        at=clock.now(),
        text_sha256=comment.text_sha256,
        severity=int(moderation.Severity.HIGH),
        categories=[],
        characteristics=[],
        reasons=["The rules could not read it, so nobody has sorted it. Read it yourself."],
        routes=[],
        advice=[],
        signals=[],
        is_restricted=True,
    )
    session.add(decision)
    keep_evidence(session, comment, sealer=sealer, actor=judging_actor(session))
    _sort(comment, Audience.DESIGNATED, decision)
    comment.awaits_person = True
    telling.not_judged(session, comment)
    return decision


def _lock_for(session: Session, comment: Comment, decision: CommentDecision) -> PileOn | None:
    """Return the lock-down that hides a comment which the rules alone would let stand."""
    if decision.hides or comment.is_hidden_remotely or not may_be_locked(comment, decision.signals):
        return None
    return lock_on(session, comment)


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


def _was_to_be_deleted(session: Session, comment: Comment) -> bool:
    """Whether a person wanted it deleted and it was edited first: whatever it says now, they look again."""
    query = sa.select(CommentDecision.action).where(
        CommentDecision.comment_id == comment.id,
        CommentDecision.is_by_person,
        CommentDecision.action.in_(SPEAK_OF_THE_WORDS),
    )
    return session.scalar(query.order_by(CommentDecision.at.desc()).limit(1)) is DecisionAction.DELETE


def is_undecided(session: Session, comment: Comment) -> bool:
    """Whether a person must still decide about the words that the present state was decided for."""
    query = sa.select(CommentDecision).where(
        CommentDecision.comment_id == comment.id,
        CommentDecision.text_sha256 == comment.judged_sha256,
        CommentDecision.action.not_in([DecisionAction.LOCK_DOWN, DecisionAction.LIFT]),
    )
    by_person_first = (CommentDecision.is_by_person.desc(), CommentDecision.at.desc())
    last = session.scalars(query.order_by(*by_person_first).limit(1)).first()
    if last is None or not last.is_by_person:
        return last is None or last.action is not DecisionAction.ALLOW
    return last.action is DecisionAction.ESCALATE
