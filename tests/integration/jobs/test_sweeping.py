"""Each kind of work is swept beside the others: what does not get on holds up nothing else."""

from threading import Event, Thread

import pytest

from app.core.settings import Settings
from app.jobs.due import Job
from app.jobs.engine import Engine
from app.notifications.models import Notice, NoticeState
from tests.support.services import wait_until


class Stuck:
    """Does not get on with some rows until the test is over."""

    def __init__(self, sender) -> None:
        self.over, self._sender = Event(), sender
        self.rows = set()

    def run(self, database, row_id, school_id) -> None:
        if row_id in self.rows:
            self.over.wait(30)
        else:
            self._sender.run(database, row_id, school_id)


@pytest.fixture
def stuck(sender):
    stuck = Stuck(sender)
    yield stuck
    stuck.over.set()


@pytest.fixture
def engine(database, tmp_path, stuck):
    settings = Settings(_env_file=None, data_folder=tmp_path, sweep_seconds=0.1)
    engine = Engine(settings, database)
    engine.add(Job("tests.stuck", Notice, frozenset({NoticeState.WAITING}), stuck.run))
    yield engine
    engine.huey.storage.close()


@pytest.fixture
def working(engine, stuck):
    stop = Event()
    thread = Thread(target=engine.work, kwargs={"threads": 1, "stop": stop}, daemon=True)
    yield thread.start
    stuck.over.set()
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_row_that_does_not_get_on_holds_up_no_other_of_its_kind(engine, working, stuck, notice, read):
    stuck.rows = {notice()}
    sound = [notice() for _ in range(10)]
    working()
    wait_until(lambda: all(read(each).state is NoticeState.SENT for each in sound), seconds=20)
    late = notice()
    wait_until(lambda: read(late).state is NoticeState.SENT, seconds=20)


def test_kind_that_does_not_get_on_holds_up_no_other(engine, working, stuck, job, notice, read):
    """Not even where nobody is woken, because all that could be is at work with the same."""
    stuck.rows = {notice() for _ in range(12)}
    engine.jobs["tests.other"] = Job("tests.other", Notice, frozenset({NoticeState.SENT}), settle)
    for row_id in stuck.rows:
        engine.wake("tests.stuck", row_id)
    working()
    other = notice(state=NoticeState.SENT)
    wait_until(lambda: read(other).due_at is None, seconds=20)


def settle(database, row_id, school_id) -> None:
    with database.transaction(school_id) as session:
        row = session.get_one(Notice, row_id)
        row.due_at = row.claimed_until = None
