"""Logs tell where and what kind, never who and what."""

import json
import logging
from errno import ENOSPC
from io import StringIO

import pytest
import sqlalchemy as sa
import structlog

from app.core.crypto import Sealer
from app.core.db import Database
from app.core.logs import QUIET_LOGGERS, configure_logs


@pytest.fixture(autouse=True)
def logs_as_before():
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def logged(capsys):
    """Return what was logged, as a machine reads it."""
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail_about(name: str) -> None:
    try:
        _ = {}[name]
    except KeyError as error:
        raise ValueError(f"{name} has no consent") from error


def test_an_error_is_told_without_its_words(logged):
    configure_logs("json")
    try:
        fail_about("Kim Example")
    except ValueError as error:
        structlog.get_logger().exception("job.failed", job="posts.check", error=type(error).__name__)
    [line] = logged()
    assert "Kim" not in json.dumps(line)
    assert line["error"] == "ValueError"
    assert "ValueError < " in line["exception"]
    assert "in fail_about" in line["exception"]
    assert "KeyError < " in line["exception"], "the error that it came from is told too"


def test_a_database_error_shows_no_values(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}", recorder=lambda *_, **__: None)
    insert = sa.text("INSERT INTO nowhere VALUES (:email)")
    with pytest.raises(sa.exc.OperationalError) as failed, database.engine.connect() as connection:
        connection.execute(insert, {"email": "kim@school.example"})
    assert "kim@" not in str(failed.value)
    database.engine.dispose()


def test_a_line_has_its_time_and_level(logged):
    configure_logs("json")
    structlog.get_logger().warning("queue.wake-up-lost", job="posts.check")
    [line] = logged()
    assert line["level"] == "warning"
    assert line["event"] == "queue.wake-up-lost"
    assert line["timestamp"].endswith("Z")


def test_vendors_that_print_tokens_are_quiet():
    configure_logs("json")
    assert {"tweepy", "facebook", "oauthlib", "requests_oauthlib", "urllib3"} <= set(QUIET_LOGGERS)
    assert not [name for name in QUIET_LOGGERS if logging.getLogger(name).isEnabledFor(logging.INFO)]


def test_a_sealer_does_not_print_its_key():
    assert "kkkk" not in repr(Sealer(b"k" * 40))


def test_text_logs_are_for_people(capsys):
    configure_logs("text")
    structlog.get_logger().info("job.done", job="posts.check")
    written = capsys.readouterr().err
    assert "job.done" in written
    assert "posts.check" in written


class FullDisk(StringIO):
    def write(self, text):
        raise OSError(ENOSPC, "No space left on device")


def test_a_log_on_a_full_disk_stops_no_work(monkeypatch):
    monkeypatch.setattr("sys.stderr", FullDisk())
    configure_logs("json")
    structlog.get_logger().info("job.done")
