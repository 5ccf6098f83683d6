"""What a text shows that its letters do not say in order: coded addresses, and words that are turned around."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

_CODED = re.compile(r"(?<!\S)[^\s%]*%[0-9a-f]{2}\S*", re.IGNORECASE)
_TURNED = re.compile("[\u202b\u202e\u2067]([^\u202c\u2069\n]+)")


def hidden_readings(text: str) -> Iterator[str]:
    """Yield each piece that a reader would see otherwise: coded letters of an address, or backward words."""
    for coded in _CODED.finditer(text):
        yield unquote(coded.group())
    for turned in _TURNED.finditer(text):
        yield turned.group(1)[::-1]
