"""How hard a network may be asked: what its headers say is remembered, so that reading leaves room for acting."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from app.core import clock
from app.platforms.errors import TransientError
from app.platforms.parsing import fields_of, items_of

ENOUGH = 90
"""Per cent of an allowance after which routine reading pauses; hiding and publishing go on."""
PAUSE = timedelta(minutes=5)
FIRST_GUESS = timedelta(minutes=1)
LONGEST_GUESS = timedelta(minutes=15)
USED = ("call_count", "total_cputime", "total_time")


class Allowance:
    """What is left of one account's allowance, as far as its errands have heard."""

    def __init__(self) -> None:
        self._until: datetime | None = None
        self._guess: timedelta | None = None
        self._guess_ends: datetime | None = None
        self._lock = Lock()

    def pause(self, until: datetime | None) -> None:
        """Remember a pause; None says nothing."""
        with self._lock:
            if until is not None and (self._until is None or until > self._until):
                self._until = until

    def ensure(self) -> None:
        """Let a routine reading go ahead, or put it off until the allowance is there again."""
        until = self._until
        if until is not None and until > clock.now():
            sentence = "Most of what the network allows us is used, so reading waits."
            raise TransientError(sentence, retry_at=until, code="usage")

    def guess(self) -> timedelta:
        """Return how long to leave a network alone that asks for it and does not say how long: twice as long each time.

        Refusals before that time is up are the same one, told to several who asked at once.
        """
        with self._lock:
            now = clock.now()
            if self._guess is None or self._guess_ends is None:
                self._guess = FIRST_GUESS
            elif now < self._guess_ends:
                return self._guess_ends - now
            else:
                self._guess = min(self._guess * 2, LONGEST_GUESS)
            self._guess_ends = now + self._guess
            return self._guess

    def answered(self) -> None:
        """The network did what was asked: the next guess begins anew."""
        with self._lock:
            self._guess = self._guess_ends = None


class Pace:
    """The allowances of all accounts; one for all errands of a process."""

    def __init__(self) -> None:
        self._of: dict[str, Allowance] = {}

    def of(self, account: str) -> Allowance:
        return self._of.setdefault(account, Allowance())


def facebook_pause(headers: Mapping[str, str]) -> datetime | None:
    """Return until when reading should wait, by Facebook's usage headers; None when there is room."""
    cases = list(_cases(headers))
    if not any(_number(case.get(name)) >= ENOUGH for case in cases for name in USED):
        return None
    return clock.now() + max(PAUSE, regain(headers) or PAUSE)


def regain(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long a throttle lasts, if Facebook says it."""
    minutes = max((_number(case.get("estimated_time_to_regain_access")) for case in _cases(headers)), default=0)
    return timedelta(minutes=min(minutes, 24 * 60)) if minutes > 0 else None


def x_pause(headers: Mapping[str, str]) -> datetime | None:
    """Return when X answers again, if this answer was the last that it allows; the longest of its limits counts."""
    resets = [
        _reset(headers, family)
        for family in ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
        if headers.get(f"{family}-remaining", "").strip() == "0"
    ]
    return max((reset for reset in resets if reset is not None), default=None)


def x_reset(headers: Mapping[str, str]) -> datetime | None:
    """Return when to come back after a refusal for speed."""
    after = headers.get("retry-after", "").strip()
    told = clock.now() + timedelta(seconds=min(int(after), 86_400)) if _is_count(after) else None
    return x_pause(headers) or _reset(headers, "x-rate-limit") or told


def _reset(headers: Mapping[str, str], family: str) -> datetime | None:
    stamp = headers.get(f"{family}-reset", "").strip()
    return datetime.fromtimestamp(int(stamp), tz=UTC) if _is_count(stamp) else None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 11


def _cases(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    yield fields_of(_read(headers.get("X-App-Usage")))
    for cases in fields_of(_read(headers.get("X-Business-Use-Case-Usage"))).values():
        yield from items_of(cases)


def _read(header: str | None) -> Any:
    try:
        return json.loads(header or "")
    except (ValueError, RecursionError):
        return None


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value == value else 0
