"""Misses and false alarms by distance, leave-one-out, with ranges that admit how little a few pictures say."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.faces.calibration.chart import chart
from consent.faces.calibration.measure import FEWEST_PEOPLE, UNSORTED, calibrate
from consent.faces.calibration.proportions import Proportion
from consent.faces.matcher import Thresholds


def at(place, height=0.0):
    vector = np.zeros(128)
    vector[:2] = place, height
    return vector


PAIR = {"a": [at(0.0), at(0.42)], "b": [at(1.0), at(1.0)]}
"""One pupil whose two pictures lie 0.42 apart, one whose lie together, 0.58 away."""


def row(calibration, distance):
    return next(row for row in calibration.rows if row.distance == distance)


def counts(proportion):
    return proportion.count, proportion.total


@pytest.mark.parametrize(
    ("distance", "missed", "alarms"), [(0.40, (2, 4), (0, 4)), (0.45, (0, 4), (0, 4)), (0.60, (0, 4), (3, 4))]
)
def test_each_picture_is_left_out_in_turn(distance, missed, alarms):
    found = row(calibrate(PAIR, {}), distance)

    assert (counts(found.missed), counts(found.alarms)) == (missed, alarms)


def test_pupil_with_one_picture_cannot_be_missed_but_can_raise_alarms():
    found = row(calibrate({"a": [at(0.0)], "b": [at(0.5), at(0.5)]}, {}), 0.50)

    assert counts(found.missed) == (0, 2)
    assert counts(found.alarms) == (3, 3)


def test_wrong_suggestions_are_those_the_matcher_would_make():
    twins = {"a": [at(0.0), at(0.40)], "b": [at(0.30), at(2.0)], "c": [at(5.0), at(5.0)]}

    found = row(calibrate(twins, {}, margin=0.05), 0.35)

    assert counts(found.suggested_wrongly) == (3, 5)  # both of a and the first of b; c is right, b's second is far


def test_year_groups_are_told_apart():
    groups = {"a": "Year 1", "b": "Year 1", "c": "Year 2"}
    calibration = calibrate(PAIR | {"c": [at(0.5), at(0.5)]}, groups)

    assert set(calibration.by_group) == {"Year 1", "Year 2"}
    assert counts(calibration.by_group["Year 1"][6].alarms) == (3, 4)
    assert counts(calibration.by_group["Year 2"][6].alarms) == (0, 0)
    assert set(calibrate(PAIR, {}).by_group) == {UNSORTED}


def test_nobody_enrolled_gives_an_empty_table():
    calibration = calibrate({}, {})

    assert (calibration.people, calibration.proposed) == (0, None)
    assert all(row.missed.share is None for row in calibration.rows)


def school(people, spread, rng):
    """Pupils far apart, whose pictures lie about `spread` from one another."""
    step = spread / np.sqrt(2 * 128)
    centres = rng.normal(0, 1.2 / np.sqrt(2 * 128), (people, 128))
    return {str(name): [centre + rng.normal(0, step, 128) for _ in range(3)] for name, centre in enumerate(centres)}


def test_too_few_pupils_give_no_proposal():
    templates = school(FEWEST_PEOPLE - 1, 0.3, np.random.default_rng(0))

    assert calibrate(templates, {}).proposed is None


def test_proposal_widens_the_alarm_where_pictures_differ():
    rng = np.random.default_rng(0)

    close, far = (calibrate(school(40, spread, rng), {}).proposed for spread in (0.3, 0.75))

    assert close.alarm == Thresholds().alarm
    assert far.alarm > close.alarm
    assert far.suggestion <= Thresholds().suggestion


@given(st.integers(0, 50), st.integers(0, 50))
def test_range_holds_the_share_and_narrows_with_more_cases(count, more):
    few, many = Proportion(count, count + more), Proportion(count * 20, (count + more) * 20)
    low, high = few.interval

    assert 0 <= low <= (few.share or 0) + 1e-12
    assert (few.share if few.share is not None else 1) - 1e-12 <= high <= 1
    if few.total:
        assert many.interval[1] - many.interval[0] < high - low


@pytest.mark.parametrize(
    ("proportion", "words"),
    [
        (Proportion(0, 0), "no cases"),
        (Proportion(1, 4), "1 of 4 (25%, 5% to 70%)"),
        (Proportion(0, 90), "0 of 90 (0%, 0% to 4%)"),
    ],
)
def test_range_in_words(proportion, words):
    assert str(proportion) == words


def test_chart_is_a_whole_picture_that_escapes_names():
    calibration = calibrate(school(12, 0.3, np.random.default_rng(0)), {})

    drawn = ElementTree.fromstring(chart(calibration.rows, "St Mary & <All> Angels", calibration.proposed))  # noqa: S314  our own

    assert drawn.findtext("{*}title") == "St Mary & <All> Angels"
    assert len(drawn.findall("{*}polyline")) == 2
    assert any("proposed alarm" in (text.text or "") for text in drawn.iter("{http://www.w3.org/2000/svg}text"))
