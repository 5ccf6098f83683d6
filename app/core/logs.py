"""Logs for machines: ids and facts, never names, texts, tokens or pictures."""

import logging
import sys

import structlog

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
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
