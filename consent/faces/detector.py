"""Find faces with three detectors that miss different ones: dlib's CNN, MTCNN, and dlib's gradients for large faces."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from consent.faces.boxes import Marks, Rows, areas, cover, overlap
from consent.faces.cascade import Cascade, squared
from consent.faces.cnn import ConvolutionalDetector
from consent.faces.image import Pixels
from consent.faces.sizes import Copy, for_large_faces

Chosen = NDArray[np.intp] | list[int]
Gradients = Callable[[Pixels, int, float], tuple[Any, list[float], Any]]
"""dlib's `fhog_object_detector.run`."""

CNN_THRESHOLD, CASCADE_THRESHOLD, GRADIENTS_THRESHOLD = -0.8, 0.5, -0.3
DOUBTFUL_CNN = -0.4
"""Below this score the CNN's box must at least not look impossible to MTCNN's last network: edges and cloth do."""
IMPOSSIBLE = 0.02
STARTS_BELOW, FINEST, NOT_MUCH_SMALLER = 0.65, 1 / 100, 0.75
"""MTCNN sees a face best when its search begins below that height: at this part of it, unless that is finer than this
part of the picture's longest side, which costs too much. Of what it finds, faces not much smaller are kept."""
SAME_OVERLAP, SAME_COVER, SAME_AREA = 0.3, 0.7, 0.2
"""Two boxes are one face when they overlap, or when one covers the other and is not much smaller."""
SQUARE_SIDE, SQUARE_ACROSS, SQUARE_DOWN = 0.94, -0.013, -0.010
"""Where dlib would frame a face that MTCNN found, in parts of MTCNN's box: median over 50 faces that both found."""


@dataclass(frozen=True, slots=True)
class Detected:
    """Faces of one picture, one row each."""

    boxes: Rows
    squares: Rows
    """The face as dlib frames it, from brow to chin: what landmarks and encoding expect."""
    chances: Rows
    """How sure MTCNN's last network is, whoever found the face."""
    points: Rows
    """Eyes, nose and corners of the mouth: count × 5 × 2."""

    def only(self, chosen: Chosen) -> Self:
        return type(self)(self.boxes[chosen], self.squares[chosen], self.chances[chosen], self.points[chosen])

    def scaled(self, factor: float) -> Self:
        return type(self)(self.boxes * factor, self.squares * factor, self.chances, self.points * factor)


@dataclass(frozen=True, slots=True)
class Search:
    """A search under way: the CNN, which takes longest, is at work in another thread."""

    picture: Pixels
    smallest: float
    large: Copy
    convolved: Future[tuple[Rows, Rows]]


class Detector:
    def __init__(self, cnn: ConvolutionalDetector, cascade: Cascade, gradients: Gradients) -> None:
        self._cnn, self._cascade, self._gradients = cnn, cascade, gradients
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="cnn")

    def start(self, picture: Pixels, *, smallest: float) -> Search:
        """Set the CNN to work beside whatever the caller does before `finish`."""
        large = for_large_faces(picture, smallest)
        convolved = self._beside.submit(self._cnn.find, large.pixels, threshold=CNN_THRESHOLD)
        return Search(picture, smallest, large, convolved)

    def finish(self, begun: Search) -> Detected:
        """Return every face at least so many pixels high that any of the three detectors finds."""
        picture = begun.picture
        first = max(STARTS_BELOW * begun.smallest, FINEST * max(picture.shape[:2]))
        cascaded = self._by_cascade(picture, min(first, begun.smallest), CASCADE_THRESHOLD)
        heights = cascaded.squares[:, 3] - cascaded.squares[:, 1]
        cascaded = cascaded.only(np.flatnonzero(heights >= NOT_MUCH_SMALLER * begun.smallest))
        graded = self._by_gradients(begun.large)
        boxes, scores = begun.convolved.result()
        seen = self._looked_at(picture, boxes / begun.large.scale)
        possible = np.flatnonzero((scores >= DOUBTFUL_CNN) | (seen.chances >= IMPOSSIBLE))
        return joined((seen.only(possible), self._looked_at(picture, graded), cascaded))

    def glance(self, picture: Pixels, *, smallest: float, threshold: float) -> Detected:
        """Return the sure faces of a picture by MTCNN alone, quickly."""
        return self._by_cascade(picture, smallest, threshold)

    def _by_cascade(self, picture: Pixels, smallest: float, threshold: float) -> Detected:
        found = self._cascade.find(picture, smallest=smallest, threshold=threshold)
        return Detected(found.boxes, _as_dlib_frames(found.boxes), found.chances, found.points)

    def _by_gradients(self, copy: Copy) -> Rows:
        rectangles, _, _ = self._gradients(copy.pixels, 0, GRADIENTS_THRESHOLD)
        corners = [(each.left(), each.top(), each.right(), each.bottom()) for each in rectangles]
        return np.array(corners, dtype=np.float64).reshape(-1, 4) / copy.scale

    def _looked_at(self, picture: Pixels, squares: Rows) -> Detected:
        seen = self._cascade.look_closely(picture, squared(squares))
        return Detected(squares, squares, seen.chances, seen.points)


def joined(findings: Iterable[Detected]) -> Detected:
    """Put findings together; of two boxes of one face the earlier stays."""
    parts = list(findings)
    every = Detected(*(np.concatenate([getattr(part, name) for part in parts]) for name in Detected.__slots__))
    kept: list[int] = []
    for place in range(len(every.boxes)):
        if not is_same(every.squares[place : place + 1], every.squares[kept]).any():
            kept.append(place)
    return every.only(kept)


def is_same(boxes: Rows, others: Rows) -> Marks:
    """Tell of each pair of boxes whether it frames one face."""
    first, second = areas(boxes)[:, None], areas(others)[None, :]
    alike = np.minimum(first, second) > SAME_AREA * np.maximum(first, second)
    same: Marks = (overlap(boxes, others) > SAME_OVERLAP) | ((cover(boxes, others) > SAME_COVER) & alike)
    return same


def _as_dlib_frames(boxes: Rows) -> Rows:
    sides = boxes[:, 2:] - boxes[:, :2]
    down = sides[:, 1:]
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2 + down * (SQUARE_ACROSS, SQUARE_DOWN)
    half = np.sqrt(sides.prod(axis=1, keepdims=True).clip(0)) * SQUARE_SIDE / 2
    return np.concatenate((middle - half, middle + half), axis=1)
