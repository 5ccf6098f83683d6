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
MODEL_VERSION = "linear-2026-11.6"
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
    return _sigmoid(bias + float(_sums(features(text), weights)))


@lru_cache(maxsize=64)
def harm_probabilities(text: str) -> dict[str, float]:
    """Return how likely plain lower-case text is each harm of a school, and any of them at all."""
    heads = _heads()
    totals = heads.biases + _sums(meaning(text), heads.weights)
    return dict(zip(heads.names, map(_sigmoid, totals.tolist()), strict=True))


def _sums(found: dict[int, float], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weights of the buckets that were found, each as often as it was found, summed for every head."""
    buckets = np.fromiter(found, np.intp, len(found))
    counts = np.fromiter(found.values(), np.float32, len(found))
    return np.asarray(counts @ weights.take(buckets, axis=0))


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
