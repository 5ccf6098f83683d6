"""Read one disguised word as the word that a reader would see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "li", "+": "t", "(": "c", "€": "e", "£": "l", "%": "o", "^": "a",
}  # fmt: skip
# 4B, 1e, Y6, yr11, 10am, 2nd, 5k, u13s: the way schools and phones write, never a disguise.
_CODE = re.compile(r"\d+[a-z]{0,4}s?|[a-z]{1,4}\d+s?[a-z]?|[\d.,:/\-]+[a-z]{0,3}|£?\d[\d.,]*[a-z]{0,2}")
_INNER_MARKS = re.compile(r"(?<=[^\W\d_])[._\-*'~/+,|:;^=\"\\]+(?=[^\W\d_])|(?<=[^\W_])[._*~|^=\\]+(?=[^\W_])")
_STRETCHED = re.compile(r"(.)\1+")
_MOST_READINGS = 48
_SHORTEST_GLUED = 7
_LONGEST_WORD = 18
_SHORTEST_SWAPPED, _SHORTEST_LOST = 5, 7
_SHORTEST_SWAPPED_WORTH, _SHORTEST_LOST_WORTH = 4, 6
"""The same for words of hate that are no abuse by themselves: the slips of short abuse are words ("hose", "miner")."""


@dataclass(frozen=True)
class Speller:
    """Knows the words that rules read and the words that are nobody's disguise."""

    targets: frozenset[str]
    loaded: frozenset[str]
    ordinary: frozenset[str]
    slips: dict[str, str]
    phrases: frozenset[str]
    """Names of groups that are several words."""

    def knows(self, word: str) -> bool:
        return word in self.targets or word in self.ordinary

    def repair(self, token: str) -> str | None:
        """The word behind a disguised token, or nothing when it needs no repair."""
        if len(token) > _LONGEST_WORD * 3 or self.knows(token):
            return None
        return next(filter(None, self._readings(token)), None)

    def _readings(self, token: str) -> Iterator[str | None]:
        yield self._unmasked(token)
        yield self._unmarked(token)
        yield self._from_leet(token)
        yield self._unstretched(token)
        yield self.slips.get(token) if token.isalpha() else None
        yield self.unglued(token)

    def _from_leet(self, token: str) -> str | None:
        if token in _SPOKEN:
            return _SPOKEN[token]
        options = [_LEET.get(letter, letter) for letter in token]
        if all(len(option) == 1 and option == letter for option, letter in zip(options, token, strict=True)):
            return None
        readings = ["".join(letters) for letters in bounded(product(*options))]
        for reading in readings:
            for spelling in (reading, *_squeezed(reading)):
                if spelling in self.targets and (len(spelling) > 1):
                    return spelling
        if _CODE.fullmatch(token) or not readings[0].isalpha():
            return None
        return self.slips.get(readings[0]) or (readings[0] if readings[0] in self.ordinary else None)

    def _unmasked(self, token: str) -> str | None:
        """f***, b*tch, sh#t: stars standing for letters of a word worth hiding."""
        if not re.search(r"[*#]", token) or not re.search(r"[a-z]", token) or token.startswith(("#", "*")):
            return None
        if token in _STARRED:
            return _STARRED[token]
        pattern = re.compile(re.sub(r"(?:\\\*|\\#)+", _stars, re.escape(token)))
        letters = sum(letter.isalpha() for letter in token)
        fits = [word for word in self.loaded if pattern.fullmatch(word)]
        return min(fits, key=lambda word: (abs(len(word) - len(token)), word)) if fits and letters > 1 else None

    def _unmarked(self, token: str) -> str | None:
        bare = _INNER_MARKS.sub("", token)
        if bare == token or not bare:
            return None
        if bare in self.targets or bare in self.slips:
            return self.slips.get(bare, bare)
        singles = re.fullmatch(r"(?:[a-z0-9@$!][._\-*~/+,|:^=]+)+[a-z0-9@$!]", token)
        return self._from_leet(bare) or self._unstretched(bare) or (self.unglued(bare) if singles else None)

    def _unstretched(self, token: str) -> str | None:
        if not _STRETCHED.search(token):
            return None
        spellings = _squeezed(token)
        for vocabulary in (self.targets, self.ordinary):
            if found := next((word for word in spellings if word in vocabulary), None):
                return found
        for spelling in spellings:
            if repaired := self._from_leet(spelling) or self.slips.get(spelling):
                return repaired
        return spellings[-1] if re.search(r"(.)\1\1", token) else None

    def unglued(self, token: str) -> str | None:
        """Words written without spaces, when every piece is a word and one is worth reading."""
        if not _SHORTEST_GLUED <= len(token) <= _LONGEST_WORD * 2 or not token.isalpha():
            return None
        pieces = self._pieces(token)
        pairs = (" ".join(pair) for pair in pairwise(pieces))
        if any(piece in self.loaded for piece in pieces) or any(pair in self.phrases for pair in pairs):
            return " ".join(pieces)
        return None

    def joined(self, letters: str) -> str | None:
        """What single letters with gaps between them spell."""
        if letters in self.targets:
            return letters
        if spelt := self._from_leet(letters) or self._unstretched(letters) or self.slips.get(letters):
            return spelt
        pieces = self._pieces(letters) if len(letters) <= _LONGEST_WORD * 3 else ()
        return " ".join(pieces) if pieces else None

    def _pieces(self, token: str) -> tuple[str, ...]:
        """The fewest known words that cover the token, or nothing."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(token)
        for end in range(1, len(token) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                before, word = best[start], token[start:end]
                if before is None or not self._is_piece(word):
                    continue
                present = best[end]
                if present is None or len(before) + 1 < len(present):
                    best[end] = (*before, word)
        return best[len(token)] or ()

    def _is_piece(self, word: str) -> bool:
        if len(word) == 1:
            return word in "iau"
        return word in self.targets if len(word) > 2 else word in _SHORT_PIECES


def build(
    targets: frozenset[str],
    loaded: frozenset[str],
    worth: frozenset[str],
    ordinary: frozenset[str],
    phrases: frozenset[str],
) -> Speller:
    """A speller over the words that the rules read."""
    slips: dict[str, str] = {}
    for word in sorted(targets, key=lambda word: (word not in loaded, word)):
        for slip in _slips_of(word, is_worth=word in worth):
            if slip not in targets and slip not in ordinary:
                slips.setdefault(slip, word)
    return Speller(targets, loaded, ordinary, slips, phrases)


def _slips_of(word: str, *, is_worth: bool) -> set[str]:
    """The word with two neighbours swapped, or with one inner letter lost; a short word's slips are other words."""
    shortest_swapped = _SHORTEST_SWAPPED_WORTH if is_worth else _SHORTEST_SWAPPED
    shortest_lost = _SHORTEST_LOST_WORTH if is_worth else _SHORTEST_LOST
    if len(word) < shortest_swapped or not word.isalpha():
        return set()
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    lost = {word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)} if len(word) >= shortest_lost else set()
    return swapped | lost


