"""How the made-up school decided to match faces, with everything that such a decision rests on."""

from datetime import timedelta
from uuid import UUID

from app.core import clock
from app.core.actors import Actor
from app.core.db import Database
from app.register.checklist import Checklist
from app.register.decisions import propose, sign
from app.register.measuring import adopt, ask_for_calibration
from app.schools.models import BiometricMode
from app.schools.services import school_with
from consent.faces.matcher import Thresholds

BECAUSE = "Governors' minutes of the autumn meeting, item 7: children must not be shown by mistake."
ADVICE = (
    "Proceed with transient matching for pupils whose parents consented. Portraits are not kept; the roll call stays "
    "the usual way. Look at the figures again before the summer."
)
OTHER_WAY = (
    "The author compares every face by eye with the face sheet of those who may not be shown, and signs the roll call. "
    "Nobody is left out of a photo for want of a template."
)


def decide_on_matching(database: Database, school_id: UUID, *, head: Actor, officer: Actor) -> None:
    today = clock.today()
    checklist = Checklist(
        impact_assessed_on=today - timedelta(days=75),
        officer_advice=ADVICE,
        governors_agreed_on=today - timedelta(days=61),
        parents_written_to_on=today - timedelta(days=54),
        children_told_on=today - timedelta(days=47),
        other_way=OTHER_WAY,
        review_on=today + timedelta(days=210),
    )
    with database.transaction(school_id) as session:
        school = school_with(session, school_id)
        proposed = propose(session, school, BiometricMode.TRANSIENT, checklist, because=BECAUSE, actor=head)
        sign(session, school, proposed.id, answer="I agree, until the review. " + ADVICE, actor=officer)


def ask_what_distances_cost(database: Database, school_id: UUID, *, head: Actor) -> None:
    with database.transaction(school_id) as session:
        ask_for_calibration(session, school_with(session, school_id), actor=head)


def keep_to_the_usual_distances(database: Database, school_id: UUID, *, head: Actor) -> None:
    because = "The measurement on our own portraits found no reason to leave the usual distances."
    with database.transaction(school_id) as session:
        adopt(session, school_with(session, school_id), Thresholds(), because=because, actor=head)
