"""What reading X costs: it bills each post and person shown, and shows the same free for the rest of a UTC day."""

import re
from datetime import UTC, date
from threading import Lock
from typing import Any

from app.core import clock
from app.platforms.parsing import fields_of, identifier_of, items_of
from app.platforms.transport import Answer, Timeouts, Transport

OWN = re.compile(r"/2/users/\d+/(tweets|mentions)$")
"""The account's own posts and mentions are cheaper than what others wrote."""
PEOPLE = "/2/users"
OWN_THOUSANDTHS, OTHER_THOUSANDTHS, PERSON_THOUSANDTHS = 1, 5, 10
"""Thousandths of a dollar for each post or person, as X lists them in 2026."""
FREE = "/2/media/upload"


class Meter:
    """One account's bill, as far as this process ran it up."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._day: date | None = None
        self._shown: set[str] = set()
        self._thousandths = 0

    def note(self, route: str, body: Any) -> None:
        """Read in an answer what it showed."""
        data = fields_of(body).get("data")
        shown = {identifier_of(item.get("id")) for item in items_of(data) or [fields_of(data)]} - {None}
        with self._lock:
            today = clock.now().astimezone(UTC).date()
            if today != self._day:
                self._day, self._shown = today, set()
            new = {number for number in shown if number} - self._shown
            self._shown |= new
            self._thousandths += len(new) * _price(route)

    def take(self) -> int:
        """Return what was run up since this was asked last, in thousandths of a dollar."""
        with self._lock:
            taken, self._thousandths = self._thousandths, 0
            return taken


def _price(route: str) -> int:
    if route.endswith(PEOPLE):
        return PERSON_THOUSANDTHS
    return OWN_THOUSANDTHS if OWN.search(route) else OTHER_THOUSANDTHS


class Meters:
    """The meters of all accounts; one for all errands of a process."""

    def __init__(self) -> None:
        self._of: dict[str, Meter] = {}

    def of(self, account_id: str) -> Meter:
        return self._of.setdefault(account_id, Meter())


class MeteredTransport(Transport):
    """A transport that notes what each reading showed."""

    def __init__(self, base_url: str, timeouts: Timeouts, meter: Meter) -> None:
        super().__init__(base_url, timeouts)
        self._meter = meter

    def call(self, method: str, path: str, **more: Any) -> Answer:
        answer = super().call(method, path, **more)
        if method == "GET" and path != FREE:
            self._meter.note(path, answer.body)
        return answer
