"""Numbers for things, in the networks' manner: all digits, and a later thing has a greater one."""

import secrets
from datetime import UTC, datetime
from threading import Lock

_SNOWFLAKE_EPOCH_MS = 1288834974657
GREATEST = 2**63 - 1
_lock = Lock()
_last = 0


def _tick() -> int:
    """Return microseconds since 1970, never the same twice."""
    global _last
    with _lock:
        _last = max(_last + 1, int(datetime.now(UTC).timestamp() * 1_000_000))
        return _last


def graph_id() -> str:
    return str(_tick())


def snowflake(moment: datetime | None = None) -> str:
    """Return an X id; its upper bits hold the time, as clients that sort by id expect."""
    micros = _tick() if moment is None else int(moment.timestamp() * 1_000_000) + secrets.randbelow(1000)
    if micros // 1000 <= _SNOWFLAKE_EPOCH_MS:
        raise ValueError("X has no posts from before November 2010")
    return str((micros // 1000 - _SNOWFLAKE_EPOCH_MS) << 22 | (micros % 1000) << 12 | secrets.randbelow(4096))


def snowflake_at(moment: datetime) -> int:
    """Return the smallest X id that a post of this moment can have."""
    return max(0, min(GREATEST, (int(moment.timestamp() * 1000) - _SNOWFLAKE_EPOCH_MS) << 22))


def whole_number(text: str, most: int = GREATEST) -> int | None:
    """Read plain digits; anything else, and anything too great to be kept, is None."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or int(text) > most:
        return None
    return int(text)


def trace_id() -> str:
    return "A" + secrets.token_urlsafe(16).replace("-", "x").replace("_", "y")


def token(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(40).replace("-", "x").replace("_", "y")
