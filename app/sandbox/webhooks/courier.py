"""Delivers webhooks from a thread of its own: batched, retried, and spoiled to order."""

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from threading import Event, Lock, Thread

import requests
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.faults.catalogue import kind_named
from app.sandbox.faults.model import OfDelivery, seconds_of
from app.sandbox.faults.strike import draw
from app.sandbox.store import Store
from app.sandbox.tables import App, Change, Fault
from app.sandbox.webhooks.payloads import edits_first, envelope, raw_bytes, signatures

log = logging.getLogger(__name__)
_RETRY_AFTER = (1, 2, 5, 15, 60, 300, 900, 3600)
_MOST_AT_ONCE = 1000
_IDLE_SECONDS = 5.0


class Courier:
    def __init__(self, store: Store, *, timeout: float) -> None:
        self._store, self._timeout = store, timeout
        self._wake, self._stop, self._lock = Event(), Event(), Lock()
        self._delivering = Lock()
        self._thread: Thread | None = None
        self._process = 0
        self.is_paused = False

    def wake(self) -> None:
        """Have the thread look at once; start it when it is not there, as after a fork."""
        with self._lock:
            if self._thread is None or self._process != os.getpid():
                self._process = os.getpid()
                self._thread = Thread(target=self._run, name="sandbox-courier", daemon=True)
                self._thread.start()
        self._wake.set()

    def close(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = _IDLE_SECONDS
            if not self.is_paused:
                try:
                    self.deliver_due()
                    pause = self._until_next()
                except SQLAlchemyError:
                    log.exception("sandbox.courier failed; it will look again")
            self._wake.wait(pause)
            self._wake.clear()

    def deliver_due(self, *, batch: int | None = None, everything: bool = False) -> int:
        """Deliver what is due (or everything that is pending); return how many changes were taken in hand."""
        taken = 0
        with self._delivering:
            while not self._stop.is_set():
                changes = self._due(everything)
                if not changes:
                    return taken
                for app_id, group in groupby(changes, key=lambda change: change.app_id):
                    self._deliver_app(app_id, list(group), batch)
                taken += len(changes)
                if everything and taken >= _MOST_AT_ONCE * 20:
                    return taken
        return taken

    def _due(self, everything: bool) -> Sequence[Change]:
        query = select(Change).where(Change.state == "pending").order_by(Change.app_id, Change.id).limit(_MOST_AT_ONCE)
        query = query.where(Change.attempts == 0 if everything else Change.due_at <= clock.now())
        with self._store.reading() as session:
            return session.scalars(query).all()

    def _until_next(self) -> float:
        with self._store.reading() as session:
            due = session.scalar(
                select(Change.due_at).where(Change.state == "pending").order_by(Change.due_at).limit(1)
            )
        return _IDLE_SECONDS if due is None else min(_IDLE_SECONDS, max(0.01, (due - clock.now()).total_seconds()))

    def _deliver_app(self, app_id: str, changes: list[Change], batch: int | None) -> None:
        with self._store.reading() as session:
            app = session.get_one(App, app_id)
        size = batch or app.webhook_batch
        for start in range(0, len(changes), size):
            self._deliver(app, changes[start : start + size])

    def _deliver(self, app: App, changes: list[Change]) -> None:
        with self._store.writing() as session:
            fault = draw(session, "facebook.webhook", changes[0].page_id)
        spoiled_by = fault.kind if fault is not None and isinstance(kind_named(fault.kind), OfDelivery) else ""
        if spoiled_by == "lose":
            self._settle(changes, "lost", delivered=True)
        elif spoiled_by == "delay" and fault is not None:
            self._put_off(changes, fault)
        else:
            self._send(app, changes, spoiled_by)

    def _send(self, app: App, changes: list[Change], spoiled_by: str) -> None:
        ordered = changes[::-1] if spoiled_by == "reorder" else changes
        ordered = edits_first(ordered) if spoiled_by == "edited-before-add" else ordered
        raw = raw_bytes(envelope(ordered, spoiled_by=spoiled_by))
        headers = signatures(raw, app.secret, spoiled_by=spoiled_by)
        status = self.post(app.webhook_url, raw, headers)
        if spoiled_by == "duplicate":
            status = self.post(app.webhook_url, raw, headers)
        self._settle(changes, status, delivered=status.startswith("2"))

    def post(self, url: str, raw: bytes, headers: dict[str, str]) -> str:
        """Post the bytes once; return the status, or why there is none."""
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua", **headers}
        try:
            answer = requests.post(url, data=raw, headers=headers, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            return type(error).__name__
        return str(answer.status_code)

    def _settle(self, changes: list[Change], status: str, *, delivered: bool) -> None:
        with self._store.writing() as session:
            for change in _still_there(session, changes):
                change.attempts += 1
                change.last_status = status
                if delivered:
                    change.state = "delivered"
                elif change.attempts > len(_RETRY_AFTER):
                    change.state = "given up"
                else:
                    change.due_at = clock.now() + timedelta(seconds=_RETRY_AFTER[change.attempts - 1])

    def _put_off(self, changes: list[Change], fault: Fault) -> None:
        with self._store.writing() as session:
            for change in _still_there(session, changes):
                change.due_at = clock.now() + timedelta(seconds=seconds_of(fault, 5.0))


def _still_there(session: Session, changes: list[Change]) -> list[Change]:
    """Find the rows anew; a reset may have emptied the outbox meanwhile."""
    found = []
    with suppress(ValueError):
        wanted = [change.id for change in changes if change.id is not None]
        found = list(session.scalars(select(Change).where(Change.id.in_(wanted))))
    return found
