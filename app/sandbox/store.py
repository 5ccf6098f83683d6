"""One SQLite file that keeps the rehearsal: transactions, and the types of its columns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept as microseconds so that it sorts as a number."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {  # SQLAlchemy's own type for this attribute
        datetime: Moment(),
        list[str]: sa.JSON(),
        dict[str, object]: sa.JSON(),
    }


class Store:
    def __init__(self, folder: Path) -> None:
        self.pictures = folder / "pictures"
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.after_write: Callable[[], object] = lambda: None
        self._engine = sa.create_engine(
            f"sqlite:///{(folder / 'sandbox.sqlite3').absolute()}",
            connect_args={"timeout": 30, "check_same_thread": False},
            pool_size=20,
            max_overflow=80,
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._reading = sessionmaker(self._engine, expire_on_commit=False, autoflush=False)
        self._writing = sessionmaker(self._engine.execution_options(writing=True), expire_on_commit=False)

    def create_tables(self) -> None:
        with self._engine.execution_options(writing=True).begin() as connection:
            Base.metadata.create_all(connection)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._writing() as session, session.begin():
            yield session
        self.after_write()

    def close(self) -> None:
        self._engine.dispose()


def store() -> Store:
    """Return the store of the running sandbox."""
    found: Store = current_app.extensions["sandbox.store"]
    return found


def _prepare(connection: Any, record: object) -> None:  # a raw driver connection has no common type
    connection.isolation_level = None  # we say BEGIN ourselves: a SQLite reader cannot turn into a writer
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
