"""The word lists, read once and checked: each names its origin and licence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from moderation.labels import Characteristic

_FOLDER = Path(__file__).parent / "lexicons"


class LexiconError(ValueError):
    """A word list is not in the form that the engine relies on."""


@cache
def read(name: str) -> dict[str, object]:
    """One word list as it lies on disk, refused when it does not say where it comes from."""
    table = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    for field in ("origin", "licence"):
        if not table.get(field):
            raise LexiconError(f"The word list {name} does not name its {field}.")
    return table


@cache
def words(name: str, section: str) -> tuple[str, ...]:
    """A plain list of words of one word list."""
    found = read(name).get(section)
    if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
        raise LexiconError(f"The section {section} of the word list {name} is not a list of words.")
    return tuple(found)


@cache
def mapping(name: str, section: str) -> dict[str, str]:
    """A table of one word list from text to text."""
    found = read(name).get(section)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise LexiconError(f"The section {section} of the word list {name} is not a table of words.")
    return dict(found)


@cache
def by_characteristic(section: str) -> dict[Characteristic, tuple[str, ...]]:
    """Slurs or group names, by protected characteristic."""
    found = read("prejudice").get(section)
    if not isinstance(found, dict):
        raise LexiconError(f"The section {section} of the word list prejudice is not a table.")
    return {Characteristic(name): tuple(listed) for name, listed in found.items()}


def emoji_words() -> dict[str, str]:
    return mapping("emoji", "words")


@cache
def scornful_emoji() -> frozenset[str]:
    """Emoji that beside somebody's name mostly mean scorn or a threat."""
    return frozenset(str(read("emoji")["scorn"]))


def lookalikes() -> dict[str, str]:
    return mapping("lookalikes", "letters")


@cache
def common_words() -> frozenset[str]:
    """Ordinary English words, so that repairs of disguises leave them alone."""
    return frozenset((_FOLDER / "common_words.txt").read_text(encoding="utf-8").split("\n\n", 1)[1].split())


@cache
def abuse_words() -> frozenset[str]:
    """Every single word whose disguise is worth undoing on suspicion alone."""
    listed = set(words("abuse", "insults")) | set(words("abuse", "profanity"))
    for slurs in by_characteristic("slurs").values():
        listed.update(slurs)
    return frozenset(word for word in listed if word.isalpha())


def either(listed: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first, with free spacing; common beginnings are looked at once."""
    root: _Branch = {}
    for word in sorted(set(listed)):
        branch = root
        for letter in word:
            branch = branch.setdefault(r"\s+" if letter == " " else re.escape(letter), {})
        branch[_END] = {}
    return f"(?:{_pattern(root)})"


_Branch = dict[str, "_Branch"]
_END = ""


def _pattern(branch: _Branch) -> str:
    """The pattern of one branch of a tree of letters."""
    ways = [letter + _pattern(rest) for letter, rest in branch.items() if letter != _END]
    if not ways:
        return ""
    if len(ways) == 1 and _END not in branch:
        return ways[0]
    return f"(?:{'|'.join(ways)})" + ("?" if _END in branch else "")
