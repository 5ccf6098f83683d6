"""`/healthz` says which part answers; 503 when one does not."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.core import clock
from app.core.db import EVERY_SCHOOL
from app.core.settings import Settings
from app.jobs import health
from app.jobs.models import Heartbeat
from tests.support.services import upgrade, wait_until

ROOT = Path(__file__).parents[3]


def ask(client) -> tuple[int, dict[str, bool]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json


def test_all_is_well_while_a_worker_beats(client, database):
    health.beat(database, clock.now())
    assert ask(client) == (200, {"database": True, "worker": True, "queue": True})


def test_without_a_worker_it_is_not_well(client):
    assert ask(client) == (503, {"database": True, "worker": False, "queue": True})


@pytest.mark.parametrize(("silence", "is_alive"), [(timedelta(seconds=10), True), (timedelta(minutes=2), False)])
def test_a_worker_that_fell_silent_counts_as_dead(client, database, silence, is_alive):
    with database.transaction(EVERY_SCHOOL) as session:
        session.add(Heartbeat(worker="elsewhere:1", beat_at=clock.now() - silence, started_at=clock.now()))
    assert ask(client)[1]["worker"] is is_alive


def test_one_living_worker_is_enough(client, database):
    with database.transaction(EVERY_SCHOOL) as session:
        session.add(Heartbeat(worker="gone:1", beat_at=clock.now() - timedelta(hours=1), started_at=clock.now()))
    health.beat(database, clock.now())
    assert ask(client)[0] == 200


def test_a_worker_has_one_row_and_old_ones_are_forgotten(database):
    with database.transaction(EVERY_SCHOOL) as session:
        session.add(Heartbeat(worker="gone:1", beat_at=clock.now() - timedelta(days=2), started_at=clock.now()))
    for _ in range(3):
        health.beat(database, clock.now())
    with database.reading(EVERY_SCHOOL) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Heartbeat)) == 1


def test_a_dead_queue_is_named(client, app, database, monkeypatch):
    health.beat(database, clock.now())
    storage = app.extensions["schoolgate.engine"].huey.storage
    monkeypatch.setattr(storage, "queue_size", _refuse)  # a queue on another machine that does not answer
    assert ask(client) == (503, {"database": True, "worker": True, "queue": False})


def _refuse() -> int:
    raise ConnectionError


def test_a_dead_database_is_named(tmp_path):
    settings = Settings(
        _env_file=None,
        data_folder=tmp_path,
        database_url="postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=2",
        log_format="text",
    )
    client = create_app(settings).test_client()
    assert ask(client) == (503, {"database": False, "worker": False, "queue": True})


def test_it_may_be_asked_as_often_as_one_likes(client):
    assert "X-RateLimit-Limit" in client.get("/sign-in").headers
    assert "X-RateLimit-Limit" not in client.get("/healthz").headers


def test_it_tells_nothing_about_the_school(client, school):
    assert school.name not in client.get("/healthz").text


def test_workers_beat_and_stop_when_they_are_told_to(tmp_path):
    """As processes of their own, told by the signals that Ctrl-C and a service manager send."""
    app = create_app(Settings(_env_file=None, data_folder=tmp_path, log_format="text"))
    with app.app_context():
        upgrade(app)
    database = app.extensions["schoolgate.database"]
    environment = {**os.environ, "SCHOOLGATE_DATA_FOLDER": str(tmp_path), "SCHOOLGATE_DATABASE_URL": ""}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--threads", "1"]
    with ExitStack() as stack:
        start = {"cwd": ROOT, "env": environment, "stderr": subprocess.DEVNULL}
        workers = [stack.enter_context(subprocess.Popen(command, **start)) for _ in range(2)]
        wait_until(lambda: _beating(database) == 2, seconds=90)
        with database.transaction(EVERY_SCHOOL) as session:
            session.execute(sa.delete(Heartbeat))
        wait_until(lambda: _beating(database) == 2, seconds=30)  # their second beat: they are at work now
        for worker, number in zip(workers, (signal.SIGTERM, signal.SIGINT), strict=True):
            worker.send_signal(number)
        assert [worker.wait(timeout=20) for worker in workers] == [0, 0]
    database.engine.dispose()


def _beating(database) -> int:
    with database.reading(EVERY_SCHOOL) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Heartbeat)) or 0
