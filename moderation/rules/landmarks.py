"""One way in which a rule can be met, with its landmarks: words one of which stands in every text that it matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import _compiler as compiler  # type: ignore[attr-defined]  # only the parser itself knows for sure what a pattern means
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

Words = frozenset[str]
_NOTHING: Words = frozenset({""})
_MOST_WORDS, _MOST_LETTERS = 200, 12
"""Beyond so many words a part is no longer written out, nor a set beyond so many letters."""
_LONGEST = 10
"""A landmark is cut here: more letters find hardly fewer texts and take more room."""


@dataclass(frozen=True, slots=True)
class Way:
    """A pattern with its landmarks; it has none when it matches without any certain word."""

    pattern: re.Pattern[str]
    landmarks: Words


def way_of(pattern: str) -> Way:
    """A pattern and its landmarks, parsed once for both."""
    parsed = parser.parse(pattern)
    words = None if parsed.state.flags & re.IGNORECASE else _sequence(parsed).words
    return Way(compiler.compile(parsed), frozenset(word[:_LONGEST] for word in words or ()))


class _Part(NamedTuple):
    """What is known of a part of a pattern: all that it can match, if that is little, or else words one of which it needs."""

    whole: Words | None = None
    needed: Words | None = None

    @property
    def words(self) -> Words | None:
        """Words one of which stands wherever the part matches."""
        words = self.needed if self.whole is None else self.whole
        return None if words is None or "" in words else words


_UNKNOWN, _EMPTY = _Part(), _Part(_NOTHING)


def _sequence(nodes: Any) -> _Part:
    """Parts that follow each other: what stands side by side is joined, and the rarest words are kept."""
    found: list[_Part] = []
    run, letters = _NOTHING, ""
    for kind, value in nodes.data:
        if kind is kinds.LITERAL:
            letters += chr(value)
            continue
        part = _part(kind, value)
        if part.whole is not None and len(run) * len(part.whole) <= _MOST_WORDS:
            run, letters = _joined(run, letters, part.whole), ""
        else:
            found += _Part(_joined(run, letters, _NOTHING)), part
            run, letters = _NOTHING, ""
    last = _Part(_joined(run, letters, _NOTHING))
    return _Part(needed=_rarest(part.words for part in (*found, last))) if found else last


def _joined(first: Words, between: str, second: Words) -> Words:
    return frozenset([left + between + right for left in first for right in second])


def _part(kind: Any, value: Any) -> _Part:
    if kind is kinds.IN:
        return _letter(value)
    if kind in (kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT):
        return _EMPTY
    if kind is kinds.BRANCH:
        return _either([_sequence(way) for way in value[1]])
    if kind is kinds.SUBPATTERN:
        _, added, removed, inner = value
        return _UNKNOWN if added or removed else _sequence(inner)
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        return _repeated(*value)
    return _UNKNOWN


def _letter(members: Sequence[tuple[Any, Any]]) -> _Part:
    """One letter of a set; a set of all but some letters, or of a kind of letters, says nothing."""
    letters: set[str] = set()
    for kind, value in members:
        first, last = value if kind is kinds.RANGE else (value, value)
        if kind not in (kinds.LITERAL, kinds.RANGE) or last - first >= _MOST_LETTERS:
            return _UNKNOWN
        letters.update(map(chr, range(first, last + 1)))
    return _Part(frozenset(letters))


def _either(ways: Sequence[_Part]) -> _Part:
    wholes = [way.whole for way in ways if way.whole is not None]
    if len(wholes) == len(ways):
        return _Part(frozenset().union(*wholes))
    needs = [words for way in ways if (words := way.words) is not None]
    return _Part(needed=frozenset().union(*needs)) if len(needs) == len(ways) else _UNKNOWN


def _repeated(least: int, most: Any, body: Any) -> _Part:
    once = _sequence(body)
    if least == 0:
        return _Part(once.whole | _NOTHING) if most == 1 and once.whole is not None else _UNKNOWN
    return once if most == 1 else _Part(needed=once.words)


def _rarest(choices: Iterable[Words | None]) -> Words | None:
    """The words that the fewest texts will hold: those that are never short, then the fewest."""
    known = [words for words in choices if words]
    return max(known, key=lambda words: (min(map(len, words)), -len(words)), default=None)
