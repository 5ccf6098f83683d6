"""Read a manifest: pictures, the true faces in them, and the people with their portraits."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consent.model import Box


class ManifestError(ValueError):
    """The file is not a manifest; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class TrueFace:
    """A face that somebody or something marked by hand. `height` is in pixels of the upright picture."""

    person: str | None
    box: Box
    head: Box
    height: float
    pose: str
    occluded: float
    in_frame: float

    @property
    def is_clear(self) -> bool:
        """Tell whether a person would recognise it easily, were it large enough."""
        return self.pose in ("frontal", "turned") and self.occluded <= 0.35 and self.in_frame >= 0.5


@dataclass(frozen=True, slots=True)
class TruePhoto:
    path: Path
    faces: tuple[TrueFace, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    photos: tuple[TruePhoto, ...]
    portraits: dict[str, tuple[Path, ...]]
    """By person."""


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; paths in it are relative to its own folder. Raises ManifestError."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        photos = tuple(_photo(each, path.parent) for each in told["photos"])
        portraits = {
            person["id"]: tuple(path.parent / portrait["file"] for portrait in person.get("portraits", ()))
            for person in told.get("people", ())
        }
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{path} is not a manifest: it needs photos, each with a file and faces.") from error
    return Manifest(photos, portraits)


def _photo(told: dict[str, Any], folder: Path) -> TruePhoto:  # as read from JSON
    return TruePhoto(folder / told["file"], tuple(_face(each) for each in told.get("faces", ())))


def _face(told: dict[str, Any]) -> TrueFace:  # as read from JSON
    box = Box(*(round(edge) for edge in told["face_box"]))
    return TrueFace(
        person=told.get("person"),
        box=box,
        head=Box(*(round(edge) for edge in told.get("head_box", box))),
        height=float(told.get("height", box.height)),
        pose=str(told.get("pose", "frontal")),
        occluded=float(told.get("occluded", 0.0)),
        in_frame=float(told.get("in_frame", 1.0)),
    )
