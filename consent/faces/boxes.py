"""Arithmetic of boxes: many at once, as rows of left, top, right, bottom in pixels."""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Marks = NDArray[np.bool_]
"""One yes or no for each box, or for each pair."""


def areas(boxes: Rows) -> Rows:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def shared(boxes: Rows, others: Rows) -> Rows:
    """Return the area that each box shares with each of the others."""
    across = np.minimum(boxes[:, None, 2], others[None, :, 2]) - np.maximum(boxes[:, None, 0], others[None, :, 0])
    down = np.minimum(boxes[:, None, 3], others[None, :, 3]) - np.maximum(boxes[:, None, 1], others[None, :, 1])
    area: Rows = across.clip(0) * down.clip(0)
    return area


def overlap(boxes: Rows, others: Rows) -> Rows:
    """Return the shared area as a part of what both cover together."""
    both = shared(boxes, others)
    return both / np.maximum(areas(boxes)[:, None] + areas(others)[None, :] - both, 1e-9)


def cover(boxes: Rows, others: Rows) -> Rows:
    """Return the shared area as a part of the smaller of the two."""
    return shared(boxes, others) / np.maximum(np.minimum(areas(boxes)[:, None], areas(others)[None, :]), 1e-9)


def best_of_each(boxes: Rows, scores: Rows, *, overlapping: float, covering: float = 2.0) -> NDArray[np.intp]:
    """Return the indices of the boxes that no better one overlaps or covers by more than this, best first."""
    waiting = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while len(waiting):
        best, waiting = waiting[:1], waiting[1:]
        kept.append(int(best[0]))
        both = shared(boxes[best], boxes[waiting])[0]
        size, sizes = areas(boxes[best])[0], areas(boxes[waiting])
        clashes = (both > overlapping * (size + sizes - both)) | (both > covering * np.minimum(size, sizes))
        waiting = waiting[~clashes]
    return np.array(kept, dtype=np.intp)
