"""Fit a small network to comments: weighed buckets of words, one hidden layer, one class of many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from moderation.classifier import softmax

HIDDEN = 64
_EPOCHS, _BATCH, _RATE, _LAST_RATE = 8, 128, 0.002, 0.1
_HIDDEN_LEFT_OUT, _SEEN_LEFT_OUT = 0.4, 0.2
"""The shares of the hidden layer and of a comment's features that are left out in turn, so that no single one convicts."""
_SPREAD = 0.05
_MEMORY, _LONG_MEMORY, _TINY = 0.9, 0.999, 1e-8

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """Weights from buckets to the hidden layer, (buckets, hidden), and from there to the classes, (hidden, classes)."""

    seen: Floats
    seen_bias: Floats
    told: Floats
    told_bias: Floats


class _Adam:
    """Kingma and Ba's way of taking steps (2015), for single rows of an array where only those were met."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._mean = np.zeros_like(values)
        self._square = np.zeros_like(values)

    def step(self, slope: Floats, rate: float, count: int, rows: NDArray[np.intp] | None = None) -> None:
        at = slice(None) if rows is None else rows
        mean = _MEMORY * self._mean[at] + (1 - _MEMORY) * slope
        square = _LONG_MEMORY * self._square[at] + (1 - _LONG_MEMORY) * slope * slope
        self._mean[at], self._square[at] = mean, square
        size = np.sqrt(square / (1 - _LONG_MEMORY**count)) + _TINY
        self.values[at] -= np.float32(rate / (1 - _MEMORY**count)) * mean / size


def fit(rows: csr_matrix, classes: NDArray[np.intp], weights: Floats, how_many: int, seed: int = 1) -> Network:
    """Return the network that tells the classes of the rows apart; the same for the same input and seed."""
    random = np.random.default_rng(seed)
    seen = _Adam(random.normal(0, _SPREAD, (rows.shape[1], HIDDEN)).astype(np.float32))
    told = _Adam(random.normal(0, HIDDEN**-0.5, (HIDDEN, how_many)).astype(np.float32))
    seen_bias, told_bias = _Adam(np.zeros(HIDDEN, np.float32)), _Adam(np.zeros(how_many, np.float32))
    weights = weights / weights.mean()
    steps = _EPOCHS * -(-len(classes) // _BATCH)
    for count, chosen in enumerate(_batches(len(classes), random), 1):
        rate = _RATE * (1 - (1 - _LAST_RATE) * count / steps)
        met, buckets = _thinned(rows[chosen], random)
        left = (random.random((len(chosen), HIDDEN)) >= _HIDDEN_LEFT_OUT) / np.float32(1 - _HIDDEN_LEFT_OUT)
        before = met @ seen.values[buckets] + seen_bias.values
        left = np.where(before > 0, left, 0).astype(np.float32)
        hidden = before * left
        error = softmax(hidden @ told.values + told_bias.values)
        error[np.arange(len(chosen)), classes[chosen]] -= 1
        error *= weights[chosen, None] / len(chosen)
        back = (error @ told.values.T) * left
        told.step(hidden.T @ error, rate, count)
        told_bias.step(error.sum(axis=0), rate, count)
        seen_bias.step(back.sum(axis=0), rate, count)
        seen.step(met.T @ back, rate, count, buckets)
    return Network(seen.values, seen_bias.values, told.values, told_bias.values)


def _batches(length: int, random: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    order = np.arange(length)
    for _ in range(_EPOCHS):
        random.shuffle(order)
        yield from (order[start : start + _BATCH] for start in range(0, length, _BATCH))


def _thinned(rows: csr_matrix, random: np.random.Generator) -> tuple[csr_matrix, NDArray[np.intp]]:
    """Leave out some of what the rows hold, and keep only the buckets that they meet."""
    kept = (random.random(len(rows.data)) >= _SEEN_LEFT_OUT) / np.float32(1 - _SEEN_LEFT_OUT)
    buckets, places = np.unique(rows.indices, return_inverse=True)
    met = csr_matrix((rows.data * kept.astype(np.float32), places, rows.indptr), shape=(rows.shape[0], len(buckets)))
    return met, buckets
