"""Rules as data: a pattern over the undisguised words, with its reason in a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from moderation import lexicon
from moderation.labels import Characteristic, Label
from moderation.model import Signal
from moderation.rules.landmarks import Way, way_of
from moderation.view import View

_FOLDER = Path(__file__).parent
_PIECE = re.compile(r"<([A-Z][A-Z_]+)>")
_LITERAL = re.compile(r"[a-z]{3,}")
_LONGEST_QUOTE = 80
_DEEPEST_PIECE = 6


@dataclass(frozen=True, eq=False)
class PhraseRule:
    """Fires where one of its ways stands; its id is history: it is retired, never used again for something else."""

    rule: str
    label: Label
    score: float
    because: str
    ways: tuple[Way, ...]
    unless: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None
    characteristic: Characteristic | None = None
    words: frozenset[str] = frozenset()
    """The words that the patterns speak of, whose disguises are worth undoing."""

    def signals(self, view: View, original: str, ways: Iterable[Way]) -> Iterator[Signal]:
        """At most one signal: the first place where one of these ways stands, the first of them where several begin there."""
        if self.needs and not self.needs.search(view.text):
            return
        places = [found for way in ways if (found := way.pattern.search(view.text))]
        if not places or (self.unless and self.unless.search(view.text)):
            return
        yield self.signal(view, original, *min(places, key=re.Match.start).span())

    def signal(self, view: View, original: str, start: int, end: int) -> Signal:
        """This rule's signal for a span of the view."""
        first, last = view.span(start, end)
        because = f"{self.because}: “{quoted(original[first:last])}”"
        return Signal(self.rule, self.label, self.score, because, first, last, self.characteristic)


@cache
def phrase_rules(name: str) -> tuple[PhraseRule, ...]:
    """The rules of one file, with their pieces put in."""
    table = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    pieces = {**shared_pieces(), **table.get("pieces", {})}
    return tuple(_rule(entry, pieces) for entry in table["rule"])


@cache
def shared_pieces() -> dict[str, str]:
    """Pieces of pattern that every file may use: people, groups, slurs."""
    return {**_people(), **{name: lexicon.either(words) for name, words in _listed().items()}}


def _people() -> dict[str, str]:
    pieces: dict[str, str] = tomllib.loads((_FOLDER / "people.toml").read_text(encoding="utf-8"))["pieces"]
    return pieces


@cache
def _listed() -> dict[str, list[str]]:
    """The pieces that are lists of words."""
    aimed, mild = lexicon.words("abuse", "aimed"), lexicon.words("abuse", "mild_aimed")
    return {
        "GROUP": [name for names in lexicon.by_characteristic("groups").values() for name in names],
        "SLUR": [name for names in lexicon.by_characteristic("slurs").values() for name in names],
        "INSULT": list(lexicon.words("abuse", "insults")),
        "MILD": list(mild),
        "HARD": [word for word in aimed if word not in mild],
        "AIMED": list(aimed),
        "PROFANITY": list(lexicon.words("abuse", "profanity")),
    }


def expanded(pattern: str, pieces: dict[str, str]) -> str:
    """The pattern with every piece written out."""
    for _ in range(_DEEPEST_PIECE):
        if not _PIECE.search(pattern):
            return pattern
        pattern = _PIECE.sub(lambda piece: pieces[piece.group(1)], pattern)
    raise ValueError(f"A piece of pattern contains itself: {pattern[:60]}")


def whole_words(pattern: str) -> re.Pattern[str]:
    """A pattern that never matches inside a longer word."""
    return re.compile(_whole(pattern))


def _whole(pattern: str) -> str:
    return rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"


def quoted(words: str) -> str:
    """The words as they stand in the comment, short enough for a sentence."""
    flat = " ".join(words.split())
    return flat if len(flat) <= _LONGEST_QUOTE else f"{flat[:_LONGEST_QUOTE]}…"


def _rule(entry: dict[str, object], pieces: dict[str, str]) -> PhraseRule:
    patterns = entry["patterns"]
    if not isinstance(patterns, list):
        raise TypeError(f"The rule {entry['id']} has no list of patterns.")
    unless = str(entry["unless"]) if "unless" in entry else None
    characteristic = str(entry["characteristic"]) if "characteristic" in entry else None
    spelt = {**pieces, **{name: " ".join(words) for name, words in _listed().items()}}
    return PhraseRule(
        rule=str(entry["id"]),
        label=Label(str(entry["label"])),
        score=float(str(entry["score"])),
        because=str(entry["because"]),
        ways=tuple(way_of(_whole(expanded(str(pattern), pieces))) for pattern in patterns),
        unless=re.compile(expanded(unless, pieces)) if unless else None,
        needs=whole_words(expanded(str(entry["needs"]), pieces)) if "needs" in entry else None,
        characteristic=Characteristic(characteristic) if characteristic else None,
        words=frozenset(word for pattern in patterns for word in _LITERAL.findall(expanded(str(pattern), spelt))),
    )
