"""Make a face unrecognisable for good: the whole head becomes one soft patch that cannot be turned back."""

from collections.abc import Callable, Sequence
from io import BytesIO

import numpy as np
from PIL import Image

from consent.faces.boxes import overlap
from consent.faces.engine import FaceEngine
from consent.faces.image import Pixels, SanitisedPicture, from_image, pixels_of
from consent.model import Box

SHADES = 32
"""Colours are rounded to multiples of this, so that not even the average tells one person from another."""
GROWTH = 0.25
TRIES = 4
SAME_PLACE = 0.3
ASIDE, ABOVE, BELOW = 0.7, 0.85, 0.4
"""How far a head reaches beyond the face that a detector frames, in parts of its longer side."""


class StillThereError(RuntimeError):
    """A face can still be found where one was to be destroyed."""


def publishable(
    master: Image.Image, faces: Sequence[Box], *, longest_side: int, engine: Callable[[], FaceEngine]
) -> SanitisedPicture:
    """Return the picture as it may go out, with these faces of the master destroyed. Raises StillThereError.

    What is searched again is the very file that would be published. Where a face is still found, the patch grows.
    The engine is asked for only when there is something to search for.
    """
    reduced = master.convert("RGB")
    reduced.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    places = [_scaled(face, reduced.width / master.width, reduced.height / master.height) for face in faces]
    growth = [0.0] * len(places)
    for _ in range(TRIES):
        made = from_image(obscure(reduced, places, growth))
        still = _still_there(made, places, engine)
        if not any(still):
            return made
        growth = [more + GROWTH if found else more for more, found in zip(growth, still, strict=True)]
    raise StillThereError("A face can still be found after it was obscured. Use another photo or crop it.")


def obscure(image: Image.Image, faces: Sequence[Box], growth: Sequence[float] | None = None) -> Image.Image:
    """Return a copy in which each head is a patch that shades from its average upper colour to its lower one."""
    pixels = np.array(image.convert("RGB"))
    for face, more in zip(faces, growth or [0.0] * len(faces), strict=True):
        head = head_of(face, image.width, image.height, grow=more)
        region = pixels[head.top : head.bottom, head.left : head.right]
        region[:] = _patch(region)
    return Image.fromarray(pixels)


def head_of(face: Box, width: int, height: int, *, grow: float = 0.0) -> Box:
    """Return the whole head with its hair around a face box: detectors frame it from brow to chin."""
    side = max(face.width, face.height)
    aside = (side - face.width) / 2 + side * (ASIDE + grow)
    left, top = max(0, round(face.left - aside)), max(0, round(face.top - side * (ABOVE + grow)))
    right = min(width, round(face.right + aside))
    bottom = min(height, round(face.bottom + side * (BELOW + grow)))
    return Box(min(left, width), min(top, height), max(left, right), max(top, bottom))


def _patch(region: Pixels) -> Pixels:
    """Shade from one rounded colour to another: six numbers are all that is left of the head."""
    height, width = region.shape[:2]
    if not height or not width:
        return region
    half = max(1, height // 2)
    ends = np.stack([part.reshape(-1, 3).mean(axis=0) for part in (region[:half], region[-half:])])
    ends = ends // SHADES * SHADES + SHADES / 2
    share = np.linspace(0.0, 1.0, height)[:, None]
    rows = ends[0] * (1 - share) + ends[1] * share
    return np.repeat(rows[:, None, :], width, axis=1).astype(np.uint8)


def _still_there(made: SanitisedPicture, places: Sequence[Box], engine: Callable[[], FaceEngine]) -> list[bool]:
    """Search the file for faces, and tell of each place whether one is in it."""
    if not places:
        return []
    with Image.open(BytesIO(made.jpeg)) as written:
        found = [face.box for face in engine().find(pixels_of(written), describe=False)]
    return [any(_is_in(box, place) for box in found) for place in places]


def _is_in(found: Box, place: Box) -> bool:
    across, down = (found.left + found.right) / 2, (found.top + found.bottom) / 2
    inside = place.left <= across < place.right and place.top <= down < place.bottom
    return inside or bool(overlap(np.array([found], float), np.array([place], float))[0, 0] > SAME_PLACE)


def _scaled(face: Box, across: float, down: float) -> Box:
    return Box(
        int(face.left * across), int(face.top * down), round(face.right * across + 0.5), round(face.bottom * down + 0.5)
    )
