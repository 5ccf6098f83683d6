"""Features for the harms of a school: words, their families and kinds, and which of them stand near each other."""

from __future__ import annotations

import math
import zlib
from functools import cache, lru_cache
from itertools import pairwise

from moderation.classifier.kin import WORD, kinds
from moderation.lexicon import mapping

BUCKETS = 1 << 17
LONGEST = 1200
_REACH = 5
_ENDINGS = ("'s", "s", "es", "ed", "d", "ing", "in", "er", "y")
_SHORTEST_STEM = 3
_WEIGHTS = {"w": 1.0, "b": 0.8, "c": 0.6, "f": 1.2, "p": 1.4, "t": 0.9, "k": 1.0, "n": 0.8}
_UNKNOWN = -1


def meaning(text: str) -> dict[int, float]:
    """Return bucket → weight for plain lower-case text; each kind of feature has its own unit length."""
    words = tuple(WORD.findall(text[:LONGEST]))
    families = [families_of(word) for word in words]
    known = kinds()
    kinds_met = [known.get(word, _UNKNOWN) for word in words]
    found: dict[int, float] = {}
    for kind, names in (
        ("w", set(words)),
        ("b", set(zip(("^", *words), (*words, "$"), strict=True))),
        ("c", {bucket for word in words for bucket in _run_buckets(word)}),
        ("f", {family for group in families for family in group}),
        ("p", _pairs(families)),
        ("t", _triples(families)),
        ("k", set(kinds_met) - {_UNKNOWN}),
        ("n", set(pairwise(kinds_met))),
    ):
        weight = _WEIGHTS[kind] / math.sqrt(len(names) or 1)
        for name in names:
            bucket = name if kind == "c" and isinstance(name, int) else _bucket(kind, name)
            found[bucket] = found.get(bucket, 0.0) + weight
    return found


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


@lru_cache(maxsize=16384)
def _run_buckets(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    return tuple([_hashed("c", padded[start : start + 4]) for start in range(len(padded) - 3)])


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
