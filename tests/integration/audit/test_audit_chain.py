"""The audit trail is whole, or it says where it is not."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEvent, AuditHead
from app.audit.services import record, verify
from app.core.db import EVERY_SCHOOL
from app.core.errors import UnscopedQueryError
from app.core.permissions import Permission
from app.schools.services import create_school

WRITERS, TIMES = 6, 8


def test_a_chain_is_whole(write, report):
    write(5)
    assert (report().events, report().problem) == (6, None)


def test_each_event_carries_the_hash_of_the_one_before(database, school, write):
    write(3)
    with database.reading(school.id) as session:
        events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.sequence)).all()
        head = session.get_one(AuditHead, school.id)
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert [event.previous_hash for event in events] == ["0" * 64, *(event.hash for event in events[:-1])]
    assert (head.sequence, head.hash) == (4, events[-1].hash)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("tag", "test:never-happened"),
        ("actor_name", "Somebody Else"),
        ("actor_id", "00000000000000000000000000000001"),
        ("subject_type", "post"),
        ("subject_id", "00000000000000000000000000000001"),
        ("details", json.dumps({"number": 99})),
        ("at", "2020-01-01 00:00:00.000000"),
        ("hash", "0" * 64),
        ("previous_hash", "f" * 64),
    ],
)
def test_a_changed_event_is_found(write, report, tamper, column, value):
    write(5)
    tamper(f"UPDATE audit_event SET {column} = :value WHERE sequence = 3", value=value)  # noqa: S608  a name of the table above
    assert report().problem == "event 3 was changed"


def test_a_change_that_is_covered_up_is_found_at_the_next_event(write, report, tamper):
    """Whoever also writes a new hash beside what they changed breaks the link to the event after it."""
    write(5)
    tamper("UPDATE audit_event SET tag = 'test:other', hash = :hash WHERE sequence = 3", hash="a" * 64)
    assert report().problem == "event 3 was changed"


@pytest.mark.parametrize(("removed", "problem"), [(1, "event 1 is missing"), (3, "event 3 is missing")])
def test_a_removed_event_is_found(write, report, tamper, removed, problem):
    write(5)
    tamper("DELETE FROM audit_event WHERE sequence = :removed", removed=removed)
    assert report().problem == problem


def test_a_removed_event_whose_gap_was_closed_is_found(write, report, tamper):
    write(5)
    tamper("DELETE FROM audit_event WHERE sequence = 3")
    for number in (4, 5, 6):
        tamper("UPDATE audit_event SET sequence = sequence - 1 WHERE sequence = :number", number=number)
    assert report().problem == "event 3 was changed"


def test_a_cut_tail_is_found(write, report, tamper):
    write(5)
    tamper("DELETE FROM audit_event WHERE sequence > 4")
    assert report().problem == "events after 4 are missing"


def test_an_emptied_trail_is_found(write, report, tamper):
    write(5)
    tamper("DELETE FROM audit_event")
    assert report().problem == "events after 0 are missing"


def test_a_trail_that_was_emptied_with_its_head_is_found(write, report, tamper):
    """A school begins with an event, so that a school without events is not a new one."""
    write(5)
    tamper("DELETE FROM audit_event")
    tamper("DELETE FROM audit_head")
    assert report().problem is not None


def test_swapped_events_are_found(write, report, tamper):
    write(5)
    for old, new in ((3, 99), (4, 3), (99, 4)):
        tamper("UPDATE audit_event SET sequence = :new WHERE sequence = :old", old=old, new=new)
    assert report().problem == "event 3 was changed"


def test_swapped_contents_are_found(database, write, report, tamper, school):
    write(5)
    with database.reading(school.id) as session:
        three, four = (
            event.details for event in session.scalars(sa.select(AuditEvent).where(AuditEvent.sequence.in_([3, 4])))
        )
    tamper("UPDATE audit_event SET details = :details WHERE sequence = 3", details=json.dumps(four))
    tamper("UPDATE audit_event SET details = :details WHERE sequence = 4", details=json.dumps(three))
    assert report().problem == "event 3 was changed"


def test_an_event_that_was_put_in_is_found(database, school, write, report, tamper):
    write(5)
    with database.reading(school.id) as session:
        last = session.scalars(sa.select(AuditEvent).where(AuditEvent.sequence == 6)).one()
    with database.transaction(school.id) as session:
        values = {column.key: getattr(last, column.key) for column in sa.inspect(AuditEvent).columns}
        values |= {"id": uuid4(), "sequence": 7, "previous_hash": last.hash}
        session.add(AuditEvent(**values))
    assert report().problem is not None


def test_an_event_that_was_moved_to_another_school_is_found(database, write, report, tamper):
    write(2)
    with database.transaction(EVERY_SCHOOL) as session:
        other = create_school(session, "Other School")
    tamper("UPDATE audit_event SET school_id = :other WHERE sequence = 3", other=_bound(database, other.id))
    assert report().problem == "events after 2 are missing"


def _bound(database, value):
    return value.hex if database.engine.dialect.name == "sqlite" else value


def test_the_trail_of_one_school_says_nothing_of_another(database, write, report, tamper):
    write(3)
    with database.transaction(EVERY_SCHOOL) as session:
        other = create_school(session, "Other School")
    tamper("DELETE FROM audit_event WHERE school_id = :other", other=_bound(database, other.id))
    assert report().problem is None
    with database.reading(EVERY_SCHOOL) as session:
        assert verify(session, other.id).problem is not None


def test_writers_at_once_do_not_fork_the_chain(database, school, actor_with, report):
    together, actor = Barrier(WRITERS), actor_with(Permission.POST_DRAFT)

    def tell(writer: int) -> None:
        together.wait()
        for number in range(TIMES):
            with database.transaction(school.id) as session:
                details: dict[str, object] = {"writer": writer, "number": number}
                record(session, "test:happened", actor=actor, subject_type="test", subject_id=None, details=details)
                record(session, "test:went-on", actor=actor, subject_type="test", subject_id=None, details=details)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(tell, range(WRITERS)))
    assert (report().events, report().problem) == (1 + 2 * WRITERS * TIMES, None)


def test_verifying_while_others_write_does_not_cry_wolf(database, school, actor_with, report):
    stop, actor, problems = Event(), actor_with(Permission.POST_DRAFT), []

    def keep_looking() -> None:
        while not stop.is_set():
            problems.append(report().problem)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(keep_looking)
        for _ in range(60):
            with database.transaction(school.id) as session:
                record(session, "test:happened", actor=actor, subject_type="test", subject_id=None)
        stop.set()
        looking.result()
    assert problems
    assert set(problems) == {None}


def test_what_was_undone_leaves_no_gap(database, school, write, report, actor_with):
    write(1)
    with pytest.raises(ZeroDivisionError), database.transaction(school.id) as session:
        _record_and_fail(session, actor_with(Permission.POST_DRAFT))
    write(1)
    assert (report().events, report().problem) == (3, None)


def _record_and_fail(session, actor) -> None:
    record(session, "test:happened", actor=actor, subject_type="test", subject_id=None)
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"words": 'Zoë · 李 · 🙂 · \u202e · \\u0000 · "quoted"', "empty": ""},
        {"number": 10**15, "ratio": 0.1 + 0.2, "none": None, "yes": True},
        {"nested": {"b": [1, {"z": 1, "a": [[]]}], "a": "x"}, "many": list(range(50))},
        {"id": uuid4(), "at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC)},
        {"line\nbreak": "tab\there", "lone": "\ud800"},
    ],
    ids=["none", "words", "numbers", "nested", "values", "odd"],
)
def test_details_of_every_kind_are_read_back_as_they_were_hashed(write, report, details):
    write(1, **details)
    assert report().problem is None


def test_an_event_of_another_school_is_refused(database, school, actor_with):
    with database.transaction(EVERY_SCHOOL) as session:
        other = create_school(session, "Other School")
    actor = actor_with(Permission.POST_DRAFT)
    with pytest.raises(UnscopedQueryError), database.transaction(other.id) as session:
        record(session, "test:happened", actor=actor, subject_type="test", subject_id=None)


def test_the_command_says_that_all_is_whole(app, school, write):
    write(4)
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0
    assert answer.output == f"{school.name}: 5 events, whole.\n"


def test_the_command_fails_when_something_was_changed(app, database, school, write, tamper):
    write(4)
    with database.transaction(EVERY_SCHOOL) as session:
        create_school(session, "Zebra School")
    tamper("UPDATE audit_event SET tag = 'x' WHERE sequence = 2")
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        f"{school.name}: 2 events, event 2 was changed.",
        "Zebra School: 1 events, whole.",
    ]


def test_the_command_can_be_asked_about_one_school(app, database, school, write, tamper):
    write(4)
    with database.transaction(EVERY_SCHOOL) as session:
        create_school(session, "Zebra School")
    tamper("UPDATE audit_event SET tag = 'x' WHERE sequence = 2")
    answer = app.test_cli_runner().invoke(args=["audit", "verify", "--school", "Zebra School"])
    assert answer.exit_code == 0
    assert school.name not in answer.output


def test_the_data_protection_officer_can_have_it_checked(write, tamper, sign_in):
    browser = sign_in(Role.DPO)
    assert "event 2 was changed" not in browser.post("/record/verify", follow_redirects=True).text
    tamper("UPDATE audit_event SET tag = 'x' WHERE sequence = 2")
    assert "event 2 was changed" in browser.post("/record/verify", follow_redirects=True).text
