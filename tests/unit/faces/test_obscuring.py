"""What is obscured cannot be found again, seen again or computed back."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from consent.faces.evaluation.detection import assign
from consent.faces.image import pixels_of
from consent.faces.model import FoundFace, Quality
from consent.faces.obscure import TRIES, StillThereError, head_of, obscure, publishable
from consent.model import Box
from tests.support.pictures import PICTURES
from tests.unit.faces.test_finding import PHOTOS

NAME = "ev01_hall_assembly"


@pytest.fixture(scope="module")
def photo():
    with Image.open(PICTURES / "events" / f"{NAME}.jpg") as file:
        return file.convert("RGB")


@pytest.fixture(scope="module")
def found(faces_in):
    return faces_in(f"events/{NAME}.jpg")


def read(made):
    with Image.open(BytesIO(made.jpeg)) as file:
        return pixels_of(file)


def test_obscured_faces_are_gone_and_the_others_stay(photo, found, engine):
    wanted = [found[0].box, found[3].box]

    made = publishable(photo, wanted, longest_side=1600, engine=lambda: engine)

    left = engine.find(read(made))
    kept = [face for face in found if face.box not in wanted]
    assert len(left) == len(kept)
    for face in kept:
        assert min(np.linalg.norm(face.vector - other.vector) for other in left) < 0.35
    for face in (found[0], found[3]):
        assert min(np.linalg.norm(face.vector - other.vector) for other in left) > 0.4


def test_published_pixels_of_a_head_come_from_six_numbers(photo, found):
    face = found[2].box
    head = head_of(face, photo.width, photo.height)

    after = pixels_of(obscure(photo, [face]))[head.top : head.bottom, head.left : head.right]

    assert (after == after[:, :1]).all()  # every row is one colour
    rows = after[:, 0].astype(float)
    steps = np.diff(rows, axis=0)
    assert np.abs(steps - steps.mean(axis=0)).max() <= 1  # and the rows are a straight shade


def test_two_people_in_one_place_leave_the_same_patch(photo, found):
    """Whoever stood there: another picture with the same rounded averages gives the same pixels."""
    face = found[2].box
    head = head_of(face, photo.width, photo.height)
    other = np.array(photo)
    region = other[head.top : head.bottom, head.left : head.right]
    half = region.shape[0] // 2
    for part in (region[:half], region[-half:]):
        np.random.default_rng(3).shuffle(part.reshape(-1, 3))
    region[:half] = region[:half][::-1]

    assert np.array_equal(pixels_of(obscure(photo, [face])), pixels_of(obscure(Image.fromarray(other), [face])))


def test_nothing_outside_the_head_changes(photo, found):
    face = found[1].box
    head = head_of(face, photo.width, photo.height)
    before, after = np.array(photo), np.array(obscure(photo, [face]))
    before[head.top : head.bottom, head.left : head.right] = 0
    after[head.top : head.bottom, head.left : head.right] = 0

    assert np.array_equal(before, after)


@pytest.mark.parametrize("name", [NAME, "ev13_crowd_occluded", "ev14_two_close_up"])
def test_patch_covers_the_whole_head(faces_in, picture, name):
    height, width = picture(f"events/{name}.jpg").shape[:2]
    boxes = [face.box for face in faces_in(f"events/{name}.jpg")]
    faces = PHOTOS[name].faces
    for place, number in assign(faces, boxes).items():
        patch, head = head_of(boxes[number], width, height), faces[place].head
        left, top, right, bottom = max(0, head.left), max(0, head.top), min(width, head.right), min(height, head.bottom)
        across = min(patch.right, right) - max(patch.left, left)
        down = min(patch.bottom, bottom) - max(patch.top, top)
        assert across * down >= 0.93 * (right - left) * (bottom - top)


class StubbornEngine:
    """Finds a face in its place until the patch has grown so many times."""

    def __init__(self, box, searches_with_a_face):
        self.box, self.left, self.searches = box, searches_with_a_face, 0

    def find(self, picture, *, describe):
        self.searches += 1
        if self.searches > self.left:
            return []
        return [FoundFace(self.box, np.zeros(128), Quality(50, 100, 0, 0))]


def patched(made, photo):
    """Count the pixels that differ clearly from the photo."""
    return int((np.abs(read(made).astype(int) - np.array(photo)).max(axis=2) > 60).sum())


def test_patch_grows_until_the_face_is_gone(photo, found):
    face = found[1].box
    easy, stubborn = StubbornEngine(face, 0), StubbornEngine(face, 2)

    first = publishable(photo, [face], longest_side=1600, engine=lambda: easy)
    last = publishable(photo, [face], longest_side=1600, engine=lambda: stubborn)

    assert (easy.searches, stubborn.searches) == (1, 3)
    assert patched(last, photo) > patched(first, photo)


def test_face_that_never_goes_stops_the_picture(photo, found):
    engine = StubbornEngine(found[1].box, 99)

    with pytest.raises(StillThereError, match="crop it"):
        publishable(photo, [found[1].box], longest_side=1600, engine=lambda: engine)

    assert engine.searches == TRIES


def test_picture_without_obscured_faces_needs_no_search(photo):
    def never():
        raise AssertionError

    made = publishable(photo, [], longest_side=800, engine=never)

    assert (made.width, made.height) == (800, 600)


def test_places_follow_when_the_picture_is_reduced(photo, found, engine):
    made = publishable(photo, [face.box for face in found], longest_side=640, engine=lambda: engine)

    assert max(made.width, made.height) == 640
    assert engine.find(read(made)) == []


@pytest.mark.parametrize(
    "face", [Box(0, 0, 30, 30), Box(1590, 1190, 1600, 1200), Box(-20, -20, 10, 10), Box(0, 0, 1600, 1200)]
)
def test_patch_at_the_edge_stays_in_the_picture(photo, face):
    assert obscure(photo, [face]).size == photo.size
