"""Run the engine over a manifest: find, compare, obscure, count."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from consent.faces.engine import FaceEngine
from consent.faces.evaluation.detection import Tally, assign
from consent.faces.evaluation.manifest import Manifest, TruePhoto
from consent.faces.evaluation.recognition import Recognised, recognise
from consent.faces.image import PictureError, open_upright, pixels_of
from consent.faces.matcher import Thresholds
from consent.faces.model import FoundFace, Vector
from consent.faces.obscure import StillThereError, publishable
from consent.faces.scan import EnrolmentError, enrol
from consent.faces.sizes import PUBLISHED_SIDE, published_scale


@dataclass(slots=True)
class Evaluation:
    tally: Tally = field(default_factory=Tally)
    seconds: list[float] = field(default_factory=list)
    recognised: Recognised | None = None
    obscured: int = 0
    still_there: int = 0
    unreadable: list[str] = field(default_factory=list)


def evaluate(manifest: Manifest, engine: FaceEngine, *, thresholds: Thresholds, obscuring: bool) -> Evaluation:
    """Measure the engine on every picture of the manifest."""
    result = Evaluation()
    vectors: list[Vector] = []
    people: list[str] = []
    templates = dict(_templates(manifest, engine))
    for photo in manifest.photos:
        try:
            image = open_upright(photo.path.read_bytes())
        except (PictureError, OSError) as error:
            result.unreadable.append(f"{photo.path}: {error}")
            continue
        started = time.perf_counter()
        found = engine.find(pixels_of(image))
        result.seconds.append(time.perf_counter() - started)
        result.tally.add(photo.faces, [face.box for face in found], published_scale(*image.size))
        for person, face in _identified(photo, found):
            if person in templates:
                vectors.append(face.vector)
                people.append(person)
        if obscuring and found:
            _obscure(image, found, engine, result)
    if templates:
        result.recognised = recognise(vectors, people, templates, thresholds)
    return result


def _templates(manifest: Manifest, engine: FaceEngine) -> Iterator[tuple[str, list[Vector]]]:
    """Enrol the portraits; one that cannot serve is left out, as it would be in a school."""
    for person, paths in manifest.portraits.items():
        vectors = []
        for path in paths:
            try:
                vectors.append(enrol(path.read_bytes(), engine))
            except (PictureError, EnrolmentError, OSError):
                continue
        if vectors:
            yield person, vectors


def _identified(photo: TruePhoto, found: list[FoundFace]) -> Iterator[tuple[str, FoundFace]]:
    for place, number in assign(photo.faces, [face.box for face in found]).items():
        person = photo.faces[place].person
        if person is not None:
            yield person, found[number]


def _obscure(image: Image.Image, found: list[FoundFace], engine: FaceEngine, result: Evaluation) -> None:
    """Destroy every face that was found; the file is searched by the same engine until none is left."""
    boxes = [face.box for face in found]
    try:
        made = publishable(image, boxes, longest_side=PUBLISHED_SIDE, engine=lambda: engine)
        Image.open(BytesIO(made.jpeg)).verify()
        result.obscured += len(boxes)
    except StillThereError:
        result.still_there += len(boxes)
