import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.faces.turning import clipped, turned, turned_back
from consent.model import Box


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_box_comes_back_to_the_pixels_it_framed(turns):
    picture = np.zeros((60, 90, 3), np.uint8)
    picture[10:25, 30:70] = 255
    rows, columns = np.nonzero(turned(picture, turns)[:, :, 0])
    seen = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], float)

    assert turned_back(seen, turns, 90, 60).tolist() == [[30, 10, 70, 25]]


@given(st.lists(st.floats(-1e4, 1e4), min_size=4, max_size=4), st.integers(1, 500), st.integers(1, 500))
def test_clipped_box_lies_in_the_picture_and_is_never_empty(edges, width, height):
    box = clipped(np.array(edges), width, height)

    assert 0 <= box.left < box.right <= width
    assert 0 <= box.top < box.bottom <= height


def test_whole_box_stays():
    assert clipped(np.array([1.4, 2.0, 30.6, 40.0]), 100, 100) == Box(1, 2, 31, 40)
