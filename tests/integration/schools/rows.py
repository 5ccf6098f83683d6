"""One row in every table of a school, made from the models alone: a new table is covered on the day it is added."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session

from app.core import clock
from app.core.db import Base, Database, SchoolScoped, UtcDateTime
from app.register.models import ConsentStatement

ONE_PERSON_ONLY = {ConsentStatement: {"adult_id": None}}
"""What a table's own rule wants, and a column alone does not tell."""

Rows = dict[type[Any], Any]


def scoped_models() -> list[type[Any]]:
    """Tables of a school, those first that others point at."""
    models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    return [models[table] for table in Base.metadata.sorted_tables if issubclass(models[table], SchoolScoped)]


def furnish(database: Database, school_id: UUID) -> Rows:
    """Put a row into every table of the school and return them by model."""
    rows: Rows = {}
    with database.transaction(school_id) as session:
        for model in scoped_models():
            rows[model] = _existing(session, model) or _made(session, model, rows)
    return rows


def _existing(session: Session, model: type[Any]) -> Any:
    return session.scalar(sa.select(model).limit(1))  # the audit trail begins with the school


def _made(session: Session, model: type[Any], rows: Rows) -> Any:
    mapper: Mapper[Any] = sa.inspect(model)
    values = {mapper.get_property_by_column(column).key: _value(column, rows) for column in mapper.columns}
    values.pop("school_id")  # the session fills it in
    row = model(**(values | ONE_PERSON_ONLY.get(model, {})))
    session.add(row)
    session.flush()
    return row


def _value(column: sa.Column[Any], rows: Rows) -> Any:
    pointed_at = next(iter(column.foreign_keys), None)
    if pointed_at is not None:
        owners = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
        row = rows.get(owners[pointed_at.column.table])
        return getattr(row, pointed_at.column.name) if row is not None else None
    if isinstance(column.type, sa.Enum):
        return next(iter(column.type.enum_class or ()))
    if isinstance(column.type, UtcDateTime):
        return clock.now()
    if isinstance(column.type, sa.JSON):
        return []
    return _plain(column)


def _plain(column: sa.Column[Any]) -> Any:
    kind = column.type.python_type
    if kind is str:
        return uuid4().hex[: getattr(column.type, "length", None) or 32]
    ready = {UUID: uuid4(), int: 1, float: 0.5, bool: True, bytes: b"x", date: clock.today(), datetime: clock.now()}
    return ready[kind]
