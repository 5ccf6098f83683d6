"""Look at one picture: every face in it, compared with the pupils in scope."""

import time
from dataclasses import dataclass

from consent.faces.engine import FaceEngine
from consent.faces.image import open_upright, pixels_of
from consent.faces.matcher import Gallery, Thresholds, match
from consent.faces.model import Vector
from consent.model import MatchStatus, Outcome, Quality, Sighting


@dataclass(frozen=True, slots=True)
class Scan:
    width: int
    height: int
    sightings: tuple[Sighting, ...]
    seconds: float

    @property
    def outcome(self) -> Outcome:
        """BLOCK when somebody protected seems to be there, HOLD while any face needs an answer, CLEAR without faces."""
        statuses = {sighting.status for sighting in self.sightings}
        if MatchStatus.PROTECTED in statuses:
            return Outcome.BLOCK
        return Outcome.HOLD if statuses else Outcome.CLEAR


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whom to compare with: the enrolled faces in scope, and who of them may not be shown."""

    gallery: Gallery
    protected: frozenset[str]
    scope: frozenset[str] | None
    thresholds: Thresholds
    elsewhere: frozenset[str] = frozenset()
    """Protected pupils who are out of scope, and are looked for all the same, more strictly."""


def scan(data: bytes, likeness: Likeness, engine: FaceEngine) -> Scan:
    """Find and compare the faces of a picture. Boxes are in pixels of the upright picture. Raises PictureError.

    With nobody to compare with, no face is described: where matching is off, nothing biometric is ever computed.
    """
    started = time.perf_counter()
    image = open_upright(data)
    found = engine.find(pixels_of(image), describe=bool(likeness.gallery.templates))
    matches = match(
        [face.vector for face in found],
        likeness.gallery,
        protected=likeness.protected,
        scope=likeness.scope,
        elsewhere=likeness.elsewhere,
        thresholds=likeness.thresholds,
    )
    sightings = tuple(
        Sighting(
            number,
            face.box,
            result.status,
            result.person_id,
            _rounded(result.distance),
            _rounded(result.margin),
            quality=face.quality,
        )
        for number, (face, result) in enumerate(zip(found, matches, strict=True), start=1)
    )
    return Scan(image.width, image.height, sightings, round(time.perf_counter() - started, 3))


class EnrolmentError(ValueError):
    """A picture that cannot serve to enrol somebody, with the reason."""


SMALLEST_FACE = 80
"""Pixels of a face that can serve to enrol."""
BLURRED = 15.0
RIVAL = 64.0
"""Faces at least this high count as somebody else in a portrait; smaller ones are far behind."""
SURELY = 0.5


@dataclass(frozen=True, slots=True)
class Portrait:
    vector: Vector
    quality: Quality


def enrol(data: bytes, engine: FaceEngine) -> Vector:
    """Return the template of the one face in a picture. Raises PictureError or EnrolmentError."""
    return portrait(data, engine).vector


def portrait(data: bytes, engine: FaceEngine) -> Portrait:
    """Return the template of the one face in a picture, and how well it is seen. Raises as `enrol`."""
    found = engine.find(pixels_of(open_upright(data)), smallest=RIVAL)
    faces = sorted((face for face in found if face.quality.sure >= SURELY), key=lambda face: -face.box.height)
    if not faces:
        raise EnrolmentError("No face was found. Use a picture with the whole face, looking at the camera.")
    if len(faces) > 1:
        raise EnrolmentError("There are several faces. Use a picture of this pupil alone.")
    if faces[0].box.height < SMALLEST_FACE:
        raise EnrolmentError("The face is too small. Use a closer picture.")
    if faces[0].sharpness < BLURRED:
        raise EnrolmentError("The face is blurred. Use a sharper picture.")
    return Portrait(faces[0].vector, faces[0].quality)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
