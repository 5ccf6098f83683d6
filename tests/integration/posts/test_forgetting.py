"""What comparing faces brought ends with the templates; what a person answered stays."""

import numpy as np
import pytest
import sqlalchemy as sa

from app.core.permissions import Permission
from app.posts.faces import GivenAnswer
from app.posts.models import FaceAnswer, PhotoScan
from app.register.disposal import disposals
from app.register.models import BiometricKind
from app.schools.models import BiometricMode
from consent.model import Box, Disposition, MatchStatus, Sighting
from tests.integration.register.conftest import Office

NEEDED = (Permission.REGISTER_WRITE, Permission.REGISTER_ENROL, Permission.SETTINGS_MANAGE)
ENDS = {
    "objection": lambda office, pupil_id: office.say_of_templates(pupil_id, BiometricKind.REFUSED),
    "off": lambda office, pupil_id: office.decide(BiometricMode.OFF),
}


@pytest.fixture
def office(app, database, school, actor_with):
    return Office(app, database, school.id, actor_with(*NEEDED))


@pytest.mark.parametrize("end", ENDS)
def test_results_end_with_the_templates_and_a_persons_answer_stays(house, office, end):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=True)
    office.decide(BiometricMode.TRANSIENT)
    office.say_of_templates(pupil_id, BiometricKind.GRANTED)
    office.enrol(pupil_id, np.linspace(-0.2, 0.2, 128))
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90), MatchStatus.SUGGESTED, str(pupil_id), 0.3, 0.2))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    assert office.count(PhotoScan) == 1

    ENDS[end](office, pupil_id)
    with house.database.reading(house.school_id) as session:
        answers = session.execute(sa.select(FaceAnswer.match_person_id, FaceAnswer.person_id)).all()
        told = {(line.what, line.count) for line in disposals(session)}
    assert (answers, office.count(PhotoScan)) == ([(None, pupil_id)], 0)
    assert told == {("results of face matching", 2), ("face templates", 1)}
