"""How well each face of a picture can be seen."""

import math

import numpy as np

from consent.faces.boxes import Rows, areas, shared
from consent.faces.image import Pixels
from consent.faces.model import Quality

SWING = 0.6
"""How far, in distances from eyes to mouth, the nose of a profile stands off the middle of the face."""
SMALLEST_FOR_SHARPNESS = 3


def qualities(
    picture: Pixels, squares: Rows, points: Rows, published_scale: float, chances: Rows | None = None
) -> list[Quality]:
    """Judge each face; `published_scale` brings pixels of the picture to those of what is published."""
    covered = _covered(picture, squares)
    sure = np.ones(len(squares)) if chances is None else chances
    return [
        Quality(
            height=round(float(square[3] - square[1]) * published_scale, 1),
            sharpness=round(sharpness(picture, square), 1),
            turned=round(turned(marks), 1),
            covered=round(float(share), 2),
            sure=round(float(chance), 3),
        )
        for square, marks, share, chance in zip(squares, points, covered, sure, strict=True)
    ]


def sharpness(picture: Pixels, square: Rows) -> float:
    left, top, right, bottom = (max(0, round(float(edge))) for edge in square)
    grey = picture[top:bottom, left:right].mean(axis=2)
    if min(grey.shape) < SMALLEST_FOR_SHARPNESS:
        return 0.0
    laplacian = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return float(laplacian.var())


def turned(points: Rows) -> float:
    """Estimate how far a head is turned aside, from how far the nose stands off the line from eyes to mouth."""
    eyes, nose, mouth = (points[0] + points[1]) / 2, points[2], (points[3] + points[4]) / 2
    axis = mouth - eyes
    length = float(np.hypot(*axis)) or 1.0
    aside = abs(axis[0] * (nose[1] - eyes[1]) - axis[1] * (nose[0] - eyes[0])) / length**2
    return math.degrees(math.asin(min(1.0, aside / SWING)))


def _covered(picture: Pixels, squares: Rows) -> Rows:
    """Add up what lies outside the picture and what a face that reaches lower, thus stands nearer, hides."""
    if not len(squares):
        return np.empty(0)
    height, width = picture.shape[:2]
    frame = np.array(((0.0, 0.0, width, height),))
    whole = np.maximum(areas(squares), 1e-9)
    outside = 1 - shared(squares, frame)[:, 0] / whole
    nearer = squares[None, :, 3] > squares[:, None, 3]
    hidden = (shared(squares, squares) * nearer).max(axis=1) / whole
    share: Rows = (outside + hidden).clip(0, 1)
    return share
