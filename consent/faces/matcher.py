"""Compare faces with the enrolled pupils. A match can alarm or suggest; it never clears a face."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from consent.faces.model import Vector
from consent.model import MatchStatus


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Distances between face vectors: smaller is more alike. Calibrated by each school on its own pupils."""

    alarm: float = 0.65
    protected: float = 0.50
    suggestion: float = 0.45
    margin: float = 0.05


@dataclass(frozen=True, slots=True)
class Gallery:
    """The enrolled faces: one or more templates a person. Those in `only_to_protect` are never suggested."""

    templates: Mapping[str, Sequence[Vector]]
    only_to_protect: frozenset[str] = frozenset()


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
    people = [person for person in gallery.templates if scope is None or person in scope]
    if not people or not vectors:
        return [Match(MatchStatus.UNKNOWN) for _ in vectors]
    distances = _distances(vectors, gallery, people)
    guarded = np.array([person in protected or person in gallery.only_to_protect for person in people])
    matches = [_judge(row, people, guarded, limits) for row in distances]
    return _one_face_a_person(matches)


def _distances(vectors: Sequence[Vector], gallery: Gallery, people: Sequence[str]) -> np.ndarray:
    """Return faces × people: the distance to the nearest template of each."""
    probes = np.asarray(vectors, dtype=np.float64)
    templates = np.concatenate([np.asarray(gallery.templates[person], dtype=np.float64) for person in people])
    squares = (probes**2).sum(1)[:, None] + (templates**2).sum(1)[None, :] - 2 * probes @ templates.T
    every = np.sqrt(np.maximum(squares, 0.0))
    starts = np.cumsum([0] + [len(gallery.templates[person]) for person in people[:-1]])
    return np.minimum.reduceat(every, starts, axis=1)


def _judge(row: np.ndarray, people: Sequence[str], guarded: np.ndarray, limits: Thresholds) -> Match:
    order = np.argsort(row)
    nearest = int(order[0])
    margin = float(row[order[1]] - row[nearest]) if len(order) > 1 else None
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
