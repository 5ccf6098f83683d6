"""Undo Unicode disguises: look-alike, styled, full-width and invisible characters, accents, emoji."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from moderation.lexicon import emoji_words, lookalikes
from moderation.view import View, identity

_INVISIBLE_CATEGORIES = frozenset({"Mn", "Me", "Cf", "Sk", "Cs", "Co", "Cn"})
_REGIONAL_A = 0x1F1E6
_NEGATIVE_CIRCLED_A = 0x1F150
_NEGATIVE_SQUARED_A = 0x1F170
_SQUARED_A = 0x1F130
_ALPHABET = 26


def plain_view(text: str) -> View:
    """Lower case Latin letters wherever a reader would see them, with spans kept."""
    if text.isascii():
        return identity(text.lower())
    letters: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        for letter in plain_letters(character):
            letters.append(letter)
            origins.append(position)
    return View("".join(letters), origins, [origin + 1 for origin in origins])


@lru_cache(maxsize=8192)
def plain_letters(character: str) -> str:
    """What a reader sees in one character."""
    if character.isascii():
        return character.lower()
    if word := emoji_words().get(character):
        return f" {word} "
    if letter := lookalikes().get(character) or _enclosed_letter(character):
        return letter
    if character.isspace():
        return " "
    if unicodedata.category(character) in _INVISIBLE_CATEGORIES:
        return ""
    decomposed = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in decomposed if unicodedata.category(part) not in _INVISIBLE_CATEGORIES)
    folded = "".join(lookalikes().get(part, part) for part in kept.lower())
    return folded if folded.isalnum() or folded.isascii() else _symbol(character, folded)


def _symbol(character: str, folded: str) -> str:
    return " " if unicodedata.category(character) == "So" else folded


def _enclosed_letter(character: str) -> str:
    code = ord(character)
    for first in (_REGIONAL_A, _NEGATIVE_CIRCLED_A, _NEGATIVE_SQUARED_A, _SQUARED_A):
        if first <= code < first + _ALPHABET:
            return chr(ord("a") + code - first)
    return ""
