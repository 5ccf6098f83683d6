"""Judge a distance by the company that two faces keep: how near each of them is to other children anyway.

The network that describes faces was trained on adults and finds young children alike. What two faces have in common
with everybody is therefore taken off the distance between them, and added back as the school's usual amount, so that
distances keep their familiar size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from consent.faces.model import Vector

Numbers = NDArray[np.float32]

FEWEST = 30
"""Pupils that a school must have enrolled: with fewer, the company of a face says little, and distances stay plain."""
FEWEST_NEAR, MOST_NEAR, PART_NEAR = 10, 50, 3
"""How many other pupils count as the company of a face: a third of the school, but no fewer and no more than these."""


@dataclass(frozen=True)
class Cohort:
    """The enrolled pupils as a yardstick, each as the mean of their pictures, centred and brought to one length."""

    people: tuple[str, ...]
    centre: Numbers
    length: float
    middles: Numbers
    usual: float
    """How far the company of a pupil of this school is on average."""

    @classmethod
    def of(cls, templates: Mapping[str, Sequence[Vector]]) -> "Cohort | None":
        """Return the cohort of these pupils; None when there are too few of them."""
        people = tuple(sorted(person for person, several in templates.items() if len(several)))
        if len(people) < FEWEST:
            return None
        means = np.stack([np.mean(templates[person], axis=0) for person in people]).astype(np.float32)
        centre = means.mean(axis=0)
        one_each = np.stack([templates[person][0] for person in people]).astype(np.float32)
        length = float(np.linalg.norm(one_each - centre, axis=1).mean())
        if not length:
            return None  # one and the same picture under every name
        plain = cls(people, centre, length, means, 0.0)
        found = replace(plain, middles=plain.levelled(means))
        return replace(found, usual=float(found.company(found.levelled(one_each), people).mean()))

    @property
    def near(self) -> int:
        return max(FEWEST_NEAR, min(MOST_NEAR, len(self.people) // PART_NEAR))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {person: place for place, person in enumerate(self.people)}

    def levelled(self, vectors: Numbers) -> Numbers:
        """Return the vectors seen from the middle of the school, all of one length."""
        moved = vectors - self.centre
        lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
        levelled: Numbers = moved / lengths * np.float32(self.length)
        return levelled

    def company(self, levelled: Numbers, owners: Sequence[str]) -> Numbers:
        """Return for each vector how far its company is on average, its own pupil left out."""
        places = self._places
        distances = apart(levelled, self.middles)
        for row, owner in enumerate(owners):
            if owner in places:
                distances[row, places[owner]] = np.inf
        company: Numbers = np.partition(distances, self.near, axis=1)[:, : self.near].mean(axis=1)
        return company

    def company_without(self, levelled: Numbers, people: Sequence[str]) -> Numbers:
        """Return vectors × people: how far the company of each vector is when this one pupil is left out of it."""
        count = self.near
        distances = apart(levelled, self.middles)
        nearest = np.argpartition(distances, count, axis=1)[:, : count + 1]
        near = np.take_along_axis(distances, nearest, axis=1)
        order = np.argsort(near, axis=1)
        nearest, near = np.take_along_axis(nearest, order, axis=1), np.take_along_axis(near, order, axis=1)
        whole = near[:, :count].sum(axis=1, keepdims=True)
        without = np.repeat(whole, len(self.people), axis=1)
        np.put_along_axis(without, nearest[:, :count], whole - near[:, :count] + near[:, count:], axis=1)
        columns = [self._places.get(person, len(self.people)) for person in people]
        told: Numbers = np.concatenate((without, whole), axis=1)[:, columns]
        told /= count
        return told


def apart(vectors: Numbers, others: Numbers, squares: Numbers | None = None) -> Numbers:
    """Return vectors × others: the Euclidean distance of each pair. `squares` are the others' squared lengths."""
    distances: Numbers = vectors @ others.T
    distances *= -2
    distances += (others**2).sum(axis=1) if squares is None else squares
    distances += (vectors**2).sum(axis=1)[:, None]
    np.maximum(distances, 0.0, out=distances)
    np.sqrt(distances, out=distances)
    return distances
