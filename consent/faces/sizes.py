"""At which sizes a picture is looked at."""

from dataclasses import dataclass

import cv2
import numpy as np

from consent.faces.image import Pixels

WORKING_SIDE = 2048
"""Longest side in pixels at which faces are looked for; larger pictures are reduced to it."""
PUBLISHED_SIDE = 1600
"""Longest side in pixels of what is published; what nobody can recognise there needs no answer."""
SMALLEST = 16.0
"""Height in published pixels of the smallest face looked for: below 24 nobody is recognised, this leaves a margin."""
NEEDED = 80.0
"""Pixels of a face for detectors with a window of this size."""
MOST_ENLARGED = 2.0
"""A picture that is published as it is gets enlarged by at most this for the detectors that need large faces."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A picture at another size. Dividing by `scale` brings a place in it back to the picture it was made of."""

    pixels: Pixels
    scale: float


def reduced(picture: Pixels, longest: int = WORKING_SIDE) -> Copy:
    """Return the picture no larger than this."""
    return _at(picture, min(1.0, longest / max(picture.shape[:2])))


def for_large_faces(picture: Pixels, smallest: float) -> Copy:
    """Return a picture as it will be published, or larger if it is small: for detectors that need 80 pixels a face.

    It is never larger than faces of the smallest wanted height ask for.
    """
    longest = max(picture.shape[:2])
    usual = PUBLISHED_SIDE / longest if longest > PUBLISHED_SIDE else min(MOST_ENLARGED, WORKING_SIDE / longest)
    return _at(picture, min(usual, NEEDED / smallest))


def published_scale(width: int, height: int) -> float:
    """Return by how much a picture of this size shrinks when it is published."""
    return min(1.0, PUBLISHED_SIDE / max(width, height))


def _at(picture: Pixels, scale: float) -> Copy:
    if scale == 1.0:
        return Copy(np.ascontiguousarray(picture), 1.0)
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    filter_ = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return Copy(np.asarray(cv2.resize(picture, (width, height), interpolation=filter_), dtype=np.uint8), scale)
