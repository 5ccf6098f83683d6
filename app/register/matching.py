"""Whether faces may be matched at all: off, until the school decides otherwise, with the decision on record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.register.biometrics import dispose_of_everything
from app.register.checklist import Checklist
from app.register.matching_models import DecisionState, MatchingDecision
from app.register.versions import touch_register
from app.register.workflow import DecisionAction, decisions
from app.schools.models import BiometricDecision, BiometricMode, School, SchoolSettings
from app.schools.services import change_settings, school_to_change

TIME_TO_CONFIRM = timedelta(days=14)
"""How long a decision without its checklist, from the command line, may wait before people are warned of its end."""


def decide_matching(session: Session, school: School, mode: BiometricMode, *, because: str, actor: Actor) -> None:
    """Decide from the command line, without a checklist: such a decision is to be confirmed, or it ends by itself."""
    actor.ensure(Permission.SETTINGS_MANAGE)
    if not because.strip():
        raise InvalidInputError("Say what the decision rests on: who advised, and when it is looked at again.")
    decision = new_decision(mode, because=because, actor=actor)
    if mode is not BiometricMode.OFF:
        decision.review_on = clock.today() + TIME_TO_CONFIRM
    put_in_force(session, school, decision, actor=actor)


def new_decision(
    mode: BiometricMode,
    *,
    because: str,
    actor: Actor,
    checklist: Checklist | None = None,
    state: DecisionState = DecisionState.IN_FORCE,
) -> MatchingDecision:
    return MatchingDecision(
        id=uuid4(),
        state=state,
        mode=mode,
        because=because.strip(),
        checklist={} if checklist is None else checklist.told(),
        review_on=None if checklist is None else checklist.review_on,
        proposed_by=actor.name,
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
    )


def put_in_force(session: Session, school: School, decision: MatchingDecision, *, actor: Actor) -> None:
    """Let a decision take effect and end the one before. Off deletes every template and takes back what waits."""
    school = school_to_change(session, school.id)
    carried = replace(actor, permissions=actor.permissions | {Permission.SETTINGS_MANAGE, Permission.MATCHING_PROPOSE})
    for before in _in_force(session):
        if before.id != decision.id:
            decisions.advance(session, before, DecisionAction.END, actor=carried)
            before.ended_at = clock.now()
    session.add(decision)
    session.flush()
    change_settings(session, school, _settings_under(school.settings, decision), actor=carried)
    if decision.mode is BiometricMode.OFF:
        for waiting in _in_state(session, DecisionState.PROPOSED):
            decisions.advance(session, waiting, DecisionAction.TAKE_BACK, actor=carried)
        dispose_of_everything(session, actor=actor)
    details: dict[str, object] = {"mode": decision.mode.value, "review_on": decision.review_on}
    tag, kind = "matching-decision:take-effect", "matching-decision"
    record(session, tag, actor=actor, subject_type=kind, subject_id=decision.id, details=details)
    touch_register(session)


def decision_in_force(session: Session) -> MatchingDecision | None:
    return next(iter(_in_force(session)), None)


def _in_force(session: Session) -> Sequence[MatchingDecision]:
    return _in_state(session, DecisionState.IN_FORCE)


def _in_state(session: Session, state: DecisionState) -> Sequence[MatchingDecision]:
    query = sa.select(MatchingDecision).where(MatchingDecision.state == state)
    return session.scalars(query.order_by(MatchingDecision.proposed_at.desc())).all()


def is_undecided(settings: SchoolSettings) -> bool:
    """Tell whether matching is off only because nobody has decided yet."""
    return settings.biometric_mode is BiometricMode.OFF and settings.biometric_decision is None


def _settings_under(settings: SchoolSettings, decision: MatchingDecision) -> SchoolSettings:
    signed = f"; signed by {decision.answered_by}" if decision.answered_by else ""
    told = BiometricDecision(
        decided_on=clock.today(),
        decided_by=decision.proposed_by + signed,
        because=decision.because,
        review_on=decision.review_on,
    )
    return settings.model_copy(update={"biometric_mode": decision.mode, "biometric_decision": told})
