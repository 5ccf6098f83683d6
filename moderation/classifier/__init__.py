"""The trained model: weights of linear classifiers in plain array files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.classifier.features import features
from moderation.classifier.meaning import meaning

MODEL_FILE = Path(__file__).parent / "model.npz"
HARMS_FILE = Path(__file__).parent / "harms.npz"
MODEL_VERSION = "linear-2026-11.4"
ANY_HARM = "any"


@dataclass(frozen=True)
class _Heads:
    names: tuple[str, ...]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]


@lru_cache(maxsize=64)
def abusive_probability(text: str) -> float:
    """Return how likely plain lower-case text is abusive, from 0 to 1, as the model sees it."""
    weights, bias = _model()
    found = features(text)
    total = bias + float(weights[list(found)] @ np.fromiter(found.values(), np.float32)) if found else bias
    return _sigmoid(total)


@lru_cache(maxsize=64)
def harm_probabilities(text: str) -> dict[str, float]:
    """Return how likely plain lower-case text is each harm of a school, and any of them at all."""
    heads = _heads()
    found = meaning(text)
    totals = heads.biases
    if found:
        totals = totals + np.fromiter(found.values(), np.float32) @ heads.weights[list(found)]
    return {name: _sigmoid(float(total)) for name, total in zip(heads.names, totals, strict=True)}


def _sigmoid(total: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def _model() -> tuple[NDArray[np.float32], float]:
    with np.load(MODEL_FILE, allow_pickle=False) as kept:
        return kept["weights"].astype(np.float32) * np.float32(kept["scale"]), float(kept["bias"])


@cache
def _heads() -> _Heads:
    with np.load(HARMS_FILE, allow_pickle=False) as kept:
        weights = kept["weights"].astype(np.float32) * kept["scales"].astype(np.float32)
        return _Heads(tuple(str(name) for name in kept["names"]), weights, kept["biases"])
