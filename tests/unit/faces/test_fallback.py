"""The library's own engine, which stands in when the networks cannot be converted."""

import numpy as np
import pytest
from PIL import Image

from consent.faces.image import pixels_of
from consent.faces.library import LibraryEngine
from tests.support.pictures import portrait


@pytest.fixture(scope="module")
def fallback():
    return LibraryEngine()


def test_face_is_found_and_described_as_by_the_usual_engine(fallback, engine):
    pixels = pixels_of(portrait())

    (ours,), (theirs,) = engine.find(pixels), fallback.find(pixels)

    assert np.linalg.norm(ours.vector - theirs.vector) < 0.25  # framed a little differently, by another detector
    assert abs(ours.box.left - theirs.box.left) < ours.box.width / 3
    assert abs(ours.quality.turned - theirs.quality.turned) < 15
    assert theirs.quality.sharpness == pytest.approx(ours.quality.sharpness, rel=0.5)


@pytest.mark.parametrize("turns", [1, 3])
def test_sideways_portrait_is_found_too(fallback, turns):
    (face,) = fallback.find(
        pixels_of(portrait().transpose([Image.Transpose.ROTATE_90, None, Image.Transpose.ROTATE_270][turns - 1]))
    )

    assert 150 < face.box.height < 260
    assert 0 <= face.box.left < face.box.right <= 800


def test_empty_picture_has_no_faces(fallback):
    assert fallback.find(np.full((200, 300, 3), 200, np.uint8)) == []
