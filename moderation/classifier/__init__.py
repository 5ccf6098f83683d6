"""The trained model: four small networks in a plain array file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.classifier.meaning import meaning

MODEL_FILE = Path(__file__).parent / "harms.npz"
MODEL_VERSION = "network-2026-11.9"
ANY_HARM = "any"


HARMLESS = ("allow", "criticism")


@dataclass(frozen=True, slots=True)
class _Networks:
    """Weights of several networks: from buckets to hidden numbers, and from there to the classes."""

    names: tuple[str, ...]
    seen: NDArray[np.int8]
    """(buckets, networks x hidden): what the networks know of one bucket lies side by side."""
    scales: NDArray[np.float32]
    seen_bias: NDArray[np.float32]
    told: NDArray[np.float32]
    told_bias: NDArray[np.float32]


@lru_cache(maxsize=64)
def harm_probabilities(text: str) -> dict[str, float]:
    """Return how likely plain lower-case text is each harm of a school or criticism, and any harm at all."""
    networks = _networks()
    buckets = meaning(text)
    hidden = _sums(buckets, networks.seen).reshape(networks.scales.shape) * networks.scales + networks.seen_bias
    told = np.matmul(np.maximum(hidden, 0)[:, None], networks.told)[:, 0] + networks.told_bias
    chances = softmax(told).mean(axis=0)
    found = dict(zip(networks.names, chances.tolist(), strict=True))
    found[ANY_HARM] = 1.0 - sum(found[name] for name in HARMLESS)
    return found


def softmax(totals: NDArray[np.float32]) -> NDArray[np.float32]:
    """Chances from totals, along the last axis."""
    raised = np.exp(totals - totals.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def _sums(found: dict[int, float], weights: NDArray[np.float32 | np.int8]) -> NDArray[np.float32]:
    """The weights of the buckets that were found, each as often as it was found, summed."""
    buckets = np.fromiter(found, np.intp, len(found))
    counts = np.fromiter(found.values(), np.float32, len(found))
    return np.asarray(counts @ weights.take(buckets, axis=0).astype(np.float32))


@cache
def _networks() -> _Networks:
    with np.load(MODEL_FILE, allow_pickle=False) as kept:
        names = tuple(str(name) for name in kept["names"])
        seen = np.concatenate(kept["seen"], axis=1)
        return _Networks(names, seen, *(kept[each] for each in ("scales", "seen_bias", "told", "told_bias")))
