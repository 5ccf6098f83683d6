"""The last requests, for whoever rehearses: what was done, how it ended, and whether a token showed in its address."""

from collections import deque
from threading import Lock

from flask import Response, current_app, g, request

from app.sandbox import clock
from app.sandbox.answers import Json
from app.sandbox.tables import Fault

_MOST = 2000
_SECRETS = ("access_token", "oauth_token", "client_secret", "fb_exchange_token", "input_token")


class Ledger:
    def __init__(self) -> None:
        self._rows: deque[Json] = deque(maxlen=_MOST)
        self._lock = Lock()

    def add(self, row: Json) -> None:
        with self._lock:
            self._rows.append(row)

    def rows(self) -> list[Json]:
        with self._lock:
            return list(self._rows)

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()


def ledger() -> Ledger:
    found: Ledger = current_app.extensions["sandbox.ledger"]
    return found


def note(operation: str, fault: Fault | None) -> None:
    g.operation, g.fault = operation, fault.kind if fault else None


def write_down(response: Response) -> Response:
    if request.blueprint in {"graph", "x"}:
        ledger().add(
            {
                "at": clock.now().isoformat(),
                "operation": g.get("operation", ""),
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "fault": g.get("fault"),
                "token_in_url": any(name in request.args for name in _SECRETS),
            }
        )
    return response
