"""The engine carries wake-ups over SQLite, Redis or PostgreSQL; a lost or doubled one does no harm."""

import gc
import os
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
import redis

from app.core import clock
from app.core.settings import Settings
from app.jobs.due import promise
from app.jobs.engine import Engine
from app.notifications.models import Notice, NoticeState
from tests.support.services import RedisServer, new_database, wait_until

QUEUES = ["sqlite", "redis", "postgresql"]
# huey leaves each thread's listening connection to the garbage collector, and says so in its source
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function BaseConnection.__del__:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="session")
def redis_port():
    """The server that `make test` started, or one of this run's own."""
    given = os.environ.get("SCHOOLGATE_TEST_REDIS_PORT")
    if given:
        yield int(given)
        return
    with RedisServer() as server:
        yield server.port


@pytest.fixture
def queue_url(request):
    if request.param == "redis":
        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
        url = f"redis://127.0.0.1:{request.getfixturevalue('redis_port')}/{number}"
        with redis.from_url(url) as server:
            server.flushdb()
        return url
    if request.param == "postgresql":
        return new_database(request.getfixturevalue("postgres_port"))
    return ""


@pytest.fixture
def make_engine(database, tmp_path, job):
    """Return an engine with one job, and close its queue at the end."""
    made = []

    def make(**given) -> Engine:
        settings = Settings(
            _env_file=None, data_folder=tmp_path, sweep_seconds=given.pop("sweep_seconds", 600), **given
        )
        engine = Engine(settings, database)
        engine.add(job)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.huey.storage.close()


@pytest.fixture
def working():
    """Let an engine work in the background until the test is over."""
    stop, threads = Event(), []

    def start(engine: Engine) -> None:
        thread = Thread(target=engine.work, kwargs={"threads": 2, "stop": stop}, daemon=True)
        thread.start()
        threads.append(thread)

    yield start
    stop.set()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive(), "the worker did not stop when it was told to"
    gc.collect()


@pytest.mark.parametrize("queue_url", QUEUES, indirect=True)
def test_a_wake_up_has_its_job_run(make_engine, queue_url, working, notice, read, sender):
    engine = make_engine(queue_url=queue_url)
    working(engine)
    notice_id = notice()
    engine.wake("notifications.send", notice_id)
    wait_until(lambda: read(notice_id).state is NoticeState.SENT, seconds=20)
    assert sender.sent == [notice_id]


@pytest.mark.parametrize("queue_url", QUEUES, indirect=True)
def test_doubled_wake_ups_do_it_once(make_engine, queue_url, working, notice, read, sender):
    engine = make_engine(queue_url=queue_url)
    ids = [notice() for _ in range(3)]
    for notice_id in ids * 3:
        engine.wake("notifications.send", notice_id)
    working(engine)
    wait_until(lambda: engine.huey.pending_count() == 0 and all(read(id_).due_at is None for id_ in ids), seconds=20)
    assert sorted(sender.sent) == sorted(ids)


def test_a_lost_wake_up_is_found_by_the_sweep(make_engine, working, notice, read, sender):
    notice_id = notice()
    working(make_engine(sweep_seconds=0.1))
    wait_until(lambda: read(notice_id).state is NoticeState.SENT, seconds=20)
    assert sender.sent == [notice_id]


def test_what_a_dead_worker_held_is_done_when_its_claim_has_run_out(make_engine, working, notice, read):
    notice_id = notice(claimed_until=clock.now() + timedelta(seconds=1), attempts=1)
    engine = make_engine(sweep_seconds=0.2)
    assert engine.sweep() == 0
    working(engine)
    wait_until(lambda: read(notice_id).state is NoticeState.SENT, seconds=20)
    assert read(notice_id).attempts == 2


def test_a_promise_wakes_a_worker_after_the_commit(make_engine, database, school, notice, working, read):
    engine, notice_id = make_engine(), notice(due_at=None)
    before, database.wake = database.wake, engine.wake
    try:
        with database.transaction(school.id) as session:
            promise(session, "notifications.send", session.get_one(Notice, notice_id))
            assert engine.huey.pending_count() == 0
        assert engine.huey.pending_count() == 1
    finally:
        database.wake = before
    working(engine)
    wait_until(lambda: read(notice_id).state is NoticeState.SENT, seconds=20)


