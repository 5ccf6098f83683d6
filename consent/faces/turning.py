"""Pictures turned by quarters, and boxes brought back from them."""

import numpy as np

from consent.faces.boxes import Rows
from consent.faces.image import Pixels
from consent.model import Box


def turned(picture: Pixels, turns: int) -> Pixels:
    """Turn a picture by so many quarters, against the clock."""
    return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture


def turned_back(boxes: Rows, turns: int, width: int, height: int) -> Rows:
    """Bring boxes of the turned picture to the picture itself, whose size is given."""
    left, top, right, bottom = boxes.T
    match turns % 4:
        case 1:
            return np.stack((width - bottom, left, width - top, right), axis=1)
        case 2:
            return np.stack((width - right, height - bottom, width - left, height - top), axis=1)
        case 3:
            return np.stack((top, height - right, bottom, height - left), axis=1)
        case _:
            return boxes


def clipped(box: Rows, width: int, height: int) -> Box:
    """Return whole pixels inside the picture, at least one of them."""
    left, top, right, bottom = (round(float(edge)) for edge in box)
    across, down = min(max(0, left), width - 1), min(max(0, top), height - 1)
    return Box(across, down, max(across + 1, min(width, right)), max(down + 1, min(height, bottom)))
