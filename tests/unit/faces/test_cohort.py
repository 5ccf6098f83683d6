"""Distances levelled by the company that faces keep: what everybody has in common counts for less."""

import pickle

import numpy as np
import pytest

from consent.faces.calibration.measure import calibrate
from consent.faces.cohort import FEWEST, Cohort
from consent.faces.matcher import Gallery, Thresholds, match
from consent.model import MatchStatus

CROWD, LONERS = 40, 20


def school(rng):
    """Pupils of whom many look alike, as young children do to the network, and some like nobody else."""
    ways = np.linalg.qr(rng.normal(size=(128, 8)))[0].T
    shared = rng.normal(0, 0.28, 8)
    alike = [shared + rng.normal(0, 0.12, 8) for _ in range(CROWD)]
    faces = alike + [rng.normal(0, 0.28, 8) for _ in range(LONERS)]
    middle = rng.normal(0, 0.06, 128)
    return {
        str(number): [middle + (face + rng.normal(0, 0.085, 8)) @ ways for _ in range(3)]
        for number, face in enumerate(faces)
    }


@pytest.fixture(scope="module")
def templates():
    return school(np.random.default_rng(0))


@pytest.fixture(scope="module")
def levelled(templates):
    return Gallery(templates, cohort=Cohort.of(templates))


def test_few_pupils_are_no_yardstick(templates):
    few = dict(list(templates.items())[: FEWEST - 1])

    assert Cohort.of(few) is None
    assert Cohort.of(templates) is not None
    assert Cohort.of({str(number): [np.ones(128)] for number in range(50)}) is None


def recognised_at_one_in_a_hundred(gallery):
    """Return the part of the pictures that are nearer to their own pupil than 99 of 100 wrong pairs are."""
    faces = [face for several in gallery.templates.values() for face in several]
    distances = gallery.distances(faces, gallery.people, leaving_out=range(len(faces)))
    is_own = np.repeat(np.eye(len(gallery.people), dtype=bool), 3, axis=0)
    return (distances[is_own] <= np.quantile(distances[~is_own], 0.01)).mean()


def test_more_right_people_are_near_when_as_few_wrong_ones_are(templates, levelled):
    assert recognised_at_one_in_a_hundred(levelled) > recognised_at_one_in_a_hundred(Gallery(templates)) + 0.1


def test_calibration_says_by_how_many_pupils_it_levels(templates, levelled):
    assert [calibrate(each, {}).levelled_by for each in (Gallery(templates), templates, levelled)] == [0, 60, 60]


def test_distances_keep_their_familiar_size(templates, levelled):
    faces = [several[0] for several in templates.values()]
    others = ~np.eye(len(faces), dtype=bool)
    plain = Gallery(templates)

    usual, now = (np.median(each.distances(faces, each.people)[others]) for each in (plain, levelled))

    assert now == pytest.approx(usual, abs=0.1)


def test_what_travels_to_the_child_process_judges_alike(templates, levelled):
    away = pickle.loads(pickle.dumps(levelled))  # noqa: S301  our own
    faces = [several[0] for several in templates.values()]

    told = [
        match(faces, each, protected={"3", "50"}, scope=set(map(str, range(30))), elsewhere={"50"})
        for each in (levelled, away)
    ]

    assert told[0] == told[1]
    assert {found.status for found in told[0]} >= {MatchStatus.PROTECTED, MatchStatus.POSSIBLE}


def test_school_that_enrols_nobody_travels_too():
    away = pickle.loads(pickle.dumps(Gallery({})))  # noqa: S301  our own

    assert (away.people, match([], away, protected=())) == ((), [])


def test_company_of_a_face_leaves_the_compared_pupil_out(templates, levelled):
    cohort = levelled.cohort
    face = cohort.levelled(np.asarray([templates["0"][0]], dtype=np.float32))

    without = cohort.company_without(face, ["0", "1", "nobody"])[0]

    assert without[0] == pytest.approx(cohort.company(face, ["0"])[0], abs=1e-5)
    assert without[2] == pytest.approx(cohort.company(face, ["nobody"])[0], abs=1e-5)
    assert without[0] > without[2]


def test_calibration_proposes_the_strict_distance_once_enough_pairs_tell(levelled):
    few = calibrate({name: levelled.templates[name] for name in list(levelled.templates)[:12]}, {}).proposed
    many = calibrate(levelled, {}).proposed

    assert few.elsewhere == Thresholds().elsewhere
    assert many.elsewhere <= many.protected
