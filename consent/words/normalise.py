"""Undo disguises of words and keep, for every character, where it stood in the original."""

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x2060, 0x3164, 0xFEFF, 0xFFA0,
     *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2061, 0x2070), *range(0xFE00, 0xFE10)]
)  # fmt: skip

_LOOK_ALIKE = {
    ord(odd): plain
    for odd, plain in {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d",
        "һ": "h", "ԛ": "q", "ԝ": "w", "в": "b", "к": "k", "м": "m", "н": "h", "т": "t", "ӏ": "l", "ո": "n", "ս": "u",
        "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "У": "Y",
        "Х": "X", "І": "I", "Ј": "J", "Ѕ": "S", "α": "a", "ο": "o", "ε": "e", "ν": "v", "ι": "i", "κ": "k", "ρ": "p",
        "τ": "t", "υ": "u", "χ": "x", "η": "n", "ω": "w", "σ": "o", "β": "b", "γ": "y", "Α": "A", "Β": "B", "Ε": "E",
        "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X",
        "ı": "i", "ɑ": "a", "ɡ": "g", "ʟ": "l", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae",
        "œ": "oe", "ß": "ss", "Ł": "L", "Ø": "O", "Đ": "D", "ſ": "s",
    }.items()
}  # fmt: skip

_LEET = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "l",
    "€": "e",
}


@dataclass(frozen=True, slots=True)
class View:
    """A reading of a text; `origins[i]` is where its i-th character stands in the original."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that the characters from start to end came from."""
        if start >= end:
            return (0, 0)
        return (self.origins[start], self.origins[end - 1] + 1)


def plain_view(text: str) -> View:
    """Return the text in lower-case plain letters: no accents, look-alikes, styled or invisible characters."""
    letters: list[str] = []
    origins: list[int] = []
    for position, sign in enumerate(text):
        if ord(sign) in _INVISIBLE:
            continue
        for plain in _plain(sign):
            letters.append(plain)
            origins.append(position)
    return View("".join(letters), tuple(origins))


def _plain(sign: str) -> str:
    folded = unicodedata.normalize("NFKD", sign.translate(_LOOK_ALIKE))
    kept = "".join(piece for piece in folded if not unicodedata.combining(piece))
    kept = kept.translate(_LOOK_ALIKE)
    if "REGIONAL INDICATOR" in unicodedata.name(sign, ""):
        kept = unicodedata.name(sign)[-1]
    return {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"}.get(kept, kept).lower()


def plain(text: str) -> str:
    return plain_view(text).text


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, with its span in the original."""

    text: str
    start: int
    end: int
    is_capital: bool = False
    from_tag: bool = False


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*", re.UNICODE)
_TAG = re.compile(r"[#@]\w+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(text: str) -> list[Word]:
    """Split a text into words. Hashtags, handles and CamelCase give their parts; possessives lose their ending."""
    view = plain_view(text)
    found = [_word(text, view, match.start(), match.end()) for match in _WORD.finditer(view.text)]
    found += _tag_words(text)
    return sorted((word for word in found if word.text), key=lambda word: (word.start, word.end))


def _word(text: str, view: View, start: int, end: int) -> Word:
    plain_text = view.text[start:end]
    for ending in ("'s", "'"):
        if plain_text.endswith(ending):
            plain_text, end = plain_text.removesuffix(ending), end - len(ending)
            break
    origin_start, origin_end = view.span(start, end)
    return Word(plain_text.replace("'", ""), origin_start, origin_end, text[origin_start : origin_start + 1].isupper())


def _tag_words(text: str) -> list[Word]:
    parts = []
    for tag in _TAG.finditer(text):
        for part in _CAMEL.finditer(unicodedata.normalize("NFC", tag.group())):
            start = tag.start() + part.start()
            end = tag.start() + part.end()
            parts.append(Word(plain(part.group()), start, end, is_capital=True, from_tag=True))
    return parts


def spelt_out(text: str) -> list[Word]:
    """Join letters that were spaced, dotted or dashed apart (`A m e l i a`, `A.m.e.l.i.a`)."""
    view = plain_view(text)
    pattern = re.compile(r"(?<![^\W_])[^\W\d_](?:[\W_]{1,3}[^\W\d_](?![^\W_]))+")
    found = []
    for match in pattern.finditer(view.text):
        letters = "".join(sign for sign in match.group() if sign.isalpha())
        if len(letters) >= 3:
            found.append(Word(letters, *view.span(match.start(), match.end()), is_capital=True))
    return found


def unleeted(word: str) -> str:
    """Read digits and signs as the letters they look like, if there are letters besides."""
    if word.isalpha() or not any(sign.isalpha() for sign in word):
        return word
    return "".join(_LEET.get(sign, sign) for sign in word)


def unstretched(word: str) -> str:
    """Shorten letters that are repeated three times or more to one."""
    return re.sub(r"(.)\1{2,}", r"\1", word)
