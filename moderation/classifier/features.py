"""Turn a text into hashed counts of its words and letter runs: no vocabulary to ship."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from functools import lru_cache
from itertools import pairwise

BUCKETS = 1 << 18
_WORD = re.compile(r"[a-z0-9']+")
LONGEST = 1500


def features(text: str) -> dict[int, float]:
    """Return bucket → weight, with unit length, for plain lower-case text."""
    words = _WORD.findall(text[:LONGEST])
    counts: Counter[int] = Counter()
    for word in words:
        counts.update(_word_buckets(word))
    counts.update(_bucket(f"b{first} {second}") for first, second in pairwise(words))
    weights = {bucket: 1.0 if count == 1 else 1.0 + math.log(count) for bucket, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {bucket: weight / length for bucket, weight in weights.items()}


@lru_cache(maxsize=16384)
def _word_buckets(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    runs = [padded[start : start + size] for size in (3, 4, 5) for start in range(len(padded) - size + 1)]
    return (_bucket(f"w{word}"), *(_bucket(f"c{run}") for run in runs))


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS
