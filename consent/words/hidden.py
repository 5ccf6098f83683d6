"""What a text shows that its letters do not say in order: coded letters, and words that are turned around or over."""

import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from consent.words.normalise import plain

_CODED = re.compile(r"(?<!\S)[^\s%]*%[0-9a-f]{2}\S*", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w{1,12};")
_TURNED = re.compile("[\u202b\u202e\u2067]([^\u202c\u2069\n]+)")
_HALF_TURNED = str.maketrans("nubqpdmwae69", "unqbdpwmae96")


def hidden_readings(text: str) -> Iterator[str]:
    """Yield each piece that a reader would see otherwise: coded letters, backward words, words upside down."""
    for coded in _CODED.finditer(text):
        yield unquote(coded.group())
    if _ENTITY.search(text):
        yield html.unescape(text)
    for turned in _TURNED.finditer(text):
        yield turned.group(1)[::-1]
    if not text.isascii() and any(map(_is_upside_down, text)):
        yield "".join(plain(sign) if _is_upside_down(sign) else sign.translate(_HALF_TURNED) for sign in reversed(text))


def _is_upside_down(sign: str) -> bool:
    return not sign.isascii() and " TURNED " in unicodedata.name(sign, "")
