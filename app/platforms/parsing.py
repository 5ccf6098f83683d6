"""Read what networks write: times in several spellings, words that came back slightly changed."""

import re
from datetime import UTC, datetime
from typing import Any

_SHORT_LINK = re.compile(r"https?://t\.co/\w+")


def parse_time(value: Any) -> datetime | None:
    """Read `2026-03-02T08:00:00+0000`, `…Z`, `….000Z` or seconds since 1970; None for anything else."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, tz=UTC)
    if not isinstance(value, str) or not value:
        return None
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", value.replace("Z", "+00:00"))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def same_words(one: str, other: str) -> bool:
    """Compare what was sent with what is there: white space and shortened links do not count."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(_SHORT_LINK.sub("", text).split())
