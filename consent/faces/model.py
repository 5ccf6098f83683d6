"""What the face engine finds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consent.model import Box

Vector = NDArray[np.float64]
"""128 numbers that describe a face; distances between them are Euclidean."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    box: Box
    vector: Vector
    sharpness: float
    """Variance of the Laplacian of the face: below about 20 it is blurred."""
