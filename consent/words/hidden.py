"""What a text shows that its letters do not say in order: coded, chanted, of another alphabet, turned around or over."""

import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from consent.words.normalise import plain

_CODED = re.compile(r"(?<!\S)[^\s%]*%[0-9a-f]{2}\S*", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w{1,12};")
_TURNED = re.compile("[\u202b\u202e\u2067]([^\u202c\u2069\n]+)")
_ALPHABETS = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяёαβγδεζηθικλμνξοπρσςτυφχψω",
        "a b v g g d e ye zh z i i yi y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya e "
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(" "),
        strict=True,
    )
)
_FOREIGN = re.compile(r"(?<![^\W\d_])(?:[\u0370-\u03ff\u0400-\u04ff\u0300-\u036f]{2,}(?![^\W\d_])[ -]?)+")
"""Whole words in Cyrillic or Greek letters."""
_CHANT = re.compile(r"(?:(?:give (?:us|me) an? )?\b[a-z]!\s*){3,}", re.IGNORECASE)
_HALF_TURNED = str.maketrans("nubqpdmwae69", "unqbdpwmae96")


def hidden_readings(text: str) -> Iterator[str]:
    """Yield each piece that a reader would see otherwise: coded or chanted letters, another alphabet, words turned around or upside down."""
    for coded in _CODED.finditer(text):
        yield unquote(coded.group())
    if _ENTITY.search(text):
        yield html.unescape(text)
    for turned in _TURNED.finditer(text):
        yield turned.group(1)[::-1]
    for chant in _CHANT.finditer(text):
        letters = "".join(re.findall(r"\b[a-z](?=!)", chant.group(), re.IGNORECASE)).capitalize()
        yield f"{letters} {text[chant.end() : chant.end() + 30]}"
    if text.isascii():
        return
    for foreign in _FOREIGN.finditer(text):
        yield "".join(map(_in_latin, _without_accents(foreign.group())))
    if any(map(_is_upside_down, text)):
        yield "".join(plain(sign) if _is_upside_down(sign) else sign.translate(_HALF_TURNED) for sign in reversed(text))


def _without_accents(text: str) -> str:
    """Keep the letters that are only made of two: й is not и."""
    letters = (
        sign if sign.lower() in _ALPHABETS else unicodedata.normalize("NFD", sign)[0]
        for sign in unicodedata.normalize("NFC", text)
        if not unicodedata.combining(sign)
    )
    return "".join(letters).replace("ου", "ou")


def _in_latin(sign: str) -> str:
    letters = _ALPHABETS.get(sign.lower(), sign)
    return letters.capitalize() if sign.isupper() else letters


def _is_upside_down(sign: str) -> bool:
    return not sign.isascii() and " TURNED " in unicodedata.name(sign, "")
