"""MTCNN: three small networks, each looking closer at what the one before it proposed."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consent.faces.boxes import Rows, best_of_each
from consent.faces.image import Pixels

CELL, STRIDE = 12, 2
"""Pixels of a side of the window that the first network judges, and how far apart these are."""
STEP = 0.709
PROPOSED, REFINED = 0.6, 0.7
"""How sure the first and the second network must be."""
MOST_PROPOSALS = 4000
BATCH = 256
BAND = 128
"""Rows that the first network judges at a time: its maps then stay near the processor, which halves its time."""
GREY = (127, 127, 127)


@dataclass(frozen=True, slots=True)
class Sure:
    """What the third network says of some boxes: better boxes, how sure it is, and five points in each.

    The points are both eyes, the nose and the corners of the mouth: count × 5 × 2.
    """

    boxes: Rows
    chances: Rows
    points: Rows


class Cascade:
    def __init__(self, proposer: Any, refiner: Any, finisher: Any) -> None:  # onnxruntime ships no types
        self._proposer, self._refiner, self._finisher = proposer, refiner, finisher

    def find(self, picture: Pixels, *, smallest: float, threshold: float) -> Sure:
        """Return the faces at least `smallest` pixels high that the last network is so sure of."""
        boxes = self._refined(picture, squared(self._proposed(picture, smallest)))
        found = self.look_closely(picture, squared(boxes))
        chosen = np.flatnonzero(found.chances > threshold)
        kept = chosen[best_of_each(found.boxes[chosen], found.chances[chosen], overlapping=0.7, covering=0.7)]
        return Sure(found.boxes[kept], found.chances[kept], found.points[kept])

    def look_closely(self, picture: Pixels, squares: Rows) -> Sure:
        """Let the last network judge these squares, whoever found them."""
        chances, shifts, points = [np.empty(0)], [np.empty((0, 4))], [np.empty((0, 10))]
        for patches in _patches(picture, squares, 48):
            shift, point, chance = self._finisher.run(("shifts", "points", "chances"), {"pixels": patches})
            chances.append(chance[:, 1])
            shifts.append(shift)
            points.append(point)
        corner, sides = squares[:, None, :2], (squares[:, 2:] - squares[:, :2])[:, None, :]
        places = np.concatenate(points).reshape(-1, 2, 5).transpose(0, 2, 1) * sides + corner
        return Sure(_shifted(squares, np.concatenate(shifts)), np.concatenate(chances).astype(np.float64), places)

    def _proposed(self, picture: Pixels, smallest: float) -> Rows:
        boxes, chances = [np.empty((0, 4))], [np.empty(0)]
        copy, scale = picture, CELL / smallest
        while min(picture.shape[:2]) * scale >= CELL:
            copy = _resized(copy, picture, scale)
            found, sure = self._proposed_in(copy)
            kept = best_of_each(found, sure, overlapping=0.5)
            across, down = picture.shape[1] / copy.shape[1], picture.shape[0] / copy.shape[0]
            boxes.append(found[kept] * (across, down, across, down))
            chances.append(sure[kept])
            scale *= STEP
        every, sure = np.concatenate(boxes), np.concatenate(chances)
        return every[best_of_each(every, sure, overlapping=0.7)[:MOST_PROPOSALS]]

    def _proposed_in(self, copy: Pixels) -> tuple[Rows, Rows]:
        moved, chances = [np.empty((0, 4))], [np.empty(0)]
        for top in range(0, copy.shape[0] - CELL + 1, BAND):
            band = copy[None, top : top + BAND + CELL - STRIDE]
            shifts, sure = self._proposer.run(("shifts", "chances"), {"pixels": band})
            rows, columns = np.nonzero(sure[0, 1] > PROPOSED)
            corners = np.stack((columns * STRIDE, rows * STRIDE + top), axis=1)
            cells = np.concatenate((corners, corners + CELL), axis=1).astype(np.float64)
            moved.append(cells + shifts[0, :, rows, columns] * CELL)
            chances.append(sure[0, 1, rows, columns].astype(np.float64))
        return np.concatenate(moved), np.concatenate(chances)

    def _refined(self, picture: Pixels, squares: Rows) -> Rows:
        chances, shifts = [np.empty(0)], [np.empty((0, 4))]
        for patches in _patches(picture, squares, 24):
            shift, chance = self._refiner.run(("shifts", "chances"), {"pixels": patches})
            chances.append(chance[:, 1])
            shifts.append(shift)
        sure = np.concatenate(chances)
        chosen = np.flatnonzero(sure > REFINED)
        boxes = _shifted(squares, np.concatenate(shifts))[chosen]
        return boxes[best_of_each(boxes, sure[chosen], overlapping=0.7)]


def _resized(copy: Pixels, picture: Pixels, scale: float) -> Pixels:
    """Bring the last copy to this part of the picture's size."""
    height, width = (max(CELL, round(side * scale)) for side in picture.shape[:2])
    filter_ = cv2.INTER_AREA if height < copy.shape[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(copy, (width, height), interpolation=filter_), dtype=np.uint8)


def squared(boxes: Rows) -> Rows:
    """Widen each box to a square about the same middle."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.concatenate((middle - half, middle + half), axis=1)


def _shifted(boxes: Rows, shifts: NDArray[np.floating]) -> Rows:
    sides = boxes[:, 2:] - boxes[:, :2] + 1
    return boxes + shifts * np.concatenate((sides, sides), axis=1)


def _patches(picture: Pixels, squares: Rows, side: int) -> list[Pixels]:
    """Cut the squares out, reduced to one size, in batches; what lies outside the picture is grey."""
    cut = [_patch(picture, square, side) for square in squares.round().astype(int)]
    return [np.stack(cut[start : start + BATCH]) for start in range(0, len(cut), BATCH)]


def _patch(picture: Pixels, square: NDArray[np.int_], side: int) -> Pixels:
    height, width = picture.shape[:2]
    left, top, right, bottom = (int(edge) for edge in square)
    inside: Pixels = picture[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if inside.size == 0:
        return np.full((side, side, 3), GREY, np.uint8)
    missing = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    if any(missing):
        inside = np.asarray(cv2.copyMakeBorder(inside, *missing, cv2.BORDER_CONSTANT, value=GREY), dtype=np.uint8)
    smaller = inside.shape[0] > side
    return np.asarray(cv2.resize(inside, (side, side), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR))
