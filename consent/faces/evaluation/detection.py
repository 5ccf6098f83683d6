"""Which true faces were found, by height and pose, and how many boxes are of nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from consent.faces.evaluation.manifest import TrueFace
from consent.model import Box

HEIGHTS = ((16.0, "under 16 px"), (24.0, "16-24 px"), (40.0, "24-40 px"), (80.0, "40-80 px"))
TALLEST = "80 px and more"
POSES = ("frontal", "turned", "profile", "back")
CLEAR = "clear, 24 px and more"
COVERED = "covered by more than a third"
CENTRE_SLACK = 0.15
SMALLEST_RATIO, LARGEST_RATIO = 0.35, 2.2
"""A box is of a face when its middle lies in it and its height is not wholly different."""


@dataclass(slots=True)
class Tally:
    """How many faces of each kind there were, and how many were found."""

    found: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    false: int = 0
    photos: int = 0

    def add(self, faces: Sequence[TrueFace], boxes: Sequence[Box], published_scale: float) -> None:
        """Count one picture. Faces are sorted by their height in the picture as it would be published."""
        matched = assign(faces, boxes)
        self.photos += 1
        self.false += len(boxes) - len({place for place, box in _nearest(faces, boxes)})
        for place, face in enumerate(faces):
            for kind in kinds(face, published_scale):
                self.total[kind] += 1
                self.found[kind] += place in matched

    def recall(self, kind: str) -> float | None:
        return self.found[kind] / self.total[kind] if self.total[kind] else None


def kinds(face: TrueFace, published_scale: float) -> list[str]:
    height = height_class(face.height * published_scale)
    told = [height, f"{face.pose}, {height}", face.pose]
    if face.is_clear and face.height * published_scale >= HEIGHTS[1][0]:
        told.append(CLEAR)
    if face.occluded > 1 / 3:
        told.append(COVERED)
    return told


def height_class(height: float) -> str:
    return next((name for limit, name in HEIGHTS if height < limit), TALLEST)


def assign(faces: Sequence[TrueFace], boxes: Sequence[Box]) -> dict[int, int]:
    """Return for each face that was found the place of its box: the nearest box that is of it."""
    matched: dict[int, int] = {}
    for box_place, face_place in sorted(
        _nearest(faces, boxes), key=lambda pair: _apart(boxes[pair[0]], faces[pair[1]])
    ):
        matched.setdefault(face_place, box_place)
    return matched


def _nearest(faces: Sequence[TrueFace], boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Return each box that is of a face, with the face nearest to it."""
    pairs = []
    for place, box in enumerate(boxes):
        candidates = [(_apart(box, face), number) for number, face in enumerate(faces) if _is_of(box, face)]
        if candidates:
            pairs.append((place, min(candidates)[1]))
    return pairs


def _is_of(box: Box, face: TrueFace) -> bool:
    across, down = _centre(box)
    place = _target(face)
    aside, above = CENTRE_SLACK * place.width, CENTRE_SLACK * place.height
    inside = place.left - aside <= across <= place.right + aside and place.top - above <= down <= place.bottom + above
    return inside and SMALLEST_RATIO < box.height / max(1, face.box.height) < LARGEST_RATIO


def _target(face: TrueFace) -> Box:
    """Return where the middle of a box may lie: in the face, or in the head where the face is seen from the side."""
    if face.box.width > face.head.width / 2:
        return face.box
    return Box(min(face.box.left, face.head.left), face.box.top, max(face.box.right, face.head.right), face.box.bottom)


def _apart(box: Box, face: TrueFace) -> float:
    (across, down), (over, under) = _centre(box), _centre(face.box)
    return abs(across - over) + abs(down - under)


def _centre(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2
