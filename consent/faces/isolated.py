"""Look at pictures in child processes: a crash, a hang or a hunger for memory there costs the one picture alone."""

import ctypes
import logging
import os
import resource
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from queue import LifoQueue
from typing import TypeVar

from consent.faces.engine import EngineUnavailableError, FaceEngine, load_engine
from consent.faces.image import PictureError, SanitisedPicture, open_upright, sanitise
from consent.faces.model import Vector
from consent.faces.networks.cache import notice
from consent.faces.obscure import StillThereError, publishable
from consent.faces.scan import EnrolmentError, Likeness, Portrait, Scan, enrol, portrait, scan
from consent.model import Box
from consent.picture_text import read_words

log = logging.getLogger(__name__)
Result = TypeVar("Result")
MEMORY_BYTES = 6 * 1024**3
"""Address space of the child; what it really uses stays far below."""
PATIENCE_SECONDS = 120.0
PICTURES_A_CHILD = 200
CHILDREN = 2
"""Processes that look at pictures, at most: as many pictures at once. docs/runbook.md says what memory one needs."""
M_ARENA_MAX = -8
"""glibc's number for: how many heaps of their own the threads may have."""
MODELS = "SCHOOLGATE_CHILD_MODELS"
"""Tells the child, in its own environment alone, where the converted networks are kept."""


class ScanError(RuntimeError):
    """A picture could not be looked at. Whoever asked must treat it as not allowed."""


class IsolatedEngine:
    """The face engine behind a process boundary. Safe to share between threads; several pictures go on at once."""

    def __init__(
        self, models: Path | None = None, *, patience: float = PATIENCE_SECONDS, children: int = CHILDREN
    ) -> None:
        """`models` is the folder that keeps the converted networks; without it each child converts them anew."""
        self._models = models
        self._children = [_Child(models, patience) for _ in range(children)]
        self._idle: LifoQueue[_Child] = LifoQueue()  # whoever worked last goes on: the others need not be started
        for child in self._children:
            self._idle.put(child)

    @property
    def at_once(self) -> int:
        return len(self._children)

    def scan(self, data: bytes, likeness: Likeness) -> Scan:
        return self._run(_scan, data, likeness)

    def enrol(self, data: bytes) -> Vector:
        return self._run(_enrol, data)

    def portrait(self, data: bytes) -> Portrait:
        return self._run(_portrait, data)

    def sanitise(self, data: bytes, longest_side: int) -> SanitisedPicture:
        return self._run(_sanitise, data, longest_side)

    def render(self, data: bytes, faces: tuple[Box, ...], longest_side: int) -> SanitisedPicture:
        """Return the picture as it may go out, with the faces destroyed. Raises StillThereError."""
        return self._run(_render, data, faces, longest_side)

    def read_words(self, data: bytes) -> tuple[str, ...]:
        return self._run(_read_words, data)

    def notice(self) -> str | None:
        """Say for the health page why faces are searched with the slower engine; None while all is well."""
        return None if self._models is None else notice(self._models)

    def process_ids(self) -> list[int]:
        """Return the children that are running, for whoever watches their memory."""
        return [process_id for child in self._children for process_id in child.process_ids()]

    def close(self) -> None:
        for child in self._children:
            child.stop()

    def _run(self, work: Callable[..., Result], *arguments: object) -> Result:
        child = self._idle.get()
        try:
            return child.run(work, *arguments)
        finally:
            self._idle.put(child)


class _Child:
    """One process that looks at one picture at a time. It starts when it is first needed."""

    def __init__(self, models: Path | None, patience: float) -> None:
        self._models, self._patience = models, patience
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Callable[..., Result], *arguments: object) -> Result:
        try:
            future: Future[Result] = self._started().submit(_given_back, work, *arguments)
            return future.result(timeout=self._patience)
        except FutureTimeoutError as error:
            log.warning("A picture took longer than %s seconds.", self._patience)
            self.stop()
            raise ScanError("The picture took too long to check. Use a smaller copy.") from error
        except BrokenProcessPool as error:
            log.warning("A process that looked at a picture was ended from outside, or crashed.")
            self.stop()
            raise ScanError("The picture could not be checked. Use another copy of it.") from error
        except (PictureError, EnrolmentError, StillThereError, EngineUnavailableError):
            raise
        except (Exception, SystemExit) as error:  # whatever the libraries raise or do, the picture was not checked
            log.exception("A picture could not be looked at.")
            raise ScanError("The picture could not be checked. Use another copy of it.") from error

    def process_ids(self) -> list[int]:
        return list((self._pool and self._pool._processes) or {})  # noqa: SLF001  there is no public way to name one

    def stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001  there is no public way to stop one
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=_prepare,
                initargs=(self._models,),
                max_tasks_per_child=PICTURES_A_CHILD,
            )
        return self._pool


def _prepare(models: Path | None) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.environ[MODELS] = str(models) if models else ""
    with suppress(AttributeError):  # another system's library of C
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _given_back(work: Callable[..., Result], *arguments: object) -> Result:
    """Do the work, then hand the memory of its pictures back to the system, which halves what a child holds."""
    try:
        return work(*arguments)
    finally:
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


@cache
def _engine() -> FaceEngine:
    kept = os.environ.get(MODELS)
    return load_engine(Path(kept) if kept else None)


def _scan(data: bytes, likeness: Likeness) -> Scan:
    return scan(data, likeness, _engine())


def _enrol(data: bytes) -> Vector:
    return enrol(data, _engine())


def _portrait(data: bytes) -> Portrait:
    return portrait(data, _engine())


def _sanitise(data: bytes, longest_side: int) -> SanitisedPicture:
    return sanitise(data, longest_side=longest_side)


def _render(data: bytes, faces: tuple[Box, ...], longest_side: int) -> SanitisedPicture:
    return publishable(open_upright(data), faces, longest_side=longest_side, engine=_engine)


def _read_words(data: bytes) -> tuple[str, ...]:
    return tuple(read_words(data))
