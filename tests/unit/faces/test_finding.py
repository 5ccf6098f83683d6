"""Faces in the project's own pictures, as they are and as phones mistreat them."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from consent.faces.evaluation.detection import Tally, assign
from consent.faces.evaluation.manifest import read_manifest
from consent.faces.image import pixels_of
from consent.faces.sizes import published_scale
from tests.support.pictures import PICTURES, portrait

MANIFEST = read_manifest(PICTURES / "manifest.json")
PHOTOS = {photo.path.stem: photo for photo in MANIFEST.photos}
HALL, FIELD, CLASS, STAGE, CROWD = (
    "ev01_hall_assembly",
    "ev09_far_field",
    "ev04_class_photo_12mp",
    "ev11_watching_the_stage",
    "ev13_crowd_occluded",
)
SIX = [HALL, FIELD, CLASS, STAGE, CROWD, "ev10_classroom_work"]


def boxes_of(faces):
    return [face.box for face in faces]


def test_recall_does_not_fall(faces_in, picture):
    """The floors stand one face below what was measured; face_recognition's default finds 5 of 9 small ones."""
    tally = Tally()
    for name in SIX:
        height, width = picture(f"events/{name}.jpg").shape[:2]
        tally.add(PHOTOS[name].faces, boxes_of(faces_in(f"events/{name}.jpg")), published_scale(width, height))

    assert tally.recall("clear, 24 px and more") >= 0.96
    assert tally.recall("24-40 px") >= 0.60
    assert tally.recall("40-80 px") >= 0.85
    assert tally.recall("80 px and more") >= 0.90
    assert tally.false <= 4


def test_every_face_of_a_class_photo_is_found_and_framed(faces_in):
    found = faces_in(f"events/{CLASS}.jpg")

    assert len(assign(PHOTOS[CLASS].faces, boxes_of(found))) == len(PHOTOS[CLASS].faces) == len(found) == 26


def test_empty_hall_has_no_faces(faces_in):
    assert faces_in("events/ev07_empty_hall.jpg") == []


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_photo_has_the_same_faces_with_the_same_vectors(engine, faces_in, picture, turns):
    name = "events/ev14_two_close_up.jpg"
    upright = faces_in(name)

    found = engine.find(np.ascontiguousarray(np.rot90(picture(name), turns)))

    people = assign(PHOTOS["ev14_two_close_up"].faces, boxes_of(upright)).values()
    assert len(people) == 2
    for place in people:
        assert min(np.linalg.norm(upright[place].vector - other.vector) for other in found) < 0.2


def test_same_face_in_a_small_picture(engine):
    small = portrait((150, 200))

    (face,) = engine.find(pixels_of(small))

    assert 40 < face.box.height < 80


def test_face_cut_by_the_edge_is_found_and_told_so(engine):
    image = portrait()
    half = image.crop((270, 0, 600, 800))

    faces = engine.find(pixels_of(half))

    assert any(face.box.left == 0 and face.quality.covered > 0.1 for face in faces)


def test_boxes_lie_in_the_picture_and_are_sorted(faces_in, picture):
    height, width = picture(f"events/{CROWD}.jpg").shape[:2]
    boxes = boxes_of(faces_in(f"events/{CROWD}.jpg"))

    assert all(0 <= box.left < box.right <= width and 0 <= box.top < box.bottom <= height for box in boxes)
    assert boxes == sorted(boxes, key=lambda box: (box.left, box.top))


def test_heights_are_those_of_the_published_picture(faces_in):
    heights = [face.quality.height for face in faces_in(f"events/{CLASS}.jpg")]

    assert 25 < min(heights) < max(heights) < 80  # 4,000 pixels become 1,600


def test_picture_of_noise_or_of_nothing_does_no_harm(engine):
    noise = np.random.default_rng(1).integers(0, 256, (400, 300, 3), dtype=np.uint8)

    for pixels in (noise, np.zeros((32, 2000, 3), np.uint8), np.full((33, 33, 3), 255, np.uint8)):
        assert len(engine.find(pixels)) < 5


def test_saved_again_as_a_poor_jpeg_the_faces_stay(engine, picture):
    output = BytesIO()
    Image.fromarray(picture(f"events/{HALL}.jpg")).save(output, "JPEG", quality=35)
    with Image.open(output) as poor:
        found = engine.find(pixels_of(poor))

    assert len(assign(PHOTOS[HALL].faces, boxes_of(found))) == 8
