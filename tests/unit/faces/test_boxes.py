import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.faces.boxes import best_of_each, cover, overlap
from consent.faces.detector import Detected, is_same, joined

EDGES = st.integers(0, 200)
BOXES = st.lists(
    st.tuples(EDGES, EDGES, st.integers(1, 100), st.integers(1, 100), st.floats(0, 1)), min_size=1, max_size=30
)


def rows(*boxes):
    return np.array(boxes, dtype=float).reshape(-1, 4)


@pytest.mark.parametrize(
    ("other", "overlapping", "covering"),
    [
        ((0, 0, 10, 10), 1.0, 1.0),
        ((10, 0, 20, 10), 0.0, 0.0),
        ((5, 0, 15, 10), 1 / 3, 0.5),
        ((2, 2, 4, 4), 0.04, 1.0),
    ],
)
def test_shared_parts(other, overlapping, covering):
    assert overlap(rows((0, 0, 10, 10)), rows(other))[0, 0] == pytest.approx(overlapping)
    assert cover(rows((0, 0, 10, 10)), rows(other))[0, 0] == pytest.approx(covering)


@given(BOXES)
def test_best_boxes_do_not_clash_and_every_other_clashes_with_a_better_one(drawn):
    boxes = rows(*[(left, top, left + width, top + height) for left, top, width, height, _ in drawn])
    scores = np.array([score for *_, score in drawn])

    kept = best_of_each(boxes, scores, overlapping=0.4, covering=0.5)

    def clash(one, two):
        first, second = boxes[one : one + 1], boxes[two : two + 1]
        return overlap(first, second)[0, 0] > 0.4 + 1e-9 or cover(first, second)[0, 0] > 0.5 + 1e-9

    assert not any(clash(one, two) for one in kept for two in kept if one != two)
    for lost in set(range(len(boxes))) - set(kept):
        overlapping = overlap(boxes[lost : lost + 1], boxes[kept])[0]
        covering = cover(boxes[lost : lost + 1], boxes[kept])[0]
        clashes = (overlapping >= 0.4 - 1e-9) | (covering >= 0.5 - 1e-9)
        assert scores[kept][clashes].max() >= scores[lost]


def test_no_boxes_at_all():
    assert not len(best_of_each(np.empty((0, 4)), np.empty(0), overlapping=0.5))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ((5, 5, 105, 105), True),
        ((0, -20, 95, 110), True),
        ((20, 20, 80, 80), True),
        ((60, 0, 160, 100), False),
        ((40, 40, 70, 70), False),  # a small face in front of a large one
        ((200, 0, 300, 100), False),
    ],
)
def test_boxes_of_one_face_are_recognised(other, same):
    assert is_same(rows((0, 0, 100, 100)), rows(other))[0, 0] == same


def detected(*boxes):
    count = len(boxes)
    return Detected(rows(*boxes), rows(*boxes), np.ones(count), np.zeros((count, 5, 2)))


def test_findings_of_several_detectors_become_one_list():
    first = detected((0, 0, 100, 100))
    second = detected((4, 4, 98, 104), (300, 0, 400, 100))

    together = joined((first, detected(), second))

    assert together.boxes.tolist() == [[0, 0, 100, 100], [300, 0, 400, 100]]
    assert len(together.points) == 2
