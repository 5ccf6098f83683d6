"""Judge what came in: read, close, judge without a transaction, write the decision and what it calls for.

Whoever is woken for one comment takes its waiting neighbours along, so that a pile-on is sorted as a whole and the
worst of it is hidden first.
"""

from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

import moderation
from app.comments import telling
from app.comments.claiming import claim_neighbours
from app.comments.context import Case, cases_of
from app.comments.events import comment_escalated
from app.comments.evidence import keep_evidence
from app.comments.models import Audience, Comment, CommentDecision, CommentState, DecisionAction
from app.comments.names import names_of_school
from app.comments.workflow import CommentAction, workflow
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.crypto import Sealer
from app.core.db import Database, school_of
from app.core.permissions import Permission
from app.jobs.due import keep, promise
from moderation.records import verdict_record

JUDGE_JOB = "comments.judge"
HIDE_JOB = "comments.hide"
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
_WIDTH = [Audience.GENERAL, Audience.DESIGNATED, Audience.CHAIR]


def judging_actor(session: Session) -> Actor:
    return system_actor(school_of(session), "moderation", Permission.COMMENT_JUDGE)


class Judge:
    """Holds what the rows do not: the seal of the evidence."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def run(self, database: Database, comment_id: UUID, school_id: UUID) -> None:
        batch = {comment_id, *claim_neighbours(database, school_id)}
        with database.reading(school_id) as session:
            cases = cases_of(session, batch, names_of_school(session))
        verdicts = moderation.judge_all([(case.comment, case.context) for case in cases])
        judged = sorted(zip(cases, verdicts, strict=True), key=lambda pair: moderation.hide_order(pair[1]))
        with database.transaction(school_id) as session:
            for case, verdict in judged:
                self._write(session, case, verdict)

    def _write(self, session: Session, case: Case, verdict: moderation.Verdict) -> None:
        comment = session.get_one(Comment, case.comment_id, with_for_update=True, populate_existing=True)
        if comment.state is not CommentState.RECEIVED:
            return
        if comment.text_sha256 != case.text_sha256:
            promise(session, JUDGE_JOB, comment)  # edited while we judged: the new words are judged next
            return
        keep(comment)
        decision = write_decision(session, comment, verdict)
        decided = person_decision_on(session, comment)
        if decided is None:
            self._act(session, comment, verdict, decision)
        else:
            self._stand_by(session, comment, decided)

    def _act(self, session: Session, comment: Comment, verdict: moderation.Verdict, decision: CommentDecision) -> None:
        actor = judging_actor(session)
        comment.audience = narrowed(comment, audience_for(verdict))
        comment.severity, comment.categories = int(verdict.severity), decision.categories
        comment.awaits_person = verdict.action is not moderation.Action.ALLOW or comment.is_hidden_remotely
        comment.judged_sha256, comment.problem = comment.text_sha256, None
        details: dict[str, object] = {"decision_id": decision.id}
        if verdict.hide or verdict.action is moderation.Action.ESCALATE:
            keep_evidence(session, comment, sealer=self._sealer, actor=actor)
        workflow.advance(session, comment, _move_for(comment, verdict), actor=actor, details=details)
        if comment.state is CommentState.HIDING:
            promise(session, HIDE_JOB, comment)
        if verdict.action is moderation.Action.ESCALATE:
            comment_escalated.send(session, comment=comment, decision=decision)
        telling.judged(session, comment, verdict)

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


def _move_for(comment: Comment, verdict: moderation.Verdict) -> CommentAction:
    if comment.is_hidden_remotely:
        return CommentAction.KEEP_HIDDEN
    if verdict.hide:
        return CommentAction.HIDE_BY_RULE
    return CommentAction.CLEAR if verdict.action is moderation.Action.ALLOW else CommentAction.QUEUE


def write_decision(session: Session, comment: Comment, verdict: moderation.Verdict) -> CommentDecision:
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
        categories=[label.value for label in verdict.categories],
        characteristics=[characteristic.value for characteristic in verdict.characteristics],
        reasons=list(verdict.reasons),
        routes=[route.value for route in verdict.routes],
        advice=[advice.value for advice in verdict.advice],
        signals=told["signals"],
        is_restricted=verdict.restricted,
        policy_version=verdict.policy_version,
        model_version=verdict.model_version,
    )
    session.add(decision)
    return decision


def person_decision_on(session: Session, comment: Comment) -> CommentDecision | None:
    """Return what a person decided last about the comment's present words. A rule never overrides it."""
    query = sa.select(CommentDecision).where(
        CommentDecision.comment_id == comment.id,
        CommentDecision.text_sha256 == comment.text_sha256,
        CommentDecision.is_by_person,
        CommentDecision.action != DecisionAction.ESCALATE,  # says who must know, not whether it may be seen
    )
    return session.scalars(query.order_by(CommentDecision.at.desc()).limit(1)).first()


def audience_for(verdict: moderation.Verdict) -> Audience:
    about_head = moderation.Label.ALLEGATION_HEAD in verdict.categories
    if about_head or moderation.Route.CHAIR_OF_GOVERNORS in verdict.routes:
        return Audience.CHAIR
    return Audience.DESIGNATED if verdict.restricted or ABOUT_A_CHILD & set(verdict.categories) else Audience.GENERAL


def narrowed(comment: Comment, audience: Audience) -> Audience:
    """A rule may narrow the circle of those who know, never widen it: earlier words may have been worse."""
    if comment.judged_sha256 is None:
        return audience
    return max(comment.audience, audience, key=_WIDTH.index)
