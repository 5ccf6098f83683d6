"""Leave one out: each template in turn plays an unknown face, and the others are the enrolled pupils.

Distances are those that matching uses: in a large enough school they are levelled by the company of each face.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from consent.faces.boxes import Rows
from consent.faces.calibration.proportions import Proportion
from consent.faces.cohort import Cohort
from consent.faces.gallery import PIECE, Gallery
from consent.faces.matcher import Thresholds
from consent.faces.model import Vector

DISTANCES = tuple(round(0.30 + 0.05 * step, 2) for step in range(11))
MOST_MISSED, MOST_WRONG, MOST_BLOCKED_WRONGLY = 0.03, 0.01, 0.02
"""What the proposal aims at: protected faces missed, wrong suggestions, innocent faces called protected."""
MOST_ALARMED_ELSEWHERE = 0.001
"""Pairs of a face and a pupil who did not take part that may be nearer than the narrowest distance."""
FEWEST_PROBES, FEWEST_PEOPLE = 30, 10
"""With fewer faces or people nothing can be proposed."""
UNSORTED = "no year group"


@dataclass(frozen=True, slots=True)
class Row:
    """What would happen at one distance."""

    distance: float
    missed: Proportion
    """Faces further than this from every other template of the same pupil."""
    alarms: Proportion
    """Pairs of a face and another pupil who is nearer than this: the false alarms of one protected pupil in scope."""
    suggested_wrongly: Proportion
    """Suggestions of the nearest pupil that were wrong, among those made, with the school's margin."""


@dataclass(frozen=True, slots=True)
class Calibration:
    people: int
    templates: int
    rows: tuple[Row, ...]
    by_group: Mapping[str, tuple[Row, ...]]
    """By year group; false alarms there are those between pupils of the same year, who look most alike."""
    proposed: Thresholds | None
    """None when there are too few enrolled pupils to say anything."""
    levelled_by: int = 0
    """Pupils whose company levels the distances; 0 when too few are enrolled, and distances are plain."""


@dataclass(frozen=True, slots=True)
class _Probes:
    """Each template's distance to the nearest template of every person, itself left out: templates × people."""

    distances: Rows
    owners: np.ndarray

    @property
    def own(self) -> Rows:
        """Return the distance to the same pupil's other templates; infinite for a pupil with only one."""
        nearest: Rows = self.distances[np.arange(len(self.owners)), self.owners]
        return nearest

    @property
    def others(self) -> Rows:
        """Return the distances with the own person taken out."""
        left = self.distances.copy()
        left[np.arange(len(self.owners)), self.owners] = np.inf
        return left


def calibrate(
    templates: Mapping[str, Sequence[Vector]] | Gallery,
    groups: Mapping[str, str | None],
    *,
    margin: float = Thresholds().margin,
) -> Calibration:
    """Measure misses and false alarms at each distance, for all and by year group."""
    gallery = templates if isinstance(templates, Gallery) else Gallery(templates, cohort=Cohort.of(templates))
    people = gallery.people
    probes = _probes(gallery)
    rows = tuple(_row(probes, distance, margin) for distance in DISTANCES)
    names = [groups.get(person) or UNSORTED for person in people]
    by_group = {}
    for name in sorted(set(names)):
        members = [place for place, group in enumerate(names) if group == name]
        inside = _Probes(probes.distances[np.isin(probes.owners, members)][:, members], _renumbered(probes, members))
        by_group[name] = tuple(_row(inside, distance, margin) for distance in DISTANCES)
    proposed = _proposed(probes, len(people), margin)
    levelled_by = 0 if gallery.cohort is None else len(gallery.cohort.people)
    return Calibration(len(people), len(probes.owners), rows, by_group, proposed, levelled_by)


def _probes(gallery: Gallery) -> _Probes:
    """Compare every template with everybody, some at a time, so that a large school fits into memory."""
    people = gallery.people
    owners = np.repeat(np.arange(len(people)), [len(gallery.templates[person]) for person in people])
    vectors = [vector for person in people for vector in gallery.templates[person]]
    places = range(0, len(vectors), PIECE)
    parts = [
        gallery.distances(vectors[at : at + PIECE], people, leaving_out=range(at, min(at + PIECE, len(vectors))))
        for at in places
    ]
    return _Probes(np.concatenate([np.empty((0, len(people))), *parts]), owners)


def _renumbered(probes: _Probes, members: Sequence[int]) -> np.ndarray:
    owners = probes.owners[np.isin(probes.owners, members)]
    return np.searchsorted(np.asarray(members), owners)


def _row(probes: _Probes, distance: float, margin: float) -> Row:
    own = probes.own[np.isfinite(probes.own)]
    others = probes.others[np.isfinite(probes.others)]
    return Row(
        distance,
        missed=Proportion(int((own > distance).sum()), len(own)),
        alarms=Proportion(int((others <= distance).sum()), len(others)),
        suggested_wrongly=_suggested_wrongly(probes, distance, margin),
    )


def _suggested_wrongly(probes: _Probes, distance: float, margin: float) -> Proportion:
    """Count what the matcher would suggest: the nearest pupil, near enough and clearly nearer than the next."""
    if probes.distances.shape[1] < 2:
        return Proportion(0, 0)
    order = np.sort(probes.distances, axis=1)
    made = (order[:, 0] <= distance) & (order[:, 1] - order[:, 0] >= margin)
    wrong = made & (probes.distances.argmin(axis=1) != probes.owners)
    return Proportion(int(wrong.sum()), int(made.sum()))


def _proposed(probes: _Probes, people: int, margin: float) -> Thresholds | None:
    """Choose the narrowest alarm that misses few, and the widest suggestion that is seldom wrong.

    The machine's own doubt counts against it: an interval's bad end must keep the promise for suggestions.
    """
    usual = Thresholds()
    if people < FEWEST_PEOPLE or np.isfinite(probes.own).sum() < FEWEST_PROBES:
        return None
    fine = [_row(probes, round(0.30 + 0.01 * step, 2), margin) for step in range(51)]
    enough = [row.distance for row in fine if (row.missed.share or 0.0) <= MOST_MISSED]
    alarm = max(usual.alarm, enough[0]) if enough else fine[-1].distance
    safe = [row.distance for row in fine if (row.suggested_wrongly.share or 0.0) <= MOST_WRONG]
    blocking = [row.distance for row in fine if (row.alarms.share or 0.0) <= MOST_BLOCKED_WRONGLY]
    suggestion = min(usual.suggestion, _unbroken(safe, fine))
    protected = min(alarm, max(usual.protected, _unbroken(blocking, fine)))
    elsewhere = min(protected, _elsewhere(fine, usual))
    return Thresholds(alarm, protected, suggestion, margin, elsewhere)


def _elsewhere(rows: Sequence[Row], usual: Thresholds) -> float:
    """Choose the widest distance that is surely seldom reached by chance; the usual one while too few pairs tell."""
    narrow = [row.distance for row in rows if row.alarms.interval[1] <= MOST_ALARMED_ELSEWHERE]
    return _unbroken(narrow, rows) if narrow else usual.elsewhere


def _unbroken(good: Sequence[float], rows: Sequence[Row]) -> float:
    """Return the last distance up to which every one is good; the first when none is."""
    last = rows[0].distance
    for row in rows:
        if row.distance not in good:
            break
        last = row.distance
    return last
