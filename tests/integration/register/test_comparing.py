"""Who is compared with a photo's faces, and by whose company distances are levelled."""

import numpy as np
import pytest

from app.register.calibrating import calibration
from app.register.comparing import levelled_gallery, protected_elsewhere
from app.register.models import BiometricKind
from app.schools.models import BiometricMode, School
from consent.faces import cohort

RNG = np.random.default_rng(4)


@pytest.fixture
def enrolled(office, monkeypatch):
    """A school of six, small enough for a test, whose company is taken of two."""
    monkeypatch.setattr(cohort, "FEWEST", 5)
    monkeypatch.setattr(cohort, "FEWEST_NEAR", 2)
    office.decide(BiometricMode.TRANSIENT)

    def make(number, kind=BiometricKind.GRANTED):
        pupil_id = office.pupil(str(number))
        office.say_of_templates(pupil_id, kind)
        for _ in range(2):
            office.enrol(pupil_id, RNG.normal(0, 0.06, 128))
        return pupil_id

    return [make(number) for number in range(5)] + [make(9, BiometricKind.PROTECTIVE_ONLY)]


def opened(office, person_ids):
    sealer = office.app.extensions["schoolgate.sealers"]["templates"]
    with office.database.reading(office.school_id) as session:
        settings = session.get_one(School, office.school_id).settings
        return levelled_gallery(session, settings, sealer, person_ids)


def test_roster_is_compared_and_the_whole_school_is_the_yardstick(office, enrolled):
    found = opened(office, frozenset(enrolled[:2]))

    assert set(found.people) == set(map(str, enrolled[:2]))
    assert set(found.cohort.people) == set(map(str, enrolled[:5]))


def test_who_is_enrolled_only_to_be_kept_out_is_no_yardstick(office, enrolled):
    found = opened(office, None)

    assert (set(found.people), found.only_to_protect) == (set(map(str, enrolled)), {str(enrolled[5])})
    assert str(enrolled[5]) not in found.cohort.people


def test_who_is_enrolled_only_to_be_kept_out_measures_nothing(office, enrolled):
    sealer = office.app.extensions["schoolgate.sealers"]["templates"]
    with office.database.reading(office.school_id) as session:
        settings = session.get_one(School, office.school_id).settings
        measured = calibration(session, settings, sealer)

    assert (measured.people, measured.templates) == (5, 10)


def test_nothing_is_opened_once_matching_is_off(office, enrolled):
    office.decide(BiometricMode.OFF)

    assert (opened(office, None).people, opened(office, None).cohort) == ((), None)


def test_enrolled_pupils_who_may_not_be_shown_are_looked_for_beyond_the_roster(office, enrolled):
    stranger = office.pupil("77")
    protected = frozenset({enrolled[0], enrolled[1], stranger})

    with office.database.reading(office.school_id) as session:
        elsewhere = protected_elsewhere(session, protected, frozenset({enrolled[0]}))
        everywhere = protected_elsewhere(session, protected, None)

    assert elsewhere == {enrolled[1], enrolled[5]}
    assert everywhere == frozenset()
