"""Is a worker alive? It says so in the database every few seconds."""

import os
import socket
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.jobs.models import Heartbeat

BEAT_SECONDS = 5.0
SILENCE = timedelta(seconds=30)


def beat(database: Database, started_at: datetime) -> None:
    """Note that this worker process is alive; forget workers that have been silent for a day."""
    name = f"{socket.gethostname()}:{os.getpid()}"[:80]
    now = clock.now()
    with database.transaction(EVERY_SCHOOL) as session:
        session.merge(Heartbeat(worker=name, beat_at=now, started_at=started_at))
        session.execute(sa.delete(Heartbeat).where(Heartbeat.beat_at < now - timedelta(days=1)))


def worker_is_alive(database: Database) -> bool:
    with database.reading(EVERY_SCHOOL) as session:
        latest = session.scalar(sa.select(sa.func.max(Heartbeat.beat_at)))
    return latest is not None and latest > clock.now() - SILENCE


def database_answers(database: Database) -> bool:
    try:
        with database.reading(EVERY_SCHOOL) as session:
            session.execute(sa.select(1))
    except sa.exc.SQLAlchemyError:
        return False
    return True
