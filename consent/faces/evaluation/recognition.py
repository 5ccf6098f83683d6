"""How faces of known people compare with their portraits, at given thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.faces.cohort import Cohort
from consent.faces.matcher import Gallery, Thresholds, match
from consent.faces.model import Vector
from consent.model import MatchStatus


@dataclass(frozen=True, slots=True)
class Recognised:
    """Counts over the faces that were found and whose people are enrolled."""

    faces: int
    suggested_right: int
    suggested_wrong: int
    missed_alarms: int
    """Faces without any alarm although their own person is the one protected pupil."""
    blocked: int
    """Faces called protected, not merely possible, when their own person is the one protected pupil."""
    false_alarms: float
    """Mean part of the others' faces that one protected pupil in scope raises an alarm for."""


def recognise(
    vectors: Sequence[Vector],
    people: Sequence[str],
    templates: Mapping[str, Sequence[Vector]],
    thresholds: Thresholds,
) -> Recognised:
    """Compare each face by itself, so that one picture's neighbours do not help."""
    gallery = Gallery(templates, cohort=Cohort.of(templates))
    open_ = [match([vector], gallery, protected=(), thresholds=thresholds)[0] for vector in vectors]
    suggested = [
        (found.person_id, person)
        for found, person in zip(open_, people, strict=True)
        if found.status is MatchStatus.SUGGESTED
    ]
    alarms = {
        pupil: [match([vector], gallery, protected={pupil}, thresholds=thresholds)[0].status for vector in vectors]
        for pupil in templates
    }
    own = [alarms[person][place] for place, person in enumerate(people)]
    others = [
        status in _ALARMS
        for pupil, statuses in alarms.items()
        for status, person in zip(statuses, people, strict=True)
        if person != pupil
    ]
    return Recognised(
        faces=len(vectors),
        suggested_right=sum(found == person for found, person in suggested),
        suggested_wrong=sum(found != person for found, person in suggested),
        missed_alarms=sum(status not in _ALARMS for status in own),
        blocked=sum(status is MatchStatus.PROTECTED for status in own),
        false_alarms=sum(others) / len(others) if others else 0.0,
    )


_ALARMS = (MatchStatus.PROTECTED, MatchStatus.POSSIBLE)