@lru_cache(maxsize=2048)
def _squeezed(token: str) -> tuple[str, ...]:
    """Every spelling with repeated letters kept double or single, the nearest first."""
    parts = [(run.group()[0] * 2, run.group()[0]) if len(run.group()) > 1 else (run.group(),)
             for run in re.finditer(r"(.)\1*", token)]  # fmt: skip
    spellings = ["".join(choice) for choice in bounded(product(*parts))]
    shortest = "".join(part[-1] for part in parts)
    return tuple(dict.fromkeys([*spellings, shortest]))


def bounded(items: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """At most so many readings, because a long disguise has thousands."""
    for count, item in enumerate(items):
        if count >= _MOST_READINGS:
            return
        yield item


def _stars(stars: re.Match[str]) -> str:
    count = stars.group().count("\\")
    return f"[a-z]{{1,{count + 1}}}"


_SPOKEN = {"h8": "hate", "h8s": "hates", "h8te": "hate"}
_STARRED = {
    "f***": "fuck", "f****": "fuck", "f**": "fuck", "c***": "cunt", "c**t": "cunt", "s***": "shit", "b****": "bitch", "b*****": "bitch",
    "b******": "bastard", "b*******": "bastard", "b*******s": "bollocks", "f******": "fucker", "f*****g": "fucking", "f*******": "fucking",
    "f***ing": "fucking", "f**king": "fucking", "w*****": "wanker", "w****r": "wanker", "t***": "twat", "p****": "prick", "n*****": "nigger",
    "n****r": "nigger", "n****rs": "niggers", "f*****": "faggot", "s***y": "shitty", "a***": "arse", "a**": "ass", "s**t": "shit", "d***": "dick", "d***head": "dickhead",
}  # fmt: skip
_SHORT_PIECES = frozenset(
    "am an as at be by do go he hi if in is it me my no of oh on or so to up ur us we ya im".split()
)
