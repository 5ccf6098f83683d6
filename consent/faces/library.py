"""The fallback engine: face_recognition as it is, with its HOG detector over an enlarged picture."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from consent.faces.boxes import Rows
from consent.faces.image import Pixels
from consent.faces.model import NOTHING, FoundFace, Vector
from consent.faces.networks.sources import load_library
from consent.faces.quality import qualities
from consent.faces.sizes import SMALLEST, published_scale, reduced
from consent.faces.turning import clipped, turned, turned_back

SIDEWAYS = (1, 3)
LANDMARKS = "small"


class LibraryEngine:
    """A picture in which no upright face is found is searched sideways too."""

    def __init__(self) -> None:
        self._library = load_library()

    def find(self, picture: Pixels, *, smallest: float = SMALLEST, describe: bool = True) -> list[FoundFace]:
        """Return the faces of an upright picture; the library itself sets how small they may be."""
        found = self._look(picture, 0, describe)
        for turns in SIDEWAYS:
            found = found or self._look(picture, turns, describe)
        return sorted(found, key=lambda face: (face.box.left, face.box.top))

    def _look(self, picture: Pixels, turns: int, describe: bool) -> list[FoundFace]:
        copy = reduced(turned(picture, turns))
        places: Sequence[tuple[int, int, int, int]] = self._library.face_locations(
            copy.pixels, number_of_times_to_upsample=1, model="hog"
        )
        if not places:
            return []
        vectors: list[Vector] = [NOTHING] * len(places)
        if describe:
            vectors = self._library.face_encodings(copy.pixels, known_face_locations=places, model=LANDMARKS)
        squares = np.array([(left, top, right, bottom) for top, right, bottom, left in places], dtype=np.float64)
        height, width = picture.shape[:2]
        scale = published_scale(width, height) / copy.scale
        seen = qualities(copy.pixels, squares, self._points(copy.pixels, places), scale)
        boxes = turned_back(squares / copy.scale, turns, width, height)
        return [
            FoundFace(clipped(box, width, height), np.asarray(vector), quality)
            for box, vector, quality in zip(boxes, vectors, seen, strict=True)
        ]

    def _points(self, picture: Pixels, places: Sequence[tuple[int, int, int, int]]) -> Rows:
        """Return eyes, nose and corners of the mouth from the library's 68 landmarks."""
        marks: list[dict[str, Any]] = self._library.face_landmarks(picture, places)
        return np.array([_five(mark) for mark in marks], dtype=np.float64)


def _five(marks: dict[str, Any]) -> list[Any]:
    mouth = marks["top_lip"]
    eyes = [np.mean(marks[side], axis=0) for side in ("left_eye", "right_eye")]
    return [*eyes, np.asarray(marks["nose_bridge"][-1]), np.asarray(mouth[0]), np.asarray(mouth[6])]
