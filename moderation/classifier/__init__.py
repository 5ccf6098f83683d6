"""The trained model: weights of a linear classifier in a plain array file."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.classifier.features import features

MODEL_FILE = Path(__file__).parent / "model.npz"
MODEL_VERSION = "linear-2026-11.1"


def abusive_probability(text: str) -> float:
    """Return how likely plain lower-case text is abusive, from 0 to 1, as the model sees it."""
    weights, bias = _model()
    total = bias + sum(float(weights[bucket]) * weight for bucket, weight in features(text).items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def _model() -> tuple[NDArray[np.float32], float]:
    with np.load(MODEL_FILE, allow_pickle=False) as kept:
        return kept["weights"].astype(np.float32) * np.float32(kept["scale"]), float(kept["bias"])
