"""Arming faults, drawing the one that strikes, and doing what it says."""

import random
import select as sockets
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from fnmatch import fnmatchcase

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox.answers import Answer
from app.sandbox.faults.catalogue import kind_named
from app.sandbox.faults.model import Bent, Effect, Instead, Silence, Silent, seconds_of
from app.sandbox.tables import Fault

_DEFAULT_WAIT = 30.0


def draw(session: Session, operation: str, account: str | None) -> Fault | None:
    """Return the first armed fault that strikes this call; each that matches counts it."""
    for fault in session.scalars(select(Fault).order_by(Fault.id)):
        if not _matches(fault, operation, account):
            continue
        fault.seen += 1
        if fault.seen <= fault.skip or not _falls(fault):
            continue
        fault.struck += 1
        if fault.remaining is not None:
            fault.remaining -= 1
        session.flush()
        return fault
    return None


def _matches(fault: Fault, operation: str, account: str | None) -> bool:
    if fault.remaining is not None and fault.remaining <= 0:
        return False
    if fault.account is not None and fault.account != account:
        return False
    return fnmatchcase(operation, fault.operation)


def _falls(fault: Fault) -> bool:
    """Throw the dice; the same seed and the same call fall the same way in every run."""
    dice = random.Random(f"{fault.seed}:{fault.operation}:{fault.kind}:{fault.seen}")  # noqa: S311  not for secrets
    return dice.random() < fault.probability


def answered(fault: Fault | None, act: Callable[[], Answer]) -> Response:
    """Answer the call as the fault wills; without one, rightly."""
    kind = kind_named(fault.kind) if fault is not None else None
    if fault is None or kind is None:
        return act().to_response()
    if isinstance(kind, Bent):
        if fault.kind == "slow":
            _wait(seconds_of(fault, 3.0))
        return kind.bend(act(), fault).to_response()
    if fault.effect == Effect.AFTER:
        act()
    if isinstance(kind, Instead):
        return kind.answer(fault).to_response()
    if isinstance(kind, Silent):
        if kind.how is Silence.TIMEOUT:
            _wait(seconds_of(fault, _DEFAULT_WAIT))
        _hang_up()
    return Response("", status=500)


def _wait(seconds: float) -> None:
    """Keep the caller waiting, but not longer than the caller waits."""
    caller, end = _socket(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if caller is None or not _has_gone(caller, min(left, 0.2)):
            if caller is None:
                time.sleep(left)
            continue
        return


def _has_gone(caller: socket.socket, seconds: float) -> bool:
    readable, _, _ = sockets.select([caller], [], [], seconds)
    if not readable:
        return False
    try:
        if caller.recv(1, socket.MSG_PEEK) == b"":
            return True
    except OSError:
        return True
    time.sleep(seconds)
    return False


def _hang_up() -> None:
    caller = _socket()
    if caller is None:
        return
    with suppress(OSError):
        # an abrupt end: the caller sees a reset connection, not a short answer
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        caller.shutdown(socket.SHUT_RDWR)


def _socket() -> socket.socket | None:
    """Return the caller's connection, as werkzeug or gunicorn hands it over."""
    found = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    return found if isinstance(found, socket.socket) else None
