"""Logs for machines: ids and facts, never names, texts, tokens or pictures."""

import logging
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

QUIET_LOGGERS = (
    "tweepy",
    "facebook",
    "requests_oauthlib",
    "oauthlib",
    "urllib3",
    "huey",
    "PIL",
    "onnxruntime",
)


def configure_logs(log_format: str) -> None:
    """Send structured events to standard error; vendors' loggers, which print tokens, stay above DEBUG."""
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    renderer = (
        structlog.dev.ConsoleRenderer(colors=False) if log_format == "text" else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_where,
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(file=Patient(sys.stderr)),  # type: ignore[arg-type]  # no more is asked of it
        cache_logger_on_first_use=False,
    )


class Patient:
    """A log that may be on a full disk for a while: its lines are lost then, and the work goes on."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


def tell_where(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Tell the kinds of error and where each arose, not their words: those may quote a name, a text or a token."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    told = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
        told.append(" < ".join([type(error).__qualname__, *reversed(places)]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if told:
        event["exception"] = "\n".join(told)
    return event
