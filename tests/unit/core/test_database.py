"""One use case, one transaction: written together or not at all, and nobody in each other's way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError

from app.accounts.models import RoleHeld
from app.accounts.roles import Role
from app.core import clock
from app.core.db import EVERY_SCHOOL, after_commit
from app.jobs.models import Heartbeat
from app.schools.models import School

WRITERS, TIMES = 6, 8


class ChangedMindError(Exception):
    pass


def beat_of(database, worker: str) -> Heartbeat | None:
    with database.reading(EVERY_SCHOOL) as session:
        return session.get(Heartbeat, worker)


def heartbeat(worker: str, moment: datetime | None = None) -> Heartbeat:
    return Heartbeat(worker=worker, beat_at=moment or clock.now(), started_at=clock.now())


def test_what_is_done_in_a_transaction_is_written_at_its_end(database):
    with database.transaction(EVERY_SCHOOL) as session:
        session.add(heartbeat("a"))
    assert beat_of(database, "a")


def test_an_error_undoes_everything(database):
    with pytest.raises(ChangedMindError), database.transaction(EVERY_SCHOOL) as session:
        _write_and_fail(session)
    assert beat_of(database, "a") is None


def _write_and_fail(session, wake=lambda: None) -> None:
    session.add(heartbeat("a"))
    after_commit(session, wake)
    session.flush()
    raise ChangedMindError


def test_reading_never_writes(database):
    with database.reading(EVERY_SCHOOL) as session:
        session.add(heartbeat("a"))
        session.flush()
    assert beat_of(database, "a") is None


def test_what_was_read_stays_readable_afterwards(database, school):
    with database.reading(school.id) as session:
        read = session.get_one(School, school.id)
    assert read.name == "Bramley Hill School"


def test_a_wake_up_comes_after_the_commit(database):
    """A worker that is woken before would find nothing."""
    found = []
    with database.transaction(EVERY_SCHOOL) as session:
        session.add(heartbeat("a"))
        after_commit(session, lambda: found.append(beat_of(database, "a")))
        assert not found
    assert found[0].worker == "a"


def test_no_wake_up_comes_of_what_was_undone(database):
    called = []
    with pytest.raises(ChangedMindError), database.transaction(EVERY_SCHOOL) as session:
        _write_and_fail(session, lambda: called.append(True))
    assert not called


def test_writers_at_once_lose_nothing(database, school):
    """Each reads, thinks and writes; nobody is told that the database is locked."""
    together = Barrier(WRITERS)

    def count_up(_: int) -> None:
        together.wait()
        for _ in range(TIMES):
            with database.transaction(school.id) as session:
                row = session.get_one(School, school.id, with_for_update=True)
                row.settings_json = {"count": row.settings_json.get("count", 0) + 1}

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(count_up, range(WRITERS)))
    with database.reading(school.id) as session:
        assert session.get_one(School, school.id).settings_json["count"] == WRITERS * TIMES


def test_a_reader_neither_waits_for_a_writer_nor_holds_one_up(database):
    with database.reading(EVERY_SCHOOL) as reader:
        assert _count(reader) == 0
        with database.transaction(EVERY_SCHOOL) as writer:
            writer.add(heartbeat("a"))
            writer.flush()
            assert _count(reader) == 0
        assert beat_of(database, "a")


def test_a_reader_sees_one_moment_from_first_to_last(database):
    """Otherwise a check of the audit chain could read its end before its head, and cry wolf."""
    with database.reading(EVERY_SCHOOL) as reader:
        before = _count(reader)
        with database.transaction(EVERY_SCHOOL) as writer:
            writer.add(heartbeat("a"))
        assert _count(reader) == before
    with database.reading(EVERY_SCHOOL) as reader:
        assert _count(reader) == before + 1


def _count(session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Heartbeat))


def test_a_time_without_a_zone_is_refused(database):
    naive = clock.now().replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a time zone"), database.transaction(EVERY_SCHOOL) as session:
        session.add(heartbeat("a", naive))


@pytest.mark.parametrize("day", [(2026, 1, 15), (2026, 7, 15), (2026, 10, 25)])
def test_a_time_comes_back_as_the_same_moment(database, day):
    moment = datetime(*day, 12, 30, 15, 123456, tzinfo=clock.LONDON)
    with database.transaction(EVERY_SCHOOL) as session:
        session.add(heartbeat("a", moment))
    read = beat_of(database, "a").beat_at
    assert read == moment
    assert read.utcoffset() == timedelta(0)


def test_a_row_cannot_point_at_nothing(database, school):
    with pytest.raises(IntegrityError), database.transaction(school.id) as session:
        session.add(RoleHeld(user_id=uuid4(), role=Role.STAFF, starts_on=clock.today()))


def test_a_row_without_a_school_is_refused(database):
    with pytest.raises(IntegrityError), database.transaction(EVERY_SCHOOL) as session:
        session.add(RoleHeld(user_id=uuid4(), role=Role.STAFF, starts_on=clock.today()))


def test_sqlite_survives_a_power_cut_and_keeps_its_promises(database):
    if database.engine.dialect.name != "sqlite":
        return  # PostgreSQL does so by itself
    with database.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


def test_sqlite_writers_ask_for_the_lock_at_once(database):
    """A reader that becomes a writer would fail when somebody else wrote in between."""
    begun = []
    listen = lambda connection, cursor, statement, *_: begun.append(statement)  # noqa: E731
    sa.event.listen(database.engine, "before_cursor_execute", listen)
    try:
        with database.transaction(EVERY_SCHOOL) as session:
            _count(session)
        with database.reading(EVERY_SCHOOL) as session:
            _count(session)
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", listen)
    wanted = ["BEGIN IMMEDIATE", "BEGIN"] if database.engine.dialect.name == "sqlite" else []
    assert [statement for statement in begun if statement.startswith("BEGIN")] == wanted
