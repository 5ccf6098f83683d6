"""Work for later is a row: how a due row is claimed, released and found again.

A table of promises mixes in `Due`. A worker claims a row by one conditional UPDATE, so a second worker, a doubled
wake-up or a sweep at the same moment changes nothing; a claim that its worker did not live to finish runs out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.db import EVERY_SCHOOL, Database, after_commit

LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)


class Due:
    """Columns of a promise. `due_at` is None when nothing is owed."""

    due_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of promise: its rows, the states in which they are owed, and what keeps the promise.

    `run(database, row_id, school_id)` is called with the row claimed and no transaction open. It must leave the row
    in a state that is not owed, or call `retry_later`.
    """

    name: str
    model: type[Any]  # a mapped class with Due, Identified and SchoolScoped; SQLAlchemy has no type for that
    states: frozenset[StrEnum]
    run: Callable[[Database, UUID, UUID], None]
    lease: timedelta = field(default=LEASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker holds, and until when."""

    row_id: UUID
    school_id: UUID
    until: datetime


def claim(database: Database, job: Job, row_id: UUID) -> Claim | None:
    """Take the row for this worker if it is due and free."""
    now = clock.now()
    until = now + job.lease
    model = job.model
    with database.transaction(EVERY_SCHOOL) as session:
        taken = session.execute(
            sa.update(model)
            .where(model.id == row_id, *_owed(job, now))
            .values(claimed_until=until, attempts=model.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has a row count
            return None
        school_id = session.scalars(sa.select(model.school_id).where(model.id == row_id)).one()
        return Claim(row_id, school_id, until)


def give_back(database: Database, job: Job, held: Claim, error: str) -> None:
    """Release a claim that failed in an unforeseen way, to be tried again after a wait.

    A claim that ran out meanwhile is left alone: another worker may hold the row.
    """
    with database.transaction(EVERY_SCHOOL) as session:
        row = session.get(job.model, held.row_id, with_for_update=True)
        if row is not None and row.due_at is not None and row.claimed_until == held.until:
            retry_later(row, error)


def owed_ids(database: Database, job: Job, *, limit: int = 200) -> list[UUID]:
    """Return the rows that are due and free, the longest waiting first."""
    model = job.model
    with database.reading(EVERY_SCHOOL) as session:
        query = sa.select(model.id).where(*_owed(job, clock.now())).order_by(model.due_at).limit(limit)
        return list(session.scalars(query))


def count_late(database: Database, job: Job, *, by: timedelta) -> int:
    """Count rows that should have been taken care of long ago: the watchdog's figure."""
    model = job.model
    late = clock.now() - by
    with database.reading(EVERY_SCHOOL) as session:
        query = sa.select(sa.func.count()).select_from(model)
        return session.scalar(query.where(model.state.in_(job.states), model.due_at < late)) or 0


def _owed(job: Job, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    model = job.model
    return (
        model.state.in_(job.states),
        model.due_at <= now,
        sa.or_(model.claimed_until.is_(None), model.claimed_until < now),
    )


def promise(session: Session, job_name: str, row: Any, *, at: datetime | None = None) -> None:  # row: Due + Identified
    """Make the row due (now, unless `at` says when) and wake a worker once the transaction is written."""
    moment = at or clock.now()
    row.due_at = moment
    row.claimed_until = None
    row.attempts = 0
    wake = session.info.get("wake")
    if wake is not None and moment <= clock.now():
        session.flush()
        row_id = row.id
        after_commit(session, lambda: wake(job_name, row_id))


def keep(row: Any) -> None:  # row: any mapped class with Due
    """Note that the promise is kept: nothing is owed any more."""
    row.due_at = None
    row.claimed_until = None
    row.last_error = None


def retry_later(row: Any, error: str, *, at: datetime | None = None) -> None:  # row: any mapped class with Due
    """Give the row back, due again after a wait that doubles, or when the network said."""
    wait = min(timedelta(seconds=5) * 2 ** min(row.attempts, 12), LONGEST_WAIT)
    row.due_at = max(at, clock.now()) if at else clock.now() + wait
    row.claimed_until = None
    row.last_error = error[:500]
