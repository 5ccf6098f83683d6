"""dlib's max-margin detector: a convolutional network over a pyramid of smaller and smaller copies of the picture.

The pyramid follows dlib's own tiling, so that the boxes are those of the library.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from consent.faces.boxes import Rows, best_of_each
from consent.faces.image import Pixels

WINDOW = 80
"""Pixels of a side of the window that belongs to one score."""
STRIDE, FIRST_CENTRE = 8, 14
TILE_GAP, MARGIN = 10, 11
"""Black pixels that dlib leaves between the levels of its pyramid and around them."""
SMALLEST_LEVEL = 50
OVERLAPPING, COVERING = 0.4, 0.5


@dataclass(frozen=True, slots=True)
class Level:
    """One copy of the picture, and where dlib would put it in its one large tiled picture."""

    number: int
    width: int
    height: int
    left: int
    top: int


class ConvolutionalDetector:
    def __init__(self, session: Any) -> None:  # onnxruntime ships no types
        self._session = session

    def find(self, picture: Pixels, *, threshold: float) -> tuple[Rows, Rows]:
        """Return the boxes of faces and their scores, the surest first."""
        boxes, scores = [np.empty((0, 4))], [np.empty(0)]
        copy = picture
        for level in tiling(picture.shape[1], picture.shape[0]):
            if level.number:
                copy = _five_sixths(copy)
            centres, found = self._centres(copy, level, threshold)
            boxes.append(_boxes(centres, level.number))
            scores.append(found)
        every, sure = np.concatenate(boxes), np.concatenate(scores)
        kept = best_of_each(every, sure, overlapping=OVERLAPPING, covering=COVERING)
        return every[kept], sure[kept]

    def _centres(self, copy: Pixels, level: Level, threshold: float) -> tuple[Rows, Rows]:
        """Return the middles of the windows that score more than the threshold, in pixels of the copy."""
        left, top = (MARGIN + (place - MARGIN) % STRIDE for place in (level.left, level.top))
        framed = cv2.copyMakeBorder(copy, top, MARGIN, left, MARGIN, cv2.BORDER_CONSTANT)
        (scores,) = self._session.run(None, {"pixels": framed[None]})
        rows, columns = np.nonzero(scores[0, 0] > threshold)
        across, down = columns * STRIDE + FIRST_CENTRE - left, rows * STRIDE + FIRST_CENTRE - top
        return np.stack((across, down), axis=1).astype(np.float64), scores[0, 0, rows, columns].astype(np.float64)


def tiling(width: int, height: int) -> Iterator[Level]:
    """Yield the levels that can hold a face, placed as dlib places them: down on the left, then up on the right."""
    sizes = [(width, height)]
    while sizes[-1][1] * 5 // 6 >= 5 and sizes[-1][0] * 5 // 6 > 0:
        sizes.append((sizes[-1][0] * 5 // 6, sizes[-1][1] * 5 // 6))
    turn = _levels_on_the_left(sizes)
    foot = MARGIN + sum(size[1] + TILE_GAP for size in sizes[:turn]) - TILE_GAP
    top, place = MARGIN, foot
    for number, (across, down) in enumerate(sizes):
        if min(across, down) < SMALLEST_LEVEL and number:
            return
        if number < turn:
            yield Level(number, across, down, MARGIN, top)
            top += down + TILE_GAP
        else:
            yield Level(number, across, down, MARGIN + width - across, place - down)
            place -= down + TILE_GAP


def _levels_on_the_left(sizes: list[tuple[int, int]]) -> int:
    """Count the levels of the first column: until the next one fits beside the one before it."""
    (width, height) = sizes[0]
    total = sum(down + TILE_GAP for _, down in sizes) - 2 * TILE_GAP
    used, before = 0, 0
    for number, (across, down) in enumerate(sizes):
        if across <= width - before - TILE_GAP and (used - height) * 2 >= total - height:
            return number
        used, before = used + down + TILE_GAP, across
    return len(sizes)


def _five_sixths(copy: Pixels) -> Pixels:
    """Reduce as dlib does: corners stay on corners, each pixel is a mean of its four neighbours."""
    height, width = copy.shape[:2]
    size = (width * 5 // 6, height * 5 // 6)
    across, down = ((old - 1) / max(1, new - 1) for old, new in zip((width, height), size, strict=True))
    mapping = np.array(((across, 0.0, 0.0), (0.0, down, 0.0)))
    return cv2.warpAffine(copy, mapping, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP).astype(
        np.uint8, copy=False
    )


def _boxes(centres: Rows, level: int) -> Rows:
    half = (WINDOW - 1) / 2
    boxes = np.concatenate((centres - half, centres + half), axis=1)
    for _ in range(level):
        boxes = boxes * 1.2 + 0.3
    return boxes
