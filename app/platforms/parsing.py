"""Read what networks write: nothing they send makes this raise, whatever is not as described is simply not there."""

import html
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_SCHEME = re.compile(r"https?://")
_END_OF_LINK = re.compile(r"/(?=\s|$)")
_IDENTIFIER = re.compile(r"(?!\.+$)[A-Za-z0-9_:.=-]{1,200}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LIKE_A_TOKEN = re.compile(r"[A-Za-z0-9_%|~+/=-]{32,}")
_FIRST_IN_MILLISECONDS = 10**11


def fields_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items_of(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """Return words that a database can keep: halves of characters are replaced, NUL is dropped."""
    if not isinstance(value, str):
        return ""
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", value)


def identifier_of(value: Any) -> str | None:
    """Read an id, which may be a number; what could lead an address astray is none."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _IDENTIFIER.fullmatch(text) else None


def web_address_of(value: Any, site: str) -> str | None:
    """Read a link for people: a whole http address, or a path on the network's own site."""
    text = text_of(value)
    try:
        address = f"{site}{text}" if text.startswith("/") and not text.startswith("//") else text
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc and not _has_space(address) else None


def words_for_people(value: Any, *, most: int = 300) -> str:
    """Quote a network's own words: networks repeat tokens in them, so anything like one is left out."""
    return " ".join(_LIKE_A_TOKEN.sub("…", text_of(value)).split())[:most]


def parse_time(value: Any) -> datetime | None:
    """Read `2026-03-02T08:00:00+0000`, `…Z`, `….000Z` or a count since 1970; None for anything else."""
    try:
        if isinstance(value, str) and not value.isdecimal():
            return _from_iso(value)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return _from_count(float(value))
    except (ValueError, OverflowError, OSError):
        pass
    return None


def same_words(one: str, other: str) -> bool:
    """Compare what was sent with what is there: white space and the ways of writing a link do not count."""
    return _plain(one) == _plain(other)


def _from_iso(text: str) -> datetime:
    moment = datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text.replace("Z", "+00:00")))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _from_count(count: float) -> datetime:
    return datetime.fromtimestamp(count / 1000 if count >= _FIRST_IN_MILLISECONDS else count, tz=UTC)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = _END_OF_LINK.sub("", _SCHEME.sub("", _SHORT_LINK.sub("", text)))
    return " ".join(text.split())


def _has_space(address: str) -> bool:
    return any(sign.isspace() or sign in '<>"' for sign in address)
