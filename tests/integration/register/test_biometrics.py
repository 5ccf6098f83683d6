"""Face templates exist only while a parent's written consent is active and nobody objects."""

from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.errors import InvalidInputError, NotPermittedError, WrongStateError
from app.register.biometrics import BiometricAnswer, record_biometric
from app.register.likenesses import gallery
from app.register.matching import decide_matching
from app.register.models import BiometricConsent, BiometricKind, Capacity, FaceTemplate, Pupil
from app.register.tasks import forget_leavers
from app.schools.models import BiometricMode, School
from consent.model import ConsentState

GRANTED, ONLY, REFUSED = BiometricKind.GRANTED, BiometricKind.PROTECTIVE_ONLY, BiometricKind.REFUSED
FACE = np.linspace(-0.2, 0.2, 128)
HEADINGS = "Admission No,Legal Forename,Legal Surname,Consent: Biometric"


@pytest.fixture
def enrolled(office):
    """Return a pupil of a school that matches faces, with two templates."""

    def make(number="1", kind=GRANTED, **fields):
        office.decide(BiometricMode.TRANSIENT)
        pupil_id = office.pupil(number, **fields)
        office.say_of_templates(pupil_id, kind)
        for shift in (0.0, 0.01):
            office.enrol(pupil_id, FACE + shift + len(number) / 100)
        return pupil_id

    return make


def people_in_gallery(office, person_ids=None):
    sealer = office.app.extensions["schoolgate.sealers"]["templates"]
    with office.database.reading(office.school_id) as session:
        opened = gallery(session, session.get_one(School, office.school_id).settings, sealer, person_ids)
        return {key: len(templates) for key, templates in opened.templates.items()}, set(opened.only_to_protect)


@pytest.mark.parametrize(
    ("by", "capacity"), [("Mother", Capacity.PARENT), ("Father", Capacity.PARENT), ("Ann", Capacity.PUPIL)]
)
@pytest.mark.parametrize("how", ["form", "verbal"])
def test_any_objection_deletes_every_template_at_once(office, enrolled, by, capacity, how):
    ann = enrolled()
    office.say_of_templates(ann, REFUSED, by=by, capacity=capacity, how=how)
    assert office.templates_of(ann) == 0
    (event,) = office.events("template:disposed")
    assert (event.subject_id, event.details) == (ann, {"disposed": 2, "what": "face templates", "reason": "objection"})


def test_refusal_by_import_deletes_every_template(office, enrolled):
    ann, bo = enrolled("1"), enrolled("22")
    office.bring_in(HEADINGS, "1,Ann,Lee,Refused", "22,Ann,Lee,")
    assert (office.templates_of(ann), office.templates_of(bo)) == (0, 2)
    assert len(office.events("template:disposed")) == len(office.events("biometric:refused")) == 1


def test_photo_consent_withdrawn_leaves_the_template_to_protect_with(office, enrolled):
    ann = enrolled()
    office.say(ann, ConsentState.WITHDRAWN)
    assert office.templates_of(ann) == 2


def test_only_the_one_who_objected_can_take_it_back(office):
    ann = office.pupil()
    office.say_of_templates(ann, REFUSED, by="Father")
    with pytest.raises(WrongStateError, match="Father objected"):
        office.say_of_templates(ann, GRANTED, by="Mother")
    office.say_of_templates(ann, GRANTED, by="father")
    assert office.count(BiometricConsent, BiometricConsent.is_active) == 1


@pytest.mark.parametrize(("newer", "older"), [(REFUSED, GRANTED), (REFUSED, ONLY), (ONLY, GRANTED)])
def test_older_form_that_turns_up_late_widens_nothing(office, enrolled, newer, older):
    ann = enrolled()
    office.say_of_templates(ann, newer)
    with pytest.raises(WrongStateError, match="Ask for a newer form"):
        office.say_of_templates(ann, older, on=clock.today() - timedelta(days=1))
    assert [word.kind for word in office.all_of(BiometricConsent, BiometricConsent.is_active)] == [newer][
        newer is REFUSED :
    ]


def test_child_who_objects_is_not_overruled(office):
    ann = office.pupil()
    office.say_of_templates(ann, GRANTED)
    office.say_of_templates(ann, REFUSED, by="Ann", capacity=Capacity.PUPIL)
    with pytest.raises(WrongStateError, match="Ann objected"):
        office.say_of_templates(ann, GRANTED)


