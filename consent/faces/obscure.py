"""Make a face unrecognisable for good: the whole head, flat enough that nothing can be reconstructed."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from consent.faces.engine import FaceEngine
from consent.faces.image import pixels_of
from consent.model import Box

BLOCKS = 5
"""A head is reduced to this many blocks a side."""
GROWTH = 0.25
TRIES = 4


class StillThereError(RuntimeError):
    """A face can still be found where one was to be destroyed."""


def head_of(face: Box, width: int, height: int, *, grow: float = 0.0) -> Box:
    """Return the whole head around a face box: detectors frame it from brow to chin."""
    across, down = face.width * (0.3 + grow), face.height
    return Box(
        max(0, round(face.left - across)),
        max(0, round(face.top - down * (0.5 + grow))),
        min(width, round(face.right + across)),
        min(height, round(face.bottom + down * (0.25 + grow))),
    )


def obscure(image: Image.Image, faces: Sequence[Box], *, grow: float = 0.0) -> Image.Image:
    """Return a copy in which each head is a few blocks of its average colours, themselves drawn towards grey."""
    result = image.convert("RGB")
    for face in faces:
        head = head_of(face, image.width, image.height, grow=grow)
        if head.width < 1 or head.height < 1:
            continue
        region = np.asarray(result.crop((head.left, head.top, head.right, head.bottom)), dtype=np.float64)
        coarse = Image.fromarray(region.astype(np.uint8)).resize((BLOCKS, BLOCKS), Image.Resampling.BOX)
        blocks = np.asarray(coarse, dtype=np.float64)
        flat = blocks.mean(axis=(0, 1)) * 0.5 + blocks * 0.5
        flat = (flat // 32 * 32).clip(0, 255).astype(np.uint8)
        cover = Image.fromarray(flat).resize((head.width, head.height), Image.Resampling.NEAREST)
        result.paste(cover, (head.left, head.top))
    return result


def obscure_until_gone(image: Image.Image, faces: Sequence[Box], engine: FaceEngine) -> Image.Image:
    """Obscure, search again, and grow until no face is found there. Raises StillThereError when one stays."""
    for attempt in range(TRIES):
        result = obscure(image, faces, grow=attempt * GROWTH)
        found = engine.find(pixels_of(result)) if faces else []
        if not any(_centre_inside(face.box, wanted) for face in found for wanted in faces):
            return result
    raise StillThereError("A face can still be found after it was obscured. Use another photo or crop it.")


def _centre_inside(found: Box, wanted: Box) -> bool:
    across, down = (found.left + found.right) / 2, (found.top + found.bottom) / 2
    return wanted.left <= across < wanted.right and wanted.top <= down < wanted.bottom
