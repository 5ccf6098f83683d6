"""Whether faces may be matched at all: off, until the school decides otherwise, with the decision on record."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.register.biometrics import dispose_of_templates
from app.register.models import FaceTemplate
from app.register.versions import touch_register
from app.schools.models import BiometricDecision, BiometricMode, School, SchoolSettings
from app.schools.services import change_settings


def decide_matching(session: Session, school: School, mode: BiometricMode, *, because: str, actor: Actor) -> None:
    """Write down the school's decision. Switching matching off deletes every template in the same transaction."""
    actor.ensure(Permission.SETTINGS_MANAGE)
    if not because.strip():
        raise InvalidInputError("Say what the decision rests on: who advised, and when it is looked at again.")
    decision = BiometricDecision(decided_on=clock.today(), decided_by=actor.name, because=because.strip())
    chosen = school.settings.model_dump() | {"biometric_mode": mode, "biometric_decision": decision}
    change_settings(session, school, SchoolSettings.model_validate(chosen), actor=actor)
    if mode is BiometricMode.OFF:
        for pupil_id in session.scalars(sa.select(FaceTemplate.pupil_id).distinct()).all():
            dispose_of_templates(session, pupil_id, reason="matching switched off", actor=actor)
    touch_register(session)


def is_undecided(settings: SchoolSettings) -> bool:
    """Tell whether matching is off only because nobody has decided yet."""
    return settings.biometric_mode is BiometricMode.OFF and settings.biometric_decision is None
