"""Find and describe faces with face_recognition (dlib)."""

import warnings
from typing import Any, Protocol

import numpy as np
from PIL import Image

from consent.faces.image import Pixels
from consent.faces.model import FoundFace
from consent.model import Box

WORKING_SIDE = 2048
"""Longest side in pixels at which faces are looked for."""
TURNS = (1, 3)


class EngineUnavailableError(RuntimeError):
    """The face models cannot be loaded: nothing can be checked, so nothing may go out."""


class FaceEngine(Protocol):
    def find(self, picture: Pixels) -> list[FoundFace]:
        """Return the faces of an upright picture, left to right, with boxes in its pixels."""
        ...


class LibraryEngine:
    """face_recognition as it is: its HOG detector over an enlarged picture, its landmarks and its encoder.

    A picture in which no upright face is found is searched sideways too.
    """

    def __init__(self) -> None:
        self._library = _load_library()

    def find(self, picture: Pixels) -> list[FoundFace]:
        working, scale = _working_copy(picture)
        located = self._located(working)
        vectors = self._library.face_encodings(working, known_face_locations=located, model="small") if located else []
        found = [
            FoundFace(_scaled(location, scale, picture), np.asarray(vector), _sharpness(working, location))
            for location, vector in zip(located, vectors, strict=True)
        ]
        if not found:
            found = self._turned(picture)
        return sorted(found, key=lambda face: (face.box.left, face.box.top))

    def _located(self, working: Pixels) -> list[tuple[int, int, int, int]]:
        located: list[tuple[int, int, int, int]] = self._library.face_locations(
            working, number_of_times_to_upsample=1, model="hog"
        )
        return located

    def _turned(self, picture: Pixels) -> list[FoundFace]:
        """Look for faces that lie on their side, as in a photo whose orientation was lost."""
        for turns in TURNS:
            turned = np.ascontiguousarray(np.rot90(picture, turns))
            working, scale = _working_copy(turned)
            located = self._located(working)
            if located:
                vectors = self._library.face_encodings(working, known_face_locations=located, model="small")
                return [
                    FoundFace(
                        _turned_back(_scaled(location, scale, turned), turns, picture),
                        np.asarray(vector),
                        _sharpness(working, location),
                    )
                    for location, vector in zip(located, vectors, strict=True)
                ]
        return []


def load_engine() -> FaceEngine:
    """Load the models. Raises EngineUnavailableError, never SystemExit, when they are not to be had."""
    return LibraryEngine()


def _load_library() -> Any:  # face_recognition ships no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import face_recognition
        except (ImportError, SystemExit) as error:  # the library calls quit() when its models are missing
            raise EngineUnavailableError("The face models are not installed. Tell your administrator.") from error
    return face_recognition


def _working_copy(picture: Pixels) -> tuple[Pixels, float]:
    height, width = picture.shape[:2]
    longest = max(height, width)
    if longest <= WORKING_SIDE:
        return np.ascontiguousarray(picture), 1.0
    scale = WORKING_SIDE / longest
    size = (round(width * scale), round(height * scale))
    reduced = Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)
    return np.asarray(reduced, dtype=np.uint8), scale


def _scaled(location: tuple[int, int, int, int], scale: float, picture: Pixels) -> Box:
    """Turn dlib's (top, right, bottom, left) into a box of the original picture."""
    height, width = picture.shape[:2]
    top, right, bottom, left = (round(side / scale) for side in location)
    return Box(max(0, left), max(0, top), min(width, right), min(height, bottom))


def _turned_back(box: Box, turns: int, picture: Pixels) -> Box:
    height, width = picture.shape[:2]
    if turns == 1:
        return Box(width - box.bottom, box.left, width - box.top, box.right)
    return Box(box.top, height - box.right, box.bottom, height - box.left)


def _sharpness(working: Pixels, location: tuple[int, int, int, int]) -> float:
    top, right, bottom, left = location
    grey = working[max(0, top) : bottom, max(0, left) : right].mean(axis=2)
    if min(grey.shape) < 3:
        return 0.0
    laplacian = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return float(laplacian.var())
