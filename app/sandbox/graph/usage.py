"""How much of its allowance an app has used, as the usage headers tell it."""

import json
from threading import Lock

from app.sandbox import clock
from app.sandbox.tables import Token

_AN_HOUR = 3600
_ALLOWANCE = 20_000


class Usage:
    """Counts calls by app and Page within the hour; a restart begins anew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour = 0
        self._calls: dict[str, int] = {}

    def count(self, token: Token) -> dict[str, str]:
        """Count one call and return the headers that tell how things stand."""
        with self._lock:
            hour = int(clock.now().timestamp()) // _AN_HOUR
            if hour != self._hour:
                self._hour, self._calls = hour, {}
            self._calls[token.app_id] = calls = self._calls.get(token.app_id, 0) + 1
        percent = min(100, calls * 100 // _ALLOWANCE)
        headers = {"X-App-Usage": json.dumps({"call_count": percent, "total_cputime": percent, "total_time": percent})}
        if token.page_id:
            case = {
                "type": "pages",
                "call_count": percent,
                "total_cputime": percent,
                "total_time": percent,
                "estimated_time_to_regain_access": 0,
            }
            headers["X-Business-Use-Case-Usage"] = json.dumps({token.page_id: [case]})
        return headers

    def clear(self) -> None:
        with self._lock:
            self._calls = {}
