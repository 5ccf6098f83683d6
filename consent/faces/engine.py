"""Find and describe every face of a picture, whichever way up it lies."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from consent.faces.boxes import Marks, Rows
from consent.faces.cascade import Cascade
from consent.faces.cnn import ConvolutionalDetector
from consent.faces.detector import Detected, Detector, is_same
from consent.faces.encoder import Encoder
from consent.faces.image import Pixels
from consent.faces.library import LibraryEngine
from consent.faces.model import NOTHING, FoundFace
from consent.faces.networks import sources
from consent.faces.networks.cache import networks
from consent.faces.networks.convert import THREADS, ConversionError, session
from consent.faces.networks.sources import EngineUnavailableError
from consent.faces.quality import qualities
from consent.faces.sizes import SMALLEST, published_scale, reduced
from consent.faces.turning import clipped, turned, turned_back

__all__ = ["EngineUnavailableError", "FaceEngine", "NetworkEngine", "load_engine"]

log = logging.getLogger(__name__)
GLANCE_SIDE = 1024
"""Longest side at which a picture is looked at sideways and upside down."""
GLANCE_SMALLEST = 32.0
SURE, SURER = 0.9, 0.1
"""How sure a face that is not upright must be, and how much surer than the same face seen upright."""


class FaceEngine(Protocol):
    def find(self, picture: Pixels, *, smallest: float = SMALLEST, describe: bool = True) -> list[FoundFace]:
        """Return the faces of an upright picture, left to right, with boxes in its pixels.

        `smallest` is a height in pixels of the published picture; asking for large faces alone is quicker. Without
        `describe` nothing biometric is computed: the faces carry an empty vector.
        """
        ...


@dataclass(frozen=True, slots=True)
class View:
    """The picture turned by so many quarters, and the faces that stand upright in it."""

    turns: int
    pixels: Pixels
    faces: Detected


class NetworkEngine:
    """The library's networks in onnxruntime, joined by MTCNN."""

    def __init__(self, detector: Detector, encoder: Encoder) -> None:
        self._detector, self._encoder = detector, encoder

    def find(self, picture: Pixels, *, smallest: float = SMALLEST, describe: bool = True) -> list[FoundFace]:
        height, width = picture.shape[:2]
        copy = reduced(picture)
        scale = published_scale(width, height) / copy.scale
        found = [
            face
            for view in _each_face_once(list(self._views(copy.pixels, smallest / scale)), copy.pixels)
            for face in self._described(view, copy.scale, scale, (width, height), describe=describe)
        ]
        return sorted(found, key=lambda face: (face.box.left, face.box.top))

    def _views(self, picture: Pixels, smallest: float) -> Iterator[View]:
        """Look at the picture upright; and wherever a glance at it turned shows a new face, look closely that way."""
        begun = self._detector.start(picture, smallest=smallest)
        hints = list(self._hints(picture, smallest))
        upright = self._detector.finish(begun)
        yield View(0, picture, upright)
        for turns, squares, chances in hints:
            if _surer(squares, chances, upright).any():
                way = turned(picture, turns)
                faces = self._detector.finish(self._detector.start(way, smallest=smallest))
                yield View(turns, way, faces.only(np.flatnonzero(faces.chances >= SURE)))

    def _hints(self, picture: Pixels, smallest: float) -> Iterator[tuple[int, Rows, Rows]]:
        """Glance at the picture turned by one, two and three quarters: where faces may be, and how surely."""
        glanced = reduced(picture, GLANCE_SIDE)
        noticed = max(GLANCE_SMALLEST, smallest * glanced.scale)
        height, width = picture.shape[:2]
        for turns in (1, 2, 3):
            seen = self._detector.glance(turned(glanced.pixels, turns), smallest=noticed, threshold=SURE)
            yield turns, turned_back(seen.squares / glanced.scale, turns, width, height), seen.chances

    def _described(
        self, view: View, scale: float, to_published: float, size: tuple[int, int], *, describe: bool
    ) -> list[FoundFace]:
        faces = view.faces
        vectors = self._encoder.encode(view.pixels, faces.squares) if describe else [NOTHING] * len(faces.squares)
        seen = qualities(view.pixels, faces.squares, faces.points, to_published, faces.chances)
        boxes = turned_back(faces.boxes / scale, view.turns, *size)
        return [
            FoundFace(clipped(box, *size), vector, quality)
            for box, vector, quality in zip(boxes, vectors, seen, strict=True)
        ]


def _each_face_once(views: list[View], picture: Pixels) -> Iterator[View]:
    """Leave each face in the view that shows it upright: another way up must be clearly surer than the usual one."""
    height, width = picture.shape[:2]
    upright, *others = views
    better = np.empty((0, 4))
    for view in others:
        squares = turned_back(view.faces.squares, view.turns, width, height)
        fresh = _surer(squares, view.faces.chances, upright.faces) & ~is_same(squares, better).any(axis=1)
        better = np.concatenate((better, squares[fresh]))
        yield View(view.turns, view.pixels, view.faces.only(np.flatnonzero(fresh)))
    left = ~is_same(upright.faces.squares, better).any(axis=1)
    yield View(0, upright.pixels, upright.faces.only(np.flatnonzero(left)))


def _surer(squares: Rows, chances: Rows, upright: Detected) -> Marks:
    """Tell of each face whether it was not found upright, or only doubtfully."""
    same = is_same(squares, upright.squares)
    known = np.where(same, upright.chances[None, :], 0.0).max(axis=1, initial=0.0)
    fresh: Marks = chances > known + SURER * same.any(axis=1)
    return fresh


def load_engine(folder: Path | None = None) -> FaceEngine:
    """Load the networks, kept converted in the folder; or the library itself when they cannot be converted.

    Raises EngineUnavailableError, never SystemExit, when the models are not to be had.
    """
    cv2.setNumThreads(THREADS)
    try:
        kept = networks(folder)
    except ConversionError:
        log.exception("The face networks could not be converted: the library itself is used.")
        return LibraryEngine()
    dlib = sources.load_dlib()
    cascade = Cascade(*(session(kept[name]) for name in ("proposer", "refiner", "finisher")))
    gradients = dlib.get_frontal_face_detector().run
    detector = Detector(ConvolutionalDetector(session(kept["detector"])), cascade, gradients)
    return NetworkEngine(detector, Encoder(session(kept["encoder"]), dlib, str(sources.landmarks_file())))
