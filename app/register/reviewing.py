"""A decision on face matching is looked at again in time, or matching ends by itself: see ADR 27."""

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import EVERY_SCHOOL, Database
from app.core.permissions import Permission
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify
from app.register.decisions import PAGE, waiting_proposal
from app.register.matching import TIME_TO_CONFIRM, decision_in_force, new_decision, put_in_force
from app.register.matching_models import MatchingDecision
from app.schools.models import BiometricMode, School
from app.schools.services import school_with

WARN_AHEAD = timedelta(days=28)
GRACE = timedelta(days=28)
WARN_AGAIN = timedelta(days=7)
FOUND = "Matching was on before decisions were recorded one by one."
LAPSED = "The date for review passed and nobody decided anew."


def review_decisions(database: Database) -> None:
    """Warn where a review is due soon or overdue; switch matching off where the time of grace has run out."""
    with database.reading(EVERY_SCHOOL) as session:
        schools = session.scalars(sa.select(School)).all()
        matching = [school.id for school in schools if school.settings.biometric_mode is not BiometricMode.OFF]
    for school_id in matching:
        _review(database, school_id, system_actor(school_id, "register", Permission.MATCHING_PROPOSE))


def ends_on(decision: MatchingDecision) -> date | None:
    """Return the last day of matching under this decision."""
    if decision.mode is BiometricMode.OFF or decision.review_on is None:
        return None
    return decision.review_on + GRACE


def is_due(decision: MatchingDecision, *, on: date) -> bool:
    return decision.review_on is not None and decision.review_on - WARN_AHEAD <= on


def _review(database: Database, school_id: UUID, actor: Actor) -> None:
    today = clock.today()
    with database.transaction(school_id) as session:
        school = school_with(session, school_id)
        decision = decision_in_force(session) or _found(session, school, actor)
        last = ends_on(decision)
        if last is not None and last < today:
            off = new_decision(BiometricMode.OFF, because=LAPSED, actor=actor)
            put_in_force(session, school, off, actor=actor)
            _tell(session, f"Face matching has ended and every face template is deleted. {LAPSED}")
        elif last is not None and is_due(decision, on=today) and _may_warn(decision, today):
            decision.warned_on = today
            _tell(session, _warning(decision, last, is_proposed=waiting_proposal(session) is not None))


def _found(session: Session, school: School, actor: Actor) -> MatchingDecision:
    """Put on record what an older version of the product only kept among the settings: to be confirmed."""
    decision = new_decision(school.settings.biometric_mode, because=FOUND, actor=actor)
    decision.review_on = clock.today() + TIME_TO_CONFIRM
    put_in_force(session, school, decision, actor=actor)
    return decision


def _may_warn(decision: MatchingDecision, today: date) -> bool:
    return decision.warned_on is None or decision.warned_on + WARN_AGAIN <= today


def _warning(decision: MatchingDecision, last: date, *, is_proposed: bool) -> str:
    need = "is to be reviewed" if decision.is_confirmed else "has no checklist yet"
    step = "The data protection officer has a proposal to sign." if is_proposed else "Decide anew."
    return f"The decision on face matching {need}. {step} Otherwise matching ends after {last:%d/%m/%Y}."


def _tell(session: Session, sentence: str) -> None:
    people = {*user_ids_with(session, Permission.MATCHING_PROPOSE), *user_ids_with(session, Permission.MATCHING_SIGN)}
    notify(session, people, sentence, link=PAGE, urgency=NoticeUrgency.AT_ONCE, bundle="matching-review")
