"""Rate limits of the X stand-in: so many calls of a kind in a quarter of an hour, told in every answer."""

from collections.abc import Mapping
from threading import Lock

from app.sandbox import clock

_WINDOW = 900
PER_WINDOW: Mapping[str, int] = {
    "x.posts.create": 100,
    "x.posts.delete": 50,
    "x.posts.hide": 50,
    "x.mentions.read": 300,
    "x.media.create": 500,
    "x.metadata.create": 500,
    "x.muting.create": 50,
    "x.muting.delete": 50,
    "x.search.read": 300,
    "x.timeline.read": 900,
    "x.posts.read": 900,
    "x.users.read": 900,
    "x.me.read": 75,
}


class Limits:
    """Counted in memory: a restart forgives, as a test wants."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: dict[tuple[str, str], tuple[int, int]] = {}

    def take(self, key: str, operation: str) -> tuple[bool, dict[str, str]]:
        """Count one call; say whether it is within the limit, and the headers that tell how things stand."""
        now = int(clock.now().timestamp())
        most = PER_WINDOW.get(operation, 300)
        with self._lock:
            start, used = self._windows.get((key, operation), (now, 0))
            if now - start >= _WINDOW:
                start, used = now, 0
            allowed = used < most
            self._windows[key, operation] = (start, used + 1 if allowed else used)
        left = max(0, most - used - 1)
        headers = {
            "x-rate-limit-limit": str(most),
            "x-rate-limit-remaining": str(left if allowed else 0),
            "x-rate-limit-reset": str(start + _WINDOW),
        }
        return allowed, headers

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()
