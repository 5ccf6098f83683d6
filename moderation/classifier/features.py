"""Turn a text into hashed counts of its words and letter runs: no vocabulary to ship."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter

BUCKETS = 1 << 18
_WORD = re.compile(r"[a-z0-9']+")
LONGEST = 1500


def features(text: str) -> dict[int, float]:
    """Return bucket → weight, with unit length, for plain lower-case text."""
    words = _WORD.findall(text[:LONGEST])
    counts: Counter[int] = Counter()
    for position, word in enumerate(words):
        counts[_bucket("w" + word)] += 1
        if position:
            counts[_bucket("b" + words[position - 1] + " " + word)] += 1
        padded = f" {word} "
        for size in (3, 4, 5):
            for start in range(len(padded) - size + 1):
                counts[_bucket("c" + padded[start : start + size])] += 1
    weights = {bucket: 1.0 + math.log(count) for bucket, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {bucket: weight / length for bucket, weight in weights.items()}


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS
