"""Words inside a picture: certificates, coat pegs, lanyards."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from consent.faces.image import open_upright, pixels_of
from consent.faces.sizes import PUBLISHED_SIDE, reduced

SUREST = 0.6
"""A reading below this confidence is noise more often than a word."""
SEARCHED_SIDE = 960
"""Longest side at which lines are looked for; what is found is read at the published size. Looking takes most of the
time, and a line that can be read at all is still seen at this size."""
THREADS = 1
"""Several processes look at pictures; a waiting thread of the reader would take the processor from the others."""


class PictureTextReader:
    """Satisfies `consent.ports.TextReader` with rapidocr, whose models come in its package."""

    def read(self, picture: bytes) -> Sequence[str]:
        return read_words(picture)


def read_words(picture: bytes) -> list[str]:
    """Return each line of words that can be read in a picture once it is published. Raises PictureError."""
    pixels = reduced(pixels_of(open_upright(picture)), PUBLISHED_SIDE).pixels
    answer = _reader()(np.ascontiguousarray(pixels[:, :, ::-1]))  # the reader expects blue first
    if answer is None or not answer.txts:
        return []
    return [text for text, score in zip(answer.txts, answer.scores, strict=True) if score >= SUREST and text.strip()]


@cache
def _reader() -> Any:  # rapidocr ships no types
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": THREADS,
            "Det.limit_type": "max",
            "Det.limit_side_len": SEARCHED_SIDE,
        }
    )
