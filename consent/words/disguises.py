"""Letters that were exchanged, repeated, masked or run together, read as the names they still are."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, islice, product
from typing import NamedTuple

from consent.words.index import SHORTEST_STRETCHED, NameIndex, squeeze
from consent.words.lexicon import lexicon

_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "tl", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li", "€": "e", "£": "le", "¡": "i", "+": "t", "(": "c", "¢": "c", "%": "x",
}  # fmt: skip
MOST_READINGS = 48
MASKS = r"*•_?#.~^=●○■□█▓▒░×✱✻★☆♥♡❤⭐…" + "\U0001f300-\U0001faff"
_MASKED = re.compile(
    rf"(?<![a-z])(?:[a-z]+(?:[{MASKS}]{{1,4}}[a-z]+)+[*•_]?|[a-z]+[{MASKS}]{{2,}}|[*•_~●█×]{{1,3}}[a-z]+)(?![a-z])"
)
_FEWEST_SEEN = 3
_SPELLING = frozenset("abcdefghijklmnopqrstuvwxyz0123456789@$!|€")
_SPELT = re.compile(r"(?<![a-z0-9])[a-z0-9@$!|€](?:[^a-z0-9@$!|€]{1,4}[a-z0-9@$!|€](?![a-z0-9])){2,}")
LEET_CHUNK = re.compile(r"(?<![a-z0-9@$!|€£¡+(¢%])[a-z0-9@$!|€£¡+(¢%]*[a-z][a-z0-9@$!|€£¡+(¢%]*")


def unleeted(word: str) -> Iterable[str]:
    """Return the words that digits and signs may stand for; none if there are only letters."""
    if word.isalpha():
        return ()
    options = [_LEET.get(sign, sign) for sign in word]
    return ("".join(letters) for letters in islice(product(*options), MOST_READINGS))


def plainest(word: str) -> set[str]:
    """Return the two likeliest readings of a long run, in which every sign stands for the same letter throughout."""
    return {"".join(_LEET.get(sign, sign)[choice] for sign in word) for choice in (0, -1)}


def unstretched(word: str, index: NameIndex) -> list[str]:
    """Return the names of which this is a drawn-out form, such as `ameeelia`."""
    if not any(len(list(run)) > 2 for _, run in groupby(word)):
        return []
    return [
        name
        for name in index.squeezed.get(squeeze(word), ())
        if len(name) >= SHORTEST_STRETCHED and _stretches(word, name)
    ]


def _stretches(word: str, name: str) -> bool:
    return all(
        len(list(long)) >= len(list(short)) for (_, long), (_, short) in zip(groupby(word), groupby(name), strict=True)
    )


class Found(NamedTuple):
    at: int
    until: int
    name: str
    is_clear: bool = True
    """Most of it can be read."""


def masked_names(text: str, index: NameIndex) -> Iterator[Found]:
    """Find names with letters struck out, such as `am*lia` and `a****a`."""
    for found in _MASKED.finditer(text):
        pattern = found.group()
        letters = [sign for sign in pattern if sign.isalpha()]
        if (
            len(letters) == len(pattern) - 1
            and not (pattern[0].isalpha() and pattern[-1].isalpha())
            and lexicon().knows("".join(letters))
        ):
            continue  # emphasis, not a mask
        is_clear = len(letters) >= _FEWEST_SEEN and len(letters) * 5 >= len(pattern) * 3
        expression = re.compile("".join(sign if sign.isalpha() else "[a-z]" for sign in pattern))
        ends = (pattern[0], "") if pattern[0].isalpha() else ("", pattern[-1])
        for name in index.shapes.get((len(pattern), *ends), ()):
            if expression.fullmatch(name):
                yield Found(found.start(), found.end(), name, is_clear)


def spelt_names(text: str, index: NameIndex) -> Iterator[Found]:
    """Find names spelt out in letters and signs, such as `4-m-e-l-1-a`."""
    for run in _SPELT.finditer(text):
        places = [at for at in range(run.start(), run.end()) if text[at] in _SPELLING]
        signs = "".join(text[at] for at in places)
        if signs.isalpha():
            continue
        for reading in plainest(signs):
            for first in range(len(reading) - 2):
                for last in range(first + 2, min(len(reading), first + index.longest)):
                    if reading[first : last + 1] in index:
                        yield Found(places[first], places[last] + 1, reading[first : last + 1])


class Piece(NamedTuple):
    start: int
    end: int
    text: str
    is_known: bool


class Split(NamedTuple):
    """The cheapest way to read letters that were run together."""

    pieces: tuple[Piece, ...]
    unread: int


TWO_LETTERS = frozenset(
    "ad ah am an as at be by do go ha he hi ho if in is it me my no of oh ok on or ox so to up us we".split()
)
_UNREAD = 2.6


def split_run(letters: str, index: NameIndex) -> Split:
    """Split `welldoneameliahart` into the fewest words and names."""
    costs = [0.0] + [float("inf")] * len(letters)
    steps: list[tuple[int, bool]] = [(0, False)] * (len(letters) + 1)
    for end in range(1, len(letters) + 1):
        costs[end], steps[end] = costs[end - 1] + _UNREAD, (end - 1, False)
        for start in range(max(0, end - 20), end):
            cost = costs[start] + _cost(letters[start:end], index)
            if cost < costs[end]:
                costs[end], steps[end] = cost, (start, True)
    pieces: list[Piece] = []
    end = len(letters)
    while end:
        start, is_known = steps[end]
        pieces.append(Piece(start, end, letters[start:end], is_known))
        end = start
    return Split(tuple(reversed(pieces)), sum(not piece.is_known for piece in pieces))


def _cost(piece: str, index: NameIndex) -> float:
    if piece in index and len(piece) > 2:
        # a name costs a little less than a word of its length: in doubt it is the name
        return 0.98 + _shortness(piece)
    return _word_cost(piece)


@lru_cache(maxsize=65536)
def _word_cost(piece: str) -> float:
    words = lexicon()
    if len(piece) < 3:
        return 1.4 if piece in TWO_LETTERS else (1.6 if piece in ("a", "i") else float("inf"))
    if piece in words.everyday:
        return 1.0 + _shortness(piece)
    return 1.25 + _shortness(piece) if piece in words.usual else float("inf")


def _shortness(piece: str) -> float:
    return max(0, 5 - len(piece)) * 0.2
