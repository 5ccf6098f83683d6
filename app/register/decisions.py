"""Decide on face matching: the head or administrator proposes, the data protection officer signs for “transient”."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify, settle
from app.register.checklist import Checklist, ensure_complete
from app.register.matching import is_undecided, new_decision, put_in_force
from app.register.matching_models import DecisionState, MatchingDecision
from app.register.workflow import DecisionAction, decisions
from app.schools.models import BiometricMode, School

PAGE = "/register/matching"
PROPOSAL = "matching-proposal"
"""The notices that ask for the signature; at most one proposal of a school waits."""
SHORTEST_ANSWER = 10


def propose(
    session: Session, school: School, mode: BiometricMode, checklist: Checklist, *, because: str, actor: Actor
) -> MatchingDecision:
    """Decide on “strict”, or propose “transient” to the data protection officer. The checklist must be complete."""
    actor.ensure(Permission.MATCHING_PROPOSE)
    if mode is BiometricMode.OFF:
        raise InvalidInputError("Choose strict or transient. Switching off needs no checklist.")
    _ensure_said(because, "Say in a sentence what the decision rests on.")
    ensure_complete(checklist, on=clock.today())
    if waiting_proposal(session) is not None:
        raise WrongStateError("A proposal waits for the data protection officer already. Take it back first.")
    if mode is BiometricMode.STRICT:
        decision = new_decision(mode, because=because, actor=actor, checklist=checklist)
        put_in_force(session, school, decision, actor=actor)
        return decision
    proposal = new_decision(mode, because=because, actor=actor, checklist=checklist, state=DecisionState.PROPOSED)
    session.add(proposal)
    session.flush()
    details: dict[str, object] = {"mode": mode.value, "review_on": proposal.review_on}
    tag, kind = "matching-decision:propose", "matching-decision"
    record(session, tag, actor=actor, subject_type=kind, subject_id=proposal.id, details=details)
    sentence = "A decision on face matching waits for your signature as data protection officer."
    officers = user_ids_with(session, Permission.MATCHING_SIGN)
    notify(session, officers, sentence, link=PAGE, urgency=NoticeUrgency.AT_ONCE, bundle=PROPOSAL)
    return proposal


def sign(session: Session, school: School, decision_id: UUID, *, answer: str, actor: Actor) -> None:
    """Agree as data protection officer: the proposal takes effect at once."""
    proposal = _proposal(session, decision_id, actor)
    _ensure_said(answer, "Write down your advice in a sentence: it is the record of your decision.")
    ensure_complete(Checklist.of(proposal.checklist), on=clock.today())
    _answer(session, proposal, DecisionAction.SIGN, answer, actor)
    put_in_force(session, school, proposal, actor=actor)
    _tell_proposer(session, proposal, "The data protection officer has signed. Face matching is on.")


def decline(session: Session, decision_id: UUID, *, answer: str, actor: Actor) -> None:
    proposal = _proposal(session, decision_id, actor)
    _ensure_said(answer, "Say what has to change before you could agree.")
    _answer(session, proposal, DecisionAction.DECLINE, answer, actor)
    _tell_proposer(session, proposal, "The data protection officer did not agree to the proposal on face matching.")


def take_back(session: Session, decision_id: UUID, *, actor: Actor) -> None:
    decisions.advance(session, _decision(session, decision_id), DecisionAction.TAKE_BACK, actor=actor)
    settle(session, PROPOSAL)


def switch_off(session: Session, school: School, *, because: str, actor: Actor) -> None:
    """End matching at once and delete every template. Whoever may propose or sign may do it, alone."""
    if not actor.may(Permission.MATCHING_SIGN):
        actor.ensure(Permission.MATCHING_PROPOSE)
    _ensure_said(because, "Say in a sentence why matching ends.")
    if school.settings.biometric_mode is BiometricMode.OFF and not is_undecided(school.settings):
        raise WrongStateError("Face matching is off already.")
    if waiting := waiting_proposal(session):
        action = DecisionAction.TAKE_BACK if actor.may(Permission.MATCHING_PROPOSE) else DecisionAction.DECLINE
        decisions.advance(session, waiting, action, actor=actor)
        settle(session, PROPOSAL)
    put_in_force(session, school, new_decision(BiometricMode.OFF, because=because, actor=actor), actor=actor)


def waiting_proposal(session: Session) -> MatchingDecision | None:
    query = sa.select(MatchingDecision).where(MatchingDecision.state == DecisionState.PROPOSED)
    return session.scalars(query).first()


def history(session: Session) -> Sequence[MatchingDecision]:
    """Return every decision, the newest first."""
    return session.scalars(sa.select(MatchingDecision).order_by(MatchingDecision.proposed_at.desc())).all()


def _proposal(session: Session, decision_id: UUID, actor: Actor) -> MatchingDecision:
    """Return what this officer may answer: never their own proposal, whatever roles they hold."""
    actor.ensure(Permission.MATCHING_SIGN)
    proposal = _decision(session, decision_id)
    if actor.user_id is None or proposal.proposed_by_id == actor.user_id:
        raise NotPermittedError("You proposed this yourself, so somebody else must sign as data protection officer.")
    return proposal


def _decision(session: Session, decision_id: UUID) -> MatchingDecision:
    found = session.get(MatchingDecision, decision_id)
    if found is None:
        raise NotFoundError
    return found


def _answer(session: Session, proposal: MatchingDecision, action: DecisionAction, answer: str, actor: Actor) -> None:
    decisions.advance(session, proposal, action, actor=actor)
    settle(session, PROPOSAL)
    proposal.answered_by, proposal.answered_at, proposal.answer = actor.name, clock.now(), answer.strip()


def _tell_proposer(session: Session, decision: MatchingDecision, sentence: str) -> None:
    if decision.proposed_by_id is not None:
        notify(session, [decision.proposed_by_id], sentence, link=PAGE, bundle="matching-answer")


def _ensure_said(words: str, sentence: str) -> None:
    if len(words.strip()) < SHORTEST_ANSWER:
        raise InvalidInputError(sentence)
