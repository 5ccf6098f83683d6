"""What the face engine finds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consent.model import Box, Quality

__all__ = ["NOTHING", "FoundFace", "Quality", "Vector"]

Vector = NDArray[np.float64]
"""128 numbers that describe a face; distances between them are Euclidean."""
NOTHING: Vector = np.empty(0)
"""Stands where a face was found and, on purpose, not described."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    box: Box
    vector: Vector
    quality: Quality

    @property
    def sharpness(self) -> float:
        return self.quality.sharpness
