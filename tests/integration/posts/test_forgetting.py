"""What is not kept: what comparing faces brought, once its templates go, and a draft that its author throws away."""

import numpy as np
import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.roles import Role
from app.core.errors import NotFoundError, WrongStateError
from app.core.permissions import Permission
from app.media.models import Photo
from app.posts.discarding import discard_draft
from app.posts.faces import GivenAnswer
from app.posts.models import FaceAnswer, PhotoScan, Post
from app.posts.submission import recall
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


def test_draft_goes_with_the_photos_that_nothing_else_has(house, sign_in):
    shared, own = house.photo(), house.photo()
    other, post_id = house.draft("The other.", shared), house.draft("A good day.", shared, own)
    with house.database.reading(house.school_id) as session:
        teacher = sign_in(user=session.get_one(User, house.author.user_id))
        own_file = session.get_one(Photo, own).sha256
    assert sign_in(Role.SMT).post(f"/posts/{post_id}/discard").status_code in (403, 404)
    assert teacher.post(f"/posts/{post_id}/discard").status_code == 302
    with house.database.reading(house.school_id) as session:
        assert session.get(Post, post_id) is None
        assert [session.get(Photo, photo_id) is not None for photo_id in (shared, own)] == [True, False]
        assert [(line.what, line.count) for line in disposals(session)] == [("photos", 1)]
    with pytest.raises(NotFoundError):
        house.app.extensions["schoolgate.storage"].get(house.school_id, own_file)
    assert teacher.get(f"/posts/{other}").status_code == 200


def test_post_that_the_leadership_had_before_them_stays(house):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    with house.database.transaction(house.school_id) as session:
        recall(session, post_id, actor=house.author)
    with pytest.raises(WrongStateError), house.database.transaction(house.school_id) as session:
        discard_draft(session, post_id, actor=house.author)