@pytest.mark.parametrize(("before", "after"), [(GRANTED, ONLY), (ONLY, GRANTED)])
def test_templates_go_on_under_a_newer_consent(office, enrolled, before, after):
    ann = enrolled(kind=before)
    office.say_of_templates(ann, after)
    active = office.all_of(BiometricConsent, BiometricConsent.is_active)
    assert [consent.kind for consent in active] == [after]
    assert {template.biometric_consent_id for template in office.all_of(FaceTemplate)} == {active[0].id}
    assert people_in_gallery(office) == ({str(ann): 2}, {str(ann)} if after is ONLY else set())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"capacity": Capacity.PUPIL}, "parent's consent"),
        ({"how": "verbal"}, "in writing"),
        ({"by": " "}, "who gave the answer"),
        ({"on": "tomorrow"}, "future"),
    ],
)
@pytest.mark.parametrize("kind", [GRANTED, ONLY])
def test_template_needs_a_parents_written_consent(office, kind, changes, sentence):
    ann = office.pupil()
    changes = changes | ({"on": clock.today() + timedelta(days=1)} if "on" in changes else {})
    with pytest.raises(InvalidInputError, match=sentence):
        office.say_of_templates(ann, kind, **changes)
    assert office.count(BiometricConsent) == 0


def test_who_may_not_write_may_not_answer(office, actor_with):
    ann = office.pupil()
    answer = BiometricAnswer(REFUSED, "Mother", Capacity.PARENT, "form", clock.today())
    with office.database.transaction(office.school_id) as session, pytest.raises(NotPermittedError):
        record_biometric(session, session.get_one(Pupil, ann), answer, actor=actor_with())


@pytest.mark.parametrize("active", [True, False])
def test_database_keeps_no_template_without_an_active_consent(office, enrolled, active):
    ann = enrolled()
    office.say_of_templates(ann, REFUSED)
    (consent, *_) = office.all_of(BiometricConsent, BiometricConsent.kind == GRANTED)
    row = FaceTemplate(
        id=uuid4(), school_id=office.school_id, pupil_id=ann, biometric_consent_id=consent.id, consent_is_active=active,
        vector_sealed=b"x", source_sha256="0" * 64, enrolled_at=clock.now(), enrolled_by="nobody",
    )  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), office.database.transaction(office.school_id) as session:
        session.add(row)


def test_database_ends_no_consent_that_a_template_rests_on(office, enrolled):
    enrolled()
    with pytest.raises(sa.exc.IntegrityError), office.database.transaction(office.school_id) as session:
        session.execute(sa.update(BiometricConsent).values(is_active=False))


def test_templates_are_sealed(office, enrolled):
    enrolled()
    for template in office.all_of(FaceTemplate):
        assert FACE.astype("<f8").tobytes()[:16] not in template.vector_sealed


def test_leaving_deletes_the_template_the_day_after(office, enrolled):
    ann = enrolled(left_on=clock.today())
    forget_leavers(office.database)
    assert office.templates_of(ann) == 2
    with office.database.transaction(office.school_id) as session:
        session.get_one(Pupil, ann).left_on = clock.today() - timedelta(days=1)
    assert people_in_gallery(office) == ({}, set())
    forget_leavers(office.database)
    forget_leavers(office.database)
    assert office.templates_of(ann) == 0
    assert [event.details["reason"] for event in office.events("template:disposed")] == ["left"]


def test_switching_matching_off_deletes_everything_biometric(office, enrolled):
    ann, bo = enrolled("1"), enrolled("22", ONLY)
    office.decide(BiometricMode.OFF)
    assert office.templates_of(ann) == office.templates_of(bo) == 0
    assert {event.details["reason"] for event in office.events("template:disposed")} == {"matching switched off"}


def test_decision_is_on_record_with_its_ground(office):
    office.decide(BiometricMode.TRANSIENT)
    (event,) = office.events("school:settings-changed")
    assert event.details["changed"]["biometric_mode"] == ["off", "transient"]
    assert event.details["changed"]["biometric_decision"][1]["because"] == "The governors decided."


def test_decision_needs_a_ground_and_somebody_entitled(office, actor_with):
    for ground, actor, error in ((" ", office.actor, InvalidInputError), ("Yes", actor_with(), NotPermittedError)):
        with office.database.transaction(office.school_id) as session:
            school = session.get_one(School, office.school_id)
            with pytest.raises(error):
                decide_matching(session, school, BiometricMode.TRANSIENT, because=ground, actor=actor)


def test_nobody_is_compared_while_matching_is_off(office, enrolled):
    ann = enrolled()
    with office.database.transaction(office.school_id) as session:
        session.get_one(School, office.school_id).settings_json = {"biometric_mode": "off"}
    assert office.templates_of(ann) == 2
    assert people_in_gallery(office) == ({}, set())


def test_strict_matching_needs_everybodys_consent(office, enrolled):
    ann, bo = enrolled("1"), enrolled("22", ONLY)
    silent = office.pupil("3")
    office.decide(BiometricMode.STRICT)
    assert people_in_gallery(office)[0] == {}
    assert people_in_gallery(office, [])[0] == {}
    assert people_in_gallery(office, [ann, silent])[0] == {}
    assert people_in_gallery(office, [ann, bo]) == ({str(ann): 2, str(bo): 2}, {str(bo)})


def test_same_picture_is_not_two_children(office, enrolled):
    ann, bo = enrolled("1"), enrolled("22")
    office.enrol(ann, FACE, "a" * 64)
    with pytest.raises(WrongStateError, match="already enrolled as 1"):
        office.enrol(bo, FACE, "a" * 64)
