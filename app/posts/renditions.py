"""The picture as it will go out: reduced, with what must not be seen destroyed, and searched again."""

import hashlib
import json

from app.posts.models import FaceAnswer, PostPhoto
from consent.model import Box, Disposition

PUBLISHED_SIDE = 1600
"""Longest side in pixels of what is published."""
RECIPE_VERSION = 1


def obscured_boxes(photo: PostPhoto) -> tuple[Box, ...]:
    """Return the regions to destroy, in pixels of the master."""
    return tuple(box_of(answer) for answer in photo.answers if answer.disposition is Disposition.OBSCURED)


def recipe_for(photo: PostPhoto) -> str:
    """Name what is done to the master: equal recipes give the same picture."""
    told = [RECIPE_VERSION, photo.photo.sha256, PUBLISHED_SIDE, sorted(obscured_boxes(photo))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def box_of(answer: FaceAnswer) -> Box:
    return Box(answer.left, answer.top, answer.right, answer.bottom)
