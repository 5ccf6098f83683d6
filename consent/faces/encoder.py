"""Describe faces: dlib finds five points and turns each face upright, its network gives 128 numbers."""

from typing import Any

import numpy as np

from consent.faces.boxes import Rows
from consent.faces.image import Pixels
from consent.faces.model import Vector
from consent.faces.networks.dlib_graphs import CHIP_SIDE

PADDING = 0.25
"""How much of the surroundings dlib keeps around an aligned face."""
BATCH = 16


class Encoder:
    def __init__(self, session: Any, dlib: Any, landmarks: str) -> None:  # neither library ships types
        self._session, self._dlib = session, dlib
        self._points = dlib.shape_predictor(landmarks)

    def encode(self, picture: Pixels, squares: Rows) -> list[Vector]:
        """Return a vector for each face, framed as dlib frames it."""
        vectors: list[Vector] = []
        for start in range(0, len(squares), BATCH):
            chips = np.stack([self._chip(picture, square) for square in squares[start : start + BATCH]])
            (described,) = self._session.run(None, {"pixels": chips})
            vectors.extend(described.astype(np.float64))
        return vectors

    def _chip(self, picture: Pixels, square: Rows) -> Pixels:
        left, top, right, bottom = (round(float(edge)) for edge in square)
        points = self._points(picture, self._dlib.rectangle(left, top, right, bottom))
        chip: Pixels = self._dlib.get_face_chip(picture, points, size=CHIP_SIDE, padding=PADDING)
        return chip
