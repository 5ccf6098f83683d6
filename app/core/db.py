"""The database: types, school scope, and the only place that commits.

Every session is bound to one school (or, in a sweep, expressly to all): queries for rows that belong to a school are
narrowed here, centrally, and a query without a scope is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar, Final, Protocol
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    sessionmaker,
    with_loader_criteria,
)

from app.core.actors import Actor
from app.core.errors import UnscopedQueryError


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware datetimes only; SQLite keeps them as naive UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EveryScope(Enum):
    EVERY_SCHOOL = "every school"


EVERY_SCHOOL: Final = EveryScope.EVERY_SCHOOL
Scope = UUID | EveryScope


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
        StrEnum: sa.Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda enum: [member.value for member in enum],
        ),
    }


class Identified:
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


class SchoolScoped:
    """A row that belongs to one school. The school is filled in from the session when it is left out."""

    @declared_attr
    def school_id(cls) -> Mapped[UUID]:  # noqa: N805  SQLAlchemy calls it on the class
        return mapped_column(sa.ForeignKey("school.id"), index=True)


class SchoolItself(Identified):
    """The row of a school: a session that is bound to one school sees that one alone."""


class Recorder(Protocol):
    """Writes an audit event in the caller's transaction; the audit feature supplies it."""

    def __call__(
        self,
        session: Session,
        tag: str,
        *,
        actor: Actor,
        subject_type: str,
        subject_id: UUID | None,
        details: dict[str, object] | None = None,
    ) -> object: ...


def recorder_of(session: Session) -> Recorder:
    recorder: Recorder = session.info["recorder"]
    return recorder


def school_of(session: Session) -> UUID:
    scope = session.info.get("scope")
    if not isinstance(scope, UUID):
        raise UnscopedQueryError("this needs a session that is bound to one school")
    return scope


def after_commit(session: Session, callback: Callable[[], object]) -> None:
    """Call back once the transaction is safely written; never when it is rolled back."""
    session.info["after_commit"].append(callback)


class Database:
    def __init__(self, url: str, recorder: Recorder) -> None:
        self.url = sa.make_url(url)
        self.engine = _engine(self.url)
        self.wake: Callable[[str, UUID], object] | None = None
        """Tells a worker of a due row; set once the task engine is open."""
        self._recorder = recorder
        self._writing = sessionmaker(self.engine.execution_options(writing=True), expire_on_commit=False)
        self._reading = sessionmaker(_steady(self.engine), expire_on_commit=False, autoflush=False)

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[Session]:
        """One use case, one transaction: commit at the end, roll back on any error, then run the wake-ups."""
        with self._writing(info=self._info(scope)) as session:
            with session.begin():
                yield session
            callbacks = session.info["after_commit"]
        for callback in callbacks:
            callback()

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Session]:
        """Look without changing: nothing that is done in this session is ever written."""
        with self._reading(info=self._info(scope)) as session:
            yield session
            session.expunge_all()  # what was read stays readable: rolling back would empty it

    def _info(self, scope: Scope) -> dict[str, Any]:
        return {"scope": scope, "recorder": self._recorder, "wake": self.wake, "after_commit": []}


def database() -> Database:
    """Return the database of the running application; for views, tasks and commands only."""
    found: Database = current_app.extensions["schoolgate.database"]
    return found


def _engine(url: sa.URL) -> sa.Engine:
    # Parameters stay out of errors, which are logged: they are names, addresses and hashes.
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
    connect = {"timeout": 15, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=connect, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _steady(engine: sa.Engine) -> sa.Engine:
    """Let a reader see one moment from first to last, as SQLite does by itself."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def _prepare_sqlite(connection: Any, record: object) -> None:  # a raw driver connection has no common type
    connection.isolation_level = None  # we say BEGIN ourselves: see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # SQLite cannot turn a reading transaction into a writing one, so a writer asks for the lock at once.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@event.listens_for(Session, "do_orm_execute")
def _narrow_to_school(state: ORMExecuteState) -> None:
    if state.is_column_load or "scope" not in state.session.info:
        return
    if not (state.is_select or state.is_update or state.is_delete):
        return
    scope = state.session.info["scope"]
    if scope is EVERY_SCHOOL:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            SchoolScoped,
            lambda cls: cls.school_id == scope,
            include_aliases=True,
            propagate_to_loaders=True,
        ),
        with_loader_criteria(SchoolItself, lambda cls: cls.id == scope, include_aliases=True),
    )


@event.listens_for(Session, "before_flush")
def _keep_rows_in_their_school(session: Session, context: object, instances: object) -> None:
    scope = session.info.get("scope")
    if not isinstance(scope, UUID):
        return
    for row in session.new | session.dirty:
        if isinstance(row, SchoolScoped):
            row.school_id = row.school_id or scope  # type: ignore[truthy-bool]  # None until it is first written
            if row.school_id != scope:
                raise UnscopedQueryError(f"a {type(row).__name__} of another school cannot be written here")


__all__ = [
    "EVERY_SCHOOL",
    "Base",
    "Database",
    "Identified",
    "SchoolItself",
    "SchoolScoped",
    "Scope",
    "after_commit",
    "database",
    "recorder_of",
    "school_of",
]
