"""Features for the harms of a school: words, their letters, families and kinds, and which of them stand near each other."""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection
from functools import cache, lru_cache
from itertools import pairwise

from moderation.classifier.kin import WORD, kinds
from moderation.lexicon import mapping

BUCKETS = 1 << 17
LONGEST = 1200
_REACH = 5
_ENDINGS = ("'s", "s", "es", "ed", "d", "ing", "in", "er", "y")
_SHORTEST_STEM = 3
_STEM = 5
"""A word of no kind stands among kinds by its first letters."""
_RUNS = {3: 0.5, 4: 0.6, 5: 0.6}
"""How much the runs of so many letters count."""
_UNKNOWN = -1


def meaning(text: str) -> dict[int, float]:
    """Return bucket → weight for plain lower-case text; each kind of feature has its own unit length."""
    words = tuple(WORD.findall(text[:LONGEST]))
    families = [families_of(word) for word in words]
    known = kinds()
    kinds_met = [known.get(word, _UNKNOWN) for word in words]
    likes = [word[:_STEM] if kind == _UNKNOWN else str(kind) for word, kind in zip(words, kinds_met, strict=True)]
    found: dict[int, float] = {}
    for kind, weight, names in (
        ("w", 1.0, set(words)),
        ("b", 0.8, set(zip(("^", *words), (*words, "$"), strict=True))),
        ("s", 0.6, set(zip(words, words[2:], strict=False))),
        ("f", 1.2, {family for group in families for family in group}),
        ("p", 1.4, _pairs(families)),
        ("t", 0.9, _triples(families)),
        ("k", 1.0, set(kinds_met) - {_UNKNOWN}),
        ("n", 0.8, set(pairwise(kinds_met))),
        ("l", 0.7, set(zip(likes, words[1:], strict=False))),
        ("r", 0.7, set(zip(words, likes[1:], strict=False))),
        ("a", 0.6, set(zip(likes, likes[2:], strict=False))),
        ("h", 0.5, set(zip(likes, likes[1:], likes[2:], strict=False))),
    ):
        _count(found, [_bucket(kind, name) for name in names], weight)
    for size, weight in _RUNS.items():
        _count(found, {bucket for word in words for bucket in _run_buckets(word, size)}, weight)
    return found


def _count(found: dict[int, float], buckets: Collection[int], weight: float) -> None:
    """Add the features of one kind, which share a unit length."""
    each = weight / math.sqrt(len(buckets) or 1)
    for bucket in buckets:
        found[bucket] = found.get(bucket, 0.0) + each


@lru_cache(maxsize=16384)
def families_of(word: str) -> tuple[str, ...]:
    """The families that a word belongs to, by itself or by its stem."""
    known = _families()
    if found := known.get(word):
        return found
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            if found := known.get(stem) or known.get(stem + "e"):
                return found
            if stem[-1] == stem[-2] and (found := known.get(stem[:-1])):
                return found
    return ("number",) if word[0].isdigit() else ()


def _pairs(families: list[tuple[str, ...]]) -> set[tuple[str, str]]:
    """Two families in order, at most a few words apart."""
    return {
        (first, second)
        for at, group in enumerate(families)
        for first in group
        for later in families[at + 1 : at + 1 + _REACH]
        for second in later
    }


def _triples(families: list[tuple[str, ...]]) -> set[tuple[str, str, str]]:
    """Three families in a row, unknown words between them left out."""
    known = [group[0] for group in families if group]
    return set(zip(known, known[1:], known[2:], strict=False))


@lru_cache(maxsize=32768)
def _run_buckets(word: str, size: int) -> tuple[int, ...]:
    padded = f" {word} "
    return tuple([_hashed("c", padded[start : start + size]) for start in range(len(padded) - size + 1)])


def _hashed(kind: str, name: object) -> int:
    return zlib.crc32(f"{kind}{name}".encode()) % BUCKETS


_bucket = lru_cache(maxsize=1 << 17)(_hashed)


@cache
def _families() -> dict[str, tuple[str, ...]]:
    known: dict[str, list[str]] = {}
    for family, listed in mapping("families", "families").items():
        for word in listed.split():
            names = known.setdefault(word, [])
            if family not in names:
                names.append(family)
    return {word: tuple(names) for word, names in known.items()}
