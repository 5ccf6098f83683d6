"""Two people change the same child's templates at the same moment: the no stands, whoever is first."""

from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest

from app.accounts.roles import Role
from app.core import clock
from app.core.errors import AppError
from app.register.biometrics import BiometricAnswer, record_biometric
from app.register.likenesses import add_template
from app.register.matching import decide_matching
from app.register.models import BiometricConsent, BiometricKind, Capacity, Pupil
from app.register.portraits import look_after_portraits
from app.schools.models import BiometricMode, School
from tests.support.races import meanwhile

FACE = np.linspace(-0.2, 0.2, 128)


def say(office, pupil_id, kind, *, by="Mother", on=None):
    def work(session):
        answer = BiometricAnswer(kind, by, Capacity.PARENT, "form", on or clock.today())
        record_biometric(session, session.get_one(Pupil, pupil_id), answer, actor=office.actor)

    return work


def enrolling(office, pupil_id):
    sealer = office.app.extensions["schoolgate.sealers"]["templates"]

    def work(session):
        pupil, source = session.get_one(Pupil, pupil_id), uuid4().hex * 2
        add_template(session, pupil, FACE, source_sha256=source, sealer=sealer, actor=office.actor)

    return work


@pytest.fixture
def ann(office):
    office.decide(BiometricMode.TRANSIENT)
    pupil_id = office.pupil()
    office.say_of_templates(pupil_id, BiometricKind.GRANTED, on=clock.today() - timedelta(days=1))
    return pupil_id


def do(office, work):
    try:
        with office.database.transaction(office.school_id) as session:
            work(session)
    except AppError:
        return  # what came second is refused, which is as good


@pytest.mark.parametrize("first", ["enrolling", "objecting", "agreeing"])
def test_objection_of_the_same_moment_stands(office, ann, first):
    no = say(office, ann, BiometricKind.REFUSED, by="Father")
    other = say(office, ann, BiometricKind.PROTECTIVE_ONLY) if first == "agreeing" else enrolling(office, ann)
    before, after = (no, other) if first == "objecting" else (other, no)
    with meanwhile(office.database, office.school_id, before):
        do(office, after)
    assert office.templates_of(ann) == 0
    assert office.count(BiometricConsent, BiometricConsent.is_active) == 0
    assert office.count(BiometricConsent, BiometricConsent.kind == BiometricKind.REFUSED) == 1


def switching_off(office):
    def work(session):
        school = session.get_one(School, office.school_id)
        decide_matching(session, school, BiometricMode.OFF, because="The governors decided.", actor=office.actor)

    return work


def mode_of(office):
    (school,) = office.all_of(School, School.id == office.school_id)
    return school.settings.biometric_mode


def test_settings_saved_at_the_same_moment_do_not_undo_off(office, ann, sign_in):
    administrator = sign_in(Role.ADMINISTRATOR)
    with meanwhile(office.database, office.school_id, switching_off(office)):
        assert administrator.post("/settings", data={"allowed_words": "Poppy"}).status_code == 302
    (school,) = office.all_of(School, School.id == office.school_id)
    assert (mode_of(office), school.settings.allowed_words) == (BiometricMode.OFF, ("Poppy",))


@pytest.mark.parametrize("off_first", [True, False])
def test_no_template_survives_off(office, ann, off_first):
    works = switching_off(office), enrolling(office, ann)
    before, after = works if off_first else reversed(works)
    with meanwhile(office.database, office.school_id, before):
        do(office, after)
    assert (mode_of(office), office.templates_of(ann)) == (BiometricMode.OFF, 0)


def test_what_off_left_behind_is_found_within_the_hour(office, ann):
    do(office, enrolling(office, ann))
    with office.database.transaction(office.school_id) as session:
        session.get_one(School, office.school_id).settings_json = {"biometric_mode": "off"}
    look_after_portraits(office.database)
    assert office.templates_of(ann) == 0
