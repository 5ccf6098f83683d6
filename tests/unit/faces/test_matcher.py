"""What matching says of a face; nothing it says clears one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.faces.matcher import Gallery, Thresholds, match
from consent.model import MatchStatus

LIMITS = Thresholds(alarm=0.65, protected=0.50, suggestion=0.45, margin=0.05)


def at(*distances):
    """A vector at these distances from the origin along the first axes."""
    vector = np.zeros(128)
    vector[: len(distances)] = distances
    return vector


FACE = at(0.0)


def judged(templates, protected=(), scope=None, faces=(FACE,), elsewhere=()):
    gallery = Gallery({name: [at(*place) for place in places] for name, places in templates.items()})
    return match(list(faces), gallery, protected=protected, scope=scope, elsewhere=elsewhere, thresholds=LIMITS)


@pytest.mark.parametrize(
    ("templates", "protected", "status", "person"),
    [
        ({"open": [(0.30,)]}, (), MatchStatus.SUGGESTED, "open"),
        ({"open": [(0.46,)]}, (), MatchStatus.UNKNOWN, None),
        ({"open": [(0.30,)], "other": [(0.34,)]}, (), MatchStatus.UNKNOWN, None),
        ({"open": [(0.30,)], "other": [(0.0, 0.36)]}, (), MatchStatus.SUGGESTED, "open"),
        ({"open": [(0.30,)], "sibling": [(0.36,)]}, (), MatchStatus.UNKNOWN, None),
        ({"guarded": [(0.30,)]}, ("guarded",), MatchStatus.PROTECTED, "guarded"),
        ({"guarded": [(0.55,)]}, ("guarded",), MatchStatus.POSSIBLE, "guarded"),
        ({"guarded": [(0.66,)]}, ("guarded",), MatchStatus.UNKNOWN, None),
        ({"guarded": [(0.60,)], "open": [(0.20,)]}, ("guarded",), MatchStatus.POSSIBLE, "guarded"),
        ({"guarded": [(0.42,)], "open": [(0.40,)]}, ("guarded",), MatchStatus.PROTECTED, "guarded"),
        ({"guarded": [(0.48,)], "open": [(0.40,)]}, ("guarded",), MatchStatus.POSSIBLE, "guarded"),
        ({"guarded": [(0.90,), (0.30,), (0.80,)]}, ("guarded",), MatchStatus.PROTECTED, "guarded"),
        ({}, (), MatchStatus.UNKNOWN, None),
    ],
)
def test_status_of_a_face(templates, protected, status, person):
    found = judged(templates, protected)[0]

    assert (found.status, found.person_id) == (status, person)


def test_nobody_outside_the_scope_is_compared():
    templates = {"inside": [(0.40,)], "outside": [(0.10,)]}

    assert judged(templates, scope={"inside"})[0].person_id == "inside"
    assert judged(templates, scope=set())[0].status is MatchStatus.UNKNOWN


@pytest.mark.parametrize(
    ("templates", "status", "person"),
    [
        ({"away": [(0.39,)]}, MatchStatus.POSSIBLE, "away"),
        ({"away": [(0.42,)]}, MatchStatus.UNKNOWN, None),
        ({"away": [(0.10,)], "inside": [(0.0, 0.2)]}, MatchStatus.POSSIBLE, "away"),
        ({"away": [(0.39,)], "inside": [(0.0, 0.2)]}, MatchStatus.POSSIBLE, "away"),
        ({"away": [(0.30,)], "guarded": [(0.60,)]}, MatchStatus.POSSIBLE, "guarded"),
        ({"away": [(0.42,)], "inside": [(0.0, 0.2)]}, MatchStatus.SUGGESTED, "inside"),
        ({"stranger": [(0.10,)]}, MatchStatus.UNKNOWN, None),
    ],
)
def test_protected_pupil_who_did_not_take_part_is_found_when_the_face_is_very_like(templates, status, person):
    found = judged(templates, protected={"guarded"}, scope={"inside", "guarded"}, elsewhere={"away"})[0]

    assert (found.status, found.person_id) == (status, person)


def test_order_of_the_people_in_scope_does_not_matter():
    templates = {"first": [(0.60,)], "second": [(0.0, 0.20)], "third": [(0.0, 0.0, 0.70)]}

    found = judged(templates, scope={"second", "third"}, elsewhere={"first"})[0]

    assert (found.status, found.person_id, found.distance) == (MatchStatus.SUGGESTED, "second", pytest.approx(0.20))


def test_person_enrolled_only_to_protect_is_never_suggested():
    gallery = Gallery({"guarded": [at(0.2)]}, only_to_protect=frozenset({"guarded"}))

    assert match([FACE], gallery, protected=(), thresholds=LIMITS)[0].status is MatchStatus.PROTECTED


def test_one_face_a_person_in_a_picture():
    near, nearer = at(0.30), at(0.10)

    first, second = judged({"open": [(0.0,)]}, faces=(near, nearer))

    assert first.status is MatchStatus.UNKNOWN
    assert (second.status, second.person_id) == (MatchStatus.SUGGESTED, "open")


def test_alarm_is_raised_for_every_face_that_may_be_the_pupil():
    found = judged({"guarded": [(0.0,)]}, ("guarded",), faces=(at(0.1), at(0.2), at(0.6)))

    assert [each.status for each in found] == [MatchStatus.PROTECTED, MatchStatus.PROTECTED, MatchStatus.POSSIBLE]


@given(st.lists(st.floats(0.0, 1.5), min_size=1, max_size=8), st.floats(0.0, 0.65))
def test_whoever_else_is_in_the_picture_a_protected_pupil_in_range_is_never_suggested_away(others, distance):
    templates = {f"open{place}": [(0.0, other)] for place, other in enumerate(others)} | {"guarded": [(distance,)]}

    status = judged(templates, ("guarded",))[0].status

    assert status in (MatchStatus.PROTECTED, MatchStatus.POSSIBLE)
