"""Undo Unicode disguises: look-alike, styled, full-width and invisible characters, accents, emoji."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from moderation.lexicon import abuse_words, emoji_words, lookalikes
from moderation.view import View, identity

_INVISIBLE_CATEGORIES = frozenset({"Mn", "Me", "Cf", "Sk", "Cs", "Co", "Cn"})
_REGIONAL_A = 0x1F1E6
_NEGATIVE_CIRCLED_A = 0x1F150
_NEGATIVE_SQUARED_A = 0x1F170
_SQUARED_A = 0x1F130
_ALPHABET = 26
_PRESENTATION = "\ufe0f"
_LETTERS, _LETTERS_BEFORE = re.compile(r"[^\W\d_]+"), re.compile(r"[^\W\d_]+$")
_FIRST_PICTURE, _FACES = "\u2600", ("\U0001f600", "\U0001f64f")
_SILENT = re.compile(
    "HEART|FACE|HAND|THUMB|FINGER|FIST|ARROW|SQUARE|CIRCLE|DIAMOND|TRIANGLE|MARK|STAR|SPARK|SYMBOL|SIGN|POPPER|CONFETTI|SKULL|BICEPS|PALM|POINT|ROLLING|FLAG"
)
_NO_THING = frozenset("black white heavy medium small large with of and the for at in on a".split())
_JOINER = "\u200d"
_TONE = "[\U0001f3fb-\U0001f3ff]"


def plain_view(text: str) -> View:
    """Lower case Latin letters wherever a reader would see them, with spans kept."""
    if text.isascii():
        return identity(text.lower())
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for read, start, end in _pieces(text):
        letters.append(read)
        starts.extend([start] * len(read))
        ends.extend([end] * len(read))
    return View("".join(letters), starts, ends)


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """What a reader sees, emoji by emoji and between them character by character, each with its span."""
    position = 0
    for emoji in _emoji().finditer(text):
        yield from _characters(text, position, emoji.start())
        yield _read(text, emoji), emoji.start(), emoji.end()
        position = emoji.end()
    yield from _characters(text, position, len(text))


def _read(text: str, emoji: re.Match[str]) -> str:
    """The word of an emoji; a blank where it only splits a word of abuse."""
    before, behind = _LETTERS_BEFORE.search(text[: emoji.start()]), _LETTERS.match(text, emoji.end())
    if before and behind and (before.group() + behind.group()).lower() in abuse_words():
        return " "
    return f" {_word_of(emoji.group())} "


def _characters(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for position in range(start, end):
        if seen := plain_letters(text[position]):
            yield seen, position, position + 1


@lru_cache(maxsize=8192)
def plain_letters(character: str) -> str:
    """What a reader sees in one character."""
    if character.isascii():
        return character.lower()
    if letter := lookalikes().get(character) or _enclosed_letter(character):
        return letter
    if character.isspace():
        return " "
    if unicodedata.category(character) in _INVISIBLE_CATEGORIES:
        return ""
    if character >= _FIRST_PICTURE and unicodedata.category(character) == "So":
        return _named(character)
    decomposed = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in decomposed if unicodedata.category(part) not in _INVISIBLE_CATEGORIES)
    folded = "".join(lookalikes().get(part, part) for part in kept.lower())
    return folded if folded.isalnum() or folded.isascii() else _symbol(character, folded)


def _named(character: str) -> str:
    """A thing by its Unicode name, such as "athletic shoe"; nothing for faces, hearts, hands and shapes."""
    name = unicodedata.name(character, "")
    if _FACES[0] <= character <= _FACES[1] or _SILENT.search(name):
        return " "
    return f" {' '.join(word for word in name.lower().split() if word.isalpha() and word not in _NO_THING)} "


def _symbol(character: str, folded: str) -> str:
    return " " if unicodedata.category(character) == "So" else folded


def _enclosed_letter(character: str) -> str:
    code = ord(character)
    for first in (_REGIONAL_A, _NEGATIVE_CIRCLED_A, _NEGATIVE_SQUARED_A, _SQUARED_A):
        if first <= code < first + _ALPHABET:
            return chr(ord("a") + code - first)
    return ""


@cache
def _emoji() -> re.Pattern[str]:
    """Every emoji that has a word, whole sequences first; a piece of a longer sequence is none."""
    ways = []
    for sequence in sorted(emoji_words(), key=len, reverse=True):
        parts = "".join(f"{re.escape(part)}{_PRESENTATION}?" for part in sequence if part != _PRESENTATION)
        ways.append(f"{parts}{_TONE}?(?!{_JOINER})")
    return re.compile("|".join(ways))


@lru_cache(maxsize=1024)
def _word_of(emoji: str) -> str:
    words = emoji_words()
    bare = emoji.replace(_PRESENTATION, "")
    return words.get(bare) or words[re.sub(_TONE, "", bare)]
