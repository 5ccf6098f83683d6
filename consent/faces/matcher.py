"""Compare faces with the enrolled pupils. A match can alarm or suggest; it never clears a face."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from consent.faces.boxes import Marks, Rows
from consent.faces.gallery import Gallery
from consent.faces.model import Vector
from consent.model import MatchStatus

__all__ = ["Gallery", "Match", "Thresholds", "match"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Distances between faces: smaller is more alike. Calibrated by each school on its own pupils.

    They are meant for the distances of `Gallery`, which a large enough school levels by the company of each face.
    """

    alarm: float = 0.65
    protected: float = 0.50
    suggestion: float = 0.45
    margin: float = 0.05
    elsewhere: float = 0.40
    """For protected pupils who, as the author says, did not take part: there are many of them in every photo."""


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
    elsewhere: Collection[str] = (),
    thresholds: Thresholds | None = None,
) -> list[Match]:
    """Return a match for each face of one picture, in order. `scope` None compares with everybody enrolled.

    PROTECTED: a protected pupil is near, and nobody else is nearer by more than the margin. POSSIBLE: a protected
    pupil is within the alarm distance, or one of those `elsewhere`, who are out of scope, within a narrower one.
    SUGGESTED: one other person is near and alone, and not easily taken for another; at most one face a person.
    """
    limits = thresholds or Thresholds()
    inside = [person for person in gallery.people if scope is None or person in scope]
    outside = [person for person in gallery.people if person in elsewhere and person not in inside]
    if not vectors or not (inside or outside):
        return [Match(MatchStatus.UNKNOWN) for _ in vectors]
    distances = gallery.distances(vectors, [*inside, *outside])
    near, far = distances[:, : len(inside)], distances[:, len(inside) :]
    guarded = [person in protected or person in gallery.only_to_protect for person in inside]
    judged = _judged(near, inside, np.array(guarded, dtype=bool), limits)
    found = _one_face_a_person(_siblings_by_hand(judged, gallery, inside, limits))
    return [_or_elsewhere(each, row, outside, limits) for each, row in zip(found, far, strict=True)]


def _judged(near: Rows, people: Sequence[str], guarded: Marks, limits: Thresholds) -> list[Match]:
    """Judge each face, a row, by its distances to the people in scope."""
    if not people:
        return [Match(MatchStatus.UNKNOWN)] * len(near)
    faces = np.arange(len(near))
    nearest = near.argmin(axis=1)
    distances = near[faces, nearest]
    rest = near.copy()
    rest[faces, nearest] = np.inf
    margins = rest.min(axis=1) - distances
    judged = [
        _suggested(people[place], float(distance), float(margin), limits)
        for place, distance, margin in zip(nearest, distances, margins, strict=True)
    ]
    if guarded.any():
        places = np.flatnonzero(guarded)
        closest = places[near[:, places].argmin(axis=1)]
        others = near[:, ~guarded].min(axis=1, initial=np.inf)
        for face, place in enumerate(closest):
            alarm = _alarm(people[place], float(near[face, place]), float(others[face]), limits)
            judged[face] = alarm or judged[face]
    return judged


def _alarm(person: str, distance: float, others: float, limits: Thresholds) -> Match | None:
    lead = others - distance
    if distance <= limits.protected and lead > -limits.margin:
        return Match(MatchStatus.PROTECTED, person, distance, _finite(lead))
    return Match(MatchStatus.POSSIBLE, person, distance, _finite(lead)) if distance <= limits.alarm else None


def _suggested(person: str, distance: float, margin: float, limits: Thresholds) -> Match:
    if distance <= limits.suggestion and margin >= limits.margin:
        return Match(MatchStatus.SUGGESTED, person, distance, _finite(margin))
    return Match(MatchStatus.UNKNOWN, None, distance, _finite(margin))


def _finite(lead: float) -> float | None:
    """Return None where there is nobody else to compare with."""
    return None if np.isinf(lead) else lead


def _or_elsewhere(found: Match, row: Rows, people: Sequence[str], limits: Thresholds) -> Match:
    """Let a protected pupil who is not of those who took part be found all the same, when the face is very like."""
    if not people or found.status in (MatchStatus.PROTECTED, MatchStatus.POSSIBLE):
        return found
    closest = int(row.argmin())
    if row[closest] > limits.elsewhere:
        return found
    return Match(MatchStatus.POSSIBLE, people[closest], float(row[closest]))


def _siblings_by_hand(
    matches: Sequence[Match], gallery: Gallery, people: Sequence[str], limits: Thresholds
) -> Sequence[Match]:
    """Take back a suggestion of somebody who looks like another: twins and siblings are told apart by people."""
    suggested = sorted({each.person_id for each in matches if each.status is MatchStatus.SUGGESTED and each.person_id})
    if not suggested or len(people) < 2:
        return matches
    alike = gallery.between(suggested, people)
    places = {person: place for place, person in enumerate(people)}
    for row, person in enumerate(suggested):
        alike[row, places[person]] = np.inf
    mistakable = {
        person
        for person, nearest in zip(suggested, alike.min(axis=1), strict=True)
        if nearest <= limits.suggestion - limits.margin
    }
    return [
        _unknown(each) if each.person_id in mistakable and each.status is MatchStatus.SUGGESTED else each
        for each in matches
    ]


def _unknown(found: Match) -> Match:
    return replace(found, status=MatchStatus.UNKNOWN, person_id=None)


def _one_face_a_person(matches: Sequence[Match]) -> list[Match]:
    """Of several faces that suggest the same person, only the nearest keeps the suggestion."""
    best: dict[str, float] = {}
    for found in matches:
        if found.status is MatchStatus.SUGGESTED and found.person_id is not None and found.distance is not None:
            best[found.person_id] = min(best.get(found.person_id, np.inf), found.distance)
    return [
        _unknown(found)
        if found.status is MatchStatus.SUGGESTED
        and found.person_id is not None
        and found.distance is not None
        and found.distance > best[found.person_id]
        else found
        for found in matches
    ]
