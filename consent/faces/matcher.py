"""Compare faces with the enrolled pupils. A match can alarm or suggest; it never clears a face."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from consent.faces.model import Vector
from consent.model import MatchStatus


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Distances between face vectors: smaller is more alike. Calibrated by each school on its own pupils."""

    alarm: float = 0.65
    protected: float = 0.50
    suggestion: float = 0.45
    margin: float = 0.05


@dataclass(frozen=True)
class Gallery:
    """The enrolled faces: one or more templates a person. Those in `only_to_protect` are never suggested."""

    templates: Mapping[str, Sequence[Vector]]
    only_to_protect: frozenset[str] = frozenset()

    @cached_property
    def _stacked(self) -> NDArray[np.float32]:
        """Lay all templates under one another, person after person: comparing is then one matrix product."""
        vectors = [vector for several in self.templates.values() for vector in several]
        return np.asarray(vectors, dtype=np.float32).reshape(len(vectors), -1)

    @cached_property
    def _halved_squares(self) -> NDArray[np.float32]:
        squares: NDArray[np.float32] = (self._stacked**2).sum(axis=1) / 2
        return squares

    def __getstate__(self) -> tuple[Mapping[str, Sequence[Vector]], frozenset[str]]:
        return self.templates, self.only_to_protect  # what is computed from them need not travel

    def __setstate__(self, state: tuple[Mapping[str, Sequence[Vector]], frozenset[str]]) -> None:
        self.__dict__.update(templates=state[0], only_to_protect=state[1])

    def distances(self, vectors: Sequence[Vector], people: Sequence[str]) -> NDArray[np.float64]:
        """Return faces × people: the distance to the nearest template of each."""
        counts = {person: len(several) for person, several in self.templates.items()}
        ends = dict(zip(counts, np.cumsum(list(counts.values())).tolist(), strict=True))
        templates, halves = self._stacked, self._halved_squares
        if len(people) < len(counts):
            rows = [row for person in people for row in range(ends[person] - counts[person], ends[person])]
            templates, halves = templates[rows], halves[rows]
        probes = np.asarray(vectors, dtype=np.float32)
        nearness = probes @ templates.T - halves
        starts = np.cumsum([0, *(counts[person] for person in people[:-1])])
        nearest = np.maximum.reduceat(nearness, starts, axis=1).astype(np.float64)
        squares = (probes.astype(np.float64) ** 2).sum(axis=1, keepdims=True) - 2 * nearest
        distances: NDArray[np.float64] = np.sqrt(np.maximum(squares, 0.0))
        return distances


@dataclass(frozen=True, slots=True)
class Match:
    status: MatchStatus
    person_id: str | None = None
    distance: float | None = None
    margin: float | None = None


def match(
    vectors: Sequence[Vector],
    gallery: Gallery,
    *,
    protected: Collection[str],
    scope: Collection[str] | None = None,
    thresholds: Thresholds | None = None,
) -> list[Match]:
    """Return a match for each face of one picture, in order. `scope` None compares with everybody enrolled.

    PROTECTED: a protected pupil is near, and nobody else is nearer by more than the margin. POSSIBLE: a protected
    pupil is within the alarm distance. SUGGESTED: one other person is near and alone; at most one face a person.
    """
    limits = thresholds or Thresholds()
    everybody = [person for person, several in gallery.templates.items() if len(several)]
    people = [person for person in everybody if scope is None or person in scope]
    if not people or not vectors:
        return [Match(MatchStatus.UNKNOWN) for _ in vectors]
    guarded = np.array([person in protected or person in gallery.only_to_protect for person in people])
    return _one_face_a_person([_judge(row, people, guarded, limits) for row in gallery.distances(vectors, people)])


def _judge(row: NDArray[np.float64], people: Sequence[str], guarded: NDArray[np.bool_], limits: Thresholds) -> Match:
    nearest = int(row.argmin())
    margin = float(np.partition(row, 1)[1] - row[nearest]) if len(row) > 1 else None
    if guarded.any():
        closest = int(np.where(guarded, row, np.inf).argmin())
        others = row[~guarded]
        lead = float(others.min() - row[closest]) if others.size else None
        if row[closest] <= limits.protected and (lead is None or lead > -limits.margin):
            return Match(MatchStatus.PROTECTED, people[closest], float(row[closest]), lead)
        if row[closest] <= limits.alarm:
            return Match(MatchStatus.POSSIBLE, people[closest], float(row[closest]), lead)
    if row[nearest] <= limits.suggestion and (margin is None or margin >= limits.margin):
        return Match(MatchStatus.SUGGESTED, people[nearest], float(row[nearest]), margin)
    return Match(MatchStatus.UNKNOWN, None, float(row[nearest]), margin)


def _one_face_a_person(matches: Sequence[Match]) -> list[Match]:
    """Of several faces that suggest the same person, only the nearest keeps the suggestion."""
    best: dict[str, float] = {}
    for found in matches:
        if found.status is MatchStatus.SUGGESTED and found.person_id is not None and found.distance is not None:
            best[found.person_id] = min(best.get(found.person_id, np.inf), found.distance)
    return [
        Match(MatchStatus.UNKNOWN, None, found.distance, found.margin)
        if found.status is MatchStatus.SUGGESTED
        and found.person_id is not None
        and found.distance is not None
        and found.distance > best[found.person_id]
        else found
        for found in matches
    ]