def test_a_promise_for_later_wakes_nobody_now(make_engine, database, school, notice):
    engine, notice_id = make_engine(), notice(due_at=None)
    before, database.wake = database.wake, engine.wake
    try:
        with database.transaction(school.id) as session:
            row = session.get_one(Notice, notice_id)
            promise(session, "notifications.send", row, at=clock.now() + timedelta(minutes=5))
    finally:
        database.wake = before
    assert engine.huey.pending_count() == 0


def test_a_job_that_breaks_leaves_its_row_owed(make_engine, notice, read, sender):
    engine, notice_id = make_engine(), notice()
    sender.fail_with = RuntimeError("Kim Example has no address")
    assert engine.run("notifications.send", str(notice_id)) is True
    row = read(notice_id)
    assert row.state is NoticeState.WAITING
    assert row.due_at > clock.now()
    assert row.claimed_until is None
    assert "tried again by itself" in row.last_error, "what went wrong may quote a person, so it is not kept"


def test_a_row_that_breaks_does_not_hold_up_the_others(make_engine, notice, sender, read):
    engine = make_engine()
    broken, sound = notice(due_at=clock.now() - timedelta(minutes=1)), notice()
    whole = sender.run

    def run(database, notice_id, school_id):
        if notice_id == broken:
            raise RuntimeError
        whole(database, notice_id, school_id)

    object.__setattr__(engine.jobs["notifications.send"], "run", run)
    assert engine.sweep() == 2
    assert read(sound).state is NoticeState.SENT
    assert read(broken).state is NoticeState.WAITING


def test_sweeping_ends_when_nothing_is_owed(make_engine, notice, sender):
    engine, ids = make_engine(), [notice() for _ in range(5)]
    engine.sweep_until_idle()
    assert sorted(sender.sent) == sorted(ids)
    assert engine.sweep() == 0


def test_a_queue_that_is_down_stops_nobody(make_engine, notice, read):
    """The decision is written, the wake-up is lost, and the sweep does the work."""
    engine, notice_id = make_engine(queue_url="redis://127.0.0.1:1/0"), notice()
    engine.wake("notifications.send", notice_id)
    assert not engine.queue_answers()
    assert engine.sweep() == 1
    assert read(notice_id).state is NoticeState.SENT


def test_a_stranger_cannot_put_work_into_the_queue(make_engine, notice, working, read, tmp_path):
    """Messages are signed: whoever can write to a shared Redis cannot run code here, nor stop the work."""
    ran = tmp_path / "ran"
    forged = b"cos\nsystem\n(S'touch " + bytes(ran) + b"'\ntR."
    engine, notice_id = make_engine(), notice()
    for message in (forged, forged + b":" + b"0" * 40, b"0" * 40 + b":" + forged, b""):
        engine.huey.storage.enqueue(message)
    engine.wake("notifications.send", notice_id)
    working(engine)
    wait_until(lambda: read(notice_id).state is NoticeState.SENT, seconds=20)
    assert not ran.exists()


def test_the_engine_leaves_the_processs_signals_alone(make_engine, working):
    """Otherwise Ctrl-C and `systemctl stop` would not stop a worker."""
    import signal

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    engine, stop = make_engine(), Event()
    stop.set()
    engine.work(threads=1, stop=stop)
    assert {number: signal.getsignal(number) for number in before} == before


def test_a_rhythm_that_breaks_goes_on(make_engine, working):
    beats = []

    def stumble(database) -> None:
        beats.append(database)
        raise RuntimeError

    engine = make_engine()
    engine.every("tests.stumble", 0.05, stumble)
    working(engine)
    wait_until(lambda: len(beats) > 2, seconds=10)


def test_the_embedded_queue_is_a_file_in_the_data_folder(make_engine, tmp_path):
    make_engine()
    assert Path(tmp_path / "queue.sqlite3").exists()
