"""A chain of events, and somebody with the keys to the database who would like to change it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.audit.services import ChainReport, record, verify
from app.core.permissions import Permission


@pytest.fixture
def write(database, school, actor_with) -> Callable[..., None]:
    """Write so many events of a school: `write(3)`; the school's own beginning is the first of the chain."""

    def some(count: int, **details: object) -> None:
        actor = actor_with(Permission.POST_DRAFT)
        for number in range(count):
            with database.transaction(school.id) as session:
                found: dict[str, object] = details or {"number": number}
                record(session, "test:happened", actor=actor, subject_type="test", subject_id=school.id, details=found)

    return some


@pytest.fixture
def report(database, school) -> Callable[[], ChainReport]:
    def look() -> ChainReport:
        with database.reading(school.id) as session:
            return verify(session, school.id)

    return look


@pytest.fixture
def tamper(database) -> Callable[..., None]:
    """Run a statement as somebody who can switch the database's own guard off."""

    def run(statement: str, **values: object) -> None:
        with guard_lowered(database.engine) as connection:
            assert connection.execute(sa.text(statement), values).rowcount, "nothing was tampered with"

    return run


@contextmanager
def guard_lowered(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            yield connection
            return
        guards = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in guards:
            connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        yield connection
        for _, sql in guards:
            connection.exec_driver_sql(sql)
