"""What the face engine finds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consent.model import Box

Vector = NDArray[np.float64]
"""128 numbers that describe a face; distances between them are Euclidean."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be recognised, by people and by the machine."""

    height: float
    """Pixels from brow to chin in the picture as it will be published."""
    sharpness: float
    """Variance of the Laplacian of the face: below about 20 it is blurred."""
    turned: float
    """Estimated degrees between the nose and the camera: 0 looks straight ahead, from about 60 it is a profile."""
    covered: float
    """Part of the face that lies outside the picture or behind another face that was found, from 0 to 1."""
    sure: float = 1.0
    """How sure the closest look is that this is a face at all, from 0 to 1; a box is kept even where it is low."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    box: Box
    vector: Vector
    quality: Quality

    @property
    def sharpness(self) -> float:
        return self.quality.sharpness
