"""A due row is claimed by one worker at a time, found again when nobody was woken, and waited for when it fails."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.jobs.due import LEASE, LONGEST_WAIT, Job, claim, count_late, give_back, keep, owed_ids, promise, retry_later
from app.notifications.models import Notice, NoticeState

THREADS, PROCESSES = 8, 4


def test_many_threads_claim_a_row_once(database, job, notice):
    notice_id, together = notice(), Barrier(THREADS)

    def race(_: int):
        together.wait()
        return claim(database, job, notice_id)

    with ThreadPoolExecutor(THREADS) as pool:
        claims = list(pool.map(race, range(THREADS)))
    assert len([held for held in claims if held is not None]) == 1


def test_many_processes_claim_each_row_once(database, job, notice):
    ids = [notice() for _ in range(12)]
    spawning = multiprocessing.get_context("spawn")
    url = database.url.render_as_string(hide_password=False)
    with spawning.Pool(PROCESSES) as pool:
        claimed = pool.starmap(claim_all, [(url, ids)] * PROCESSES)
    taken = [notice_id for by_one in claimed for notice_id in by_one]
    assert sorted(taken) == sorted(ids)


def claim_all(url: str, ids: list[UUID]) -> list[UUID]:
    """What each of the processes does."""
    import app.tables  # noqa: F401  so that every foreign key finds its table

    database = Database(url, recorder=lambda *_, **__: None)
    job = Job("notifications.send", Notice, frozenset({NoticeState.WAITING}), lambda *_: None)
    return [notice_id for notice_id in ids if claim(database, job, notice_id) is not None]


def test_a_claim_is_for_the_lease(database, job, notice, read, school):
    before = clock.now()
    notice_id = notice()
    held = claim(database, job, notice_id)
    assert (held.row_id, held.school_id) == (notice_id, school.id)
    row = read(notice_id)
    assert before + LEASE <= row.claimed_until <= clock.now() + LEASE
    assert row.attempts == 1


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ({}, True),
        ({"claimed_until": timedelta(minutes=1)}, False),
        ({"claimed_until": timedelta(seconds=-1)}, True),
        ({"due_at": timedelta(minutes=1)}, False),
        ({"due_at": timedelta(days=-30)}, True),
        ({"due_at": None}, False),
        ({"state": NoticeState.SENT}, False),
    ],
)
def test_only_what_is_due_and_free_is_claimed(database, job, notice, given, is_taken):
    moments = {key: clock.now() + value if isinstance(value, timedelta) else value for key, value in given.items()}
    notice_id = notice(**moments)
    assert (owed_ids(database, job) == [notice_id]) is is_taken
    assert (claim(database, job, notice_id) is not None) is is_taken


def test_a_row_that_is_gone_is_nobodys(database, job):
    assert claim(database, job, uuid4()) is None


def test_the_longest_waiting_comes_first(database, job, notice):
    late, later, latest = (notice(due_at=clock.now() - timedelta(minutes=age)) for age in (1, 3, 2))
    assert owed_ids(database, job) == [later, latest, late]
    assert owed_ids(database, job, limit=1) == [later]


def test_a_failed_row_waits_longer_each_time(database, job, notice, read, school):
    notice_id = notice()
    waits = []
    for _ in range(14):
        _make_due(database, school, notice_id)
        held = claim(database, job, notice_id)
        now = clock.now()
        give_back(database, job, held, "SomeError")
        waits.append((read(notice_id).due_at - now).total_seconds())
    assert waits[:4] == pytest.approx([10, 20, 40, 80], abs=2)
    assert all(earlier <= later + 2 for earlier, later in pairwise(waits))
    assert waits[-1] == pytest.approx(LONGEST_WAIT.total_seconds(), abs=2)
    row = read(notice_id)
    assert (row.last_error, row.claimed_until, row.attempts) == ("SomeError", None, 14)


def _make_due(database, school, notice_id) -> None:
    with database.transaction(school.id) as session:
        session.get_one(Notice, notice_id).due_at = clock.now()


def test_a_network_may_say_when(database, notice, school, read):
    notice_id, wanted = notice(), clock.now() + timedelta(hours=5)
    with database.transaction(school.id) as session:
        retry_later(session.get_one(Notice, notice_id), "rate limited", at=wanted)
    assert read(notice_id).due_at == wanted


def test_a_network_that_says_in_the_past_is_asked_now(database, notice, school, read):
    notice_id, before = notice(), clock.now()
    with database.transaction(school.id) as session:
        retry_later(session.get_one(Notice, notice_id), "rate limited", at=before - timedelta(hours=1))
    assert read(notice_id).due_at >= before


def test_a_claim_that_ran_out_does_not_take_the_next_one_away(database, notice, sender, read):
    """The first worker was too slow; by the time it fails, a second one holds the row."""
    brief = Job("notifications.send", Notice, frozenset({NoticeState.WAITING}), sender.run, timedelta(0))
    lasting = Job("notifications.send", Notice, frozenset({NoticeState.WAITING}), sender.run)
    notice_id = notice()
    first = claim(database, brief, notice_id)
    second = claim(database, lasting, notice_id)
    give_back(database, brief, first, "TooSlowError")
    row = read(notice_id)
    assert row.claimed_until == second.until
    assert row.last_error is None


def test_a_kept_promise_is_not_owed(database, job, notice, school):
    notice_id = notice()
    with database.transaction(school.id) as session:
        keep(session.get_one(Notice, notice_id))
    assert owed_ids(database, job) == []


def test_a_promise_begins_anew(database, notice, school, read):
    """A row that had used up its patience starts with a short wait when it is promised again."""
    notice_id = notice(attempts=9, claimed_until=clock.now() + timedelta(minutes=5))
    with database.transaction(school.id) as session:
        promise(session, "notifications.send", session.get_one(Notice, notice_id))
    row = read(notice_id)
    assert (row.attempts, row.claimed_until) == (0, None)


def test_what_should_have_happened_long_ago_is_counted(database, job, notice):
    notice(due_at=clock.now() - timedelta(minutes=20))
    notice(due_at=clock.now() - timedelta(minutes=5))
    notice(due_at=clock.now() - timedelta(minutes=20), state=NoticeState.SENT)
    assert count_late(database, job, by=timedelta(minutes=10)) == 1


def test_rows_of_every_school_are_swept(database, job, notice):
    notice_id = notice()
    with database.reading(EVERY_SCHOOL) as session:
        assert session.get(Notice, notice_id)
    assert owed_ids(database, job) == [notice_id]
