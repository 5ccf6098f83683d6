"""Undo written disguises over a whole text: leet, spaced, dotted, starred, stretched, glued, misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.respell import Speller
from moderation.view import View

_LETTER = r"[a-z0-9@$!]"
_SPACED = re.compile(rf"(?<![a-z0-9'@$!])(?:{_LETTER}[ ._\-*~/,|+:]{{1,3}}){{2,}}{_LETTER}(?![a-z0-9'])")
_TOKEN = re.compile(r"\S+")
_EDGE_LEFT = "\"'([{<.,;:?!-_~>"
_EDGE_RIGHT = "\"')]}>.,;:?!-_~<"
_ADDRESS = re.compile(
    r"://|^www\.|^[^@\s]+@[^@\s]+\.[a-z]|^@[a-z]|\.(?:com|co|uk|org|net|info|xyz|live|ly|me|io|tv|be)(?:/|$)"
)
_PAIR = re.compile(r"(?<![a-z0-9'])([a-z]{1,6})[ .\-_]([a-z]{1,7})(?![a-z0-9'])")
_LONGEST_READ = 4000


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: str


def undisguised_view(plain: View, speller: Speller) -> View:
    """The same text with disguised words written out; the very same view when there are none."""
    changes = sorted(_changes(plain.text[:_LONGEST_READ], speller), key=lambda change: change.start)
    if not changes:
        return plain
    return _rewritten(plain, changes)


def _changes(text: str, speller: Speller) -> Iterator[_Change]:
    taken: list[tuple[int, int]] = []
    for change in (*_spaced_words(text, speller), *_split_words(text, speller)):
        if not _overlaps(change, taken):
            taken.append((change.start, change.end))
            yield change
    for token in _TOKEN.finditer(text):
        repaired = _token_change(token, speller)
        if repaired is not None and not _overlaps(repaired, taken):
            yield repaired


def _spaced_words(text: str, speller: Speller) -> Iterator[_Change]:
    """w a n k e r, k.y.s: letters held apart."""
    for spaced in _SPACED.finditer(text):
        words = [re.sub(rf"(?!{_LETTER}).", "", part) for part in re.split(r" {2,}| / ", spaced.group())]
        if max(map(len, words)) < 2:
            words = ["".join(words)]
        spelt = [speller.joined(word) or word for word in words]
        if any(speller.joined(word) for word in words):
            yield _Change(spaced.start(), spaced.end(), " ".join(spelt))


def _split_words(text: str, speller: Speller) -> Iterator[_Change]:
    """fu ck: a word of abuse cut in two pieces that are no words themselves."""
    position = 0
    while pair := _PAIR.search(text, position):
        left, right = pair.groups()
        whole = left + right
        if whole in speller.loaded and len(whole) > 3 and not (speller.knows(left) and speller.knows(right)):
            yield _Change(pair.start(), pair.end(), whole)
        position = pair.start(2)


def _token_change(token: re.Match[str], speller: Speller) -> _Change | None:
    whole = token.group()
    if whole.isalpha() and speller.knows(whole):
        return None
    core = whole.lstrip(_EDGE_LEFT)
    start = token.start() + len(whole) - len(core)
    core = core.rstrip(_EDGE_RIGHT)
    if not core or (_ADDRESS.search(core) and speller.repair(core.replace("@", "4", 1)) not in speller.loaded):
        return None
    tag = core[1:]
    spelt = (speller.unglued(tag) or speller.repair(tag)) if core.startswith("#") else speller.repair(core)
    return _Change(start, start + len(core), spelt) if spelt and spelt != core else None


def _overlaps(change: _Change, taken: list[tuple[int, int]]) -> bool:
    return any(change.start < end and start < change.end for start, end in taken)


def _rewritten(plain: View, changes: list[_Change]) -> View:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for change in changes:
        letters.append(plain.text[position : change.start])
        starts.extend(plain.starts[position : change.start])
        ends.extend(plain.ends[position : change.start])
        first, last = plain.span(change.start, change.end)
        letters.append(change.text)
        starts.extend([first] * len(change.text))
        ends.extend([last] * len(change.text))
        position = change.end
    letters.append(plain.text[position:])
    starts.extend(plain.starts[position:])
    ends.extend(plain.ends[position:])
    return View("".join(letters), starts, ends)
