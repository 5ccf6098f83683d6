import numpy as np
import pytest

from consent.faces.quality import qualities, sharpness, turned

GREY = np.full((100, 100, 3), 128, np.uint8)
STRAIGHT = np.array([(30, 40), (70, 40), (50, 60), (35, 80), (65, 80)], float)


def looking(aside):
    points = STRAIGHT.copy()
    points[2, 0] += aside
    return points


def test_face_that_looks_ahead_is_not_turned():
    assert turned(STRAIGHT) == pytest.approx(0)


def test_nose_that_moves_aside_is_a_turned_head():
    angles = [turned(looking(aside)) for aside in (2, 6, 12, 20, 40)]

    assert angles == sorted(angles)
    assert angles[-1] == pytest.approx(90)
    assert turned(looking(-12)) == pytest.approx(turned(looking(12)))


def test_tilted_head_is_not_a_turned_one():
    angle = np.radians(30)
    spun = STRAIGHT @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    assert turned(spun) == pytest.approx(0, abs=1e-6)


def test_points_on_one_spot_do_no_harm():
    assert turned(np.zeros((5, 2))) == 0


def test_sharpness_falls_with_blur():
    noise = np.random.default_rng(0).integers(0, 256, (100, 100, 3), dtype=np.uint8)
    whole = np.array((0.0, 0.0, 100.0, 100.0))

    assert sharpness(noise, whole) > 1000
    assert sharpness(GREY, whole) == 0
    assert sharpness(noise, np.array((98.0, 98.0, 105.0, 105.0))) == 0


def test_cover_counts_the_frame_and_nearer_faces():
    squares = np.array([(-20, 0, 20, 40), (60, 20, 100, 60), (80, 30, 120, 70)], float)

    left, behind, front = qualities(GREY, squares, np.stack([STRAIGHT] * 3), 0.5)

    assert left.covered == pytest.approx(0.5)
    assert behind.covered == pytest.approx(0.38, abs=0.01)  # 20 × 30 of 40 × 40 pixels
    assert front.covered == pytest.approx(0.5)
    assert left.height == 20.0
