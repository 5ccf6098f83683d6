"""Whether the machinery is well, each part with a sentence that says what to do."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.core.settings import Settings
from app.jobs.due import Job
from app.jobs.engine import Engine
from app.jobs.health import SILENCE
from app.jobs.models import Heartbeat
from app.web.front_end import ago, plural
from consent.faces.isolated import IsolatedEngine

LATE = timedelta(minutes=5)
STALE_BACKUP = timedelta(hours=26)
"""A nightly backup, and two hours for a slow night."""
GIGABYTE = 1024**3
LEAST_ROOM = 2 * GIGABYTE
SERVER = "Ask whoever looks after the server"


@dataclass(frozen=True, slots=True)
class Sign:
    """One part of the machinery. `is_well` is None when nobody can tell."""

    part: str
    is_well: bool | None
    sentence: str
    step: str = ""
    """What to do; empty while all is well."""


def signs(database: Database, engine: Engine, eyes: IsolatedEngine, settings: Settings) -> Sequence[Sign]:
    return (
        _worker(database),
        _work(database, engine.jobs.values()),
        _queue(engine),
        _faces(eyes),
        _room(settings),
        _backup(settings.backup_folder),
        _mail(settings),
    )


def _worker(database: Database) -> Sign:
    with database.reading(EVERY_SCHOOL) as session:
        beats = session.scalars(sa.select(Heartbeat.beat_at).order_by(Heartbeat.beat_at.desc())).all()
    alive = [beat for beat in beats if beat > clock.now() - SILENCE]
    if alive:
        return Sign("Worker", True, f"{plural(len(alive), 'worker')} at work; last sign of life {ago(alive[0])}.")
    last = f"silent since {ago(beats[0])}" if beats else "never started"
    step = f"{SERVER} to start it. Until then nothing is checked, sent, hidden or taken down."
    return Sign("Worker", False, f"No worker is alive: {last}.", step)


def _work(database: Database, jobs: Iterable[Job]) -> Sign:
    now = clock.now()
    waiting, oldest = 0, now
    with database.reading(EVERY_SCHOOL) as session:
        for job in jobs:
            owed = (job.model.state.in_(job.states), job.model.due_at <= now)
            count, first = session.execute(
                sa.select(sa.func.count(), sa.func.min(job.model.due_at)).select_from(job.model).where(*owed)
            ).one()
            waiting, oldest = waiting + count, min(oldest, first or now)
    if not waiting:
        return Sign("Work that waits", True, "Nothing is due.")
    sentence = f"{plural(waiting, 'task')} due, the oldest since {ago(oldest)}."
    if oldest > now - LATE:
        return Sign("Work that waits", True, sentence)
    step = "If it does not shrink within some minutes, the worker is stuck or has too much to do. " + SERVER + "."
    return Sign("Work that waits", False, sentence, step)


def _queue(engine: Engine) -> Sign:
    if engine.queue_answers():
        return Sign("Wake-ups", True, "The queue answers.")
    step = f"No work is lost, everything takes some seconds longer. {SERVER}: “the queue is broken” in the runbook."
    return Sign("Wake-ups", False, "The queue does not answer.", step)


def _faces(eyes: IsolatedEngine) -> Sign:
    notice = eyes.notice()
    if notice is None:
        return Sign("Face engine", True, "The converted networks are in use, or are made with the first photo.")
    step = f"Photos are checked all the same, more slowly, and small faces are missed more often. {SERVER}: “the face "
    return Sign("Face engine", False, notice, step + "networks are missing or damaged” in the runbook.")


def _room(settings: Settings) -> Sign:
    folders = {folder for folder in (settings.data_folder, settings.resolved_media_folder) if folder.exists()}
    if not folders:
        return Sign("Disk", None, "The data folder is not there yet.")
    usage = min((shutil.disk_usage(folder) for folder in folders), key=lambda usage: usage.free)
    sentence = f"{usage.free / GIGABYTE:.1f} GB of {usage.total / GIGABYTE:.0f} GB are free."
    if usage.free >= LEAST_ROOM:
        return Sign("Disk", True, sentence)
    return Sign("Disk", False, sentence, f"{SERVER} to make room: when it is full, nothing can be saved any more.")


def _backup(folder: Path | None) -> Sign:
    if folder is None:
        step = f"{SERVER} to say where backups lie (SCHOOLGATE_BACKUP_FOLDER), or look yourself whether one was made."
        return Sign("Backup", None, "Schoolgate does not know of any backup.", step)
    newest = _newest_file(folder)
    if newest is None:
        return Sign("Backup", False, "The backup folder is empty or cannot be read.", f"{SERVER} today.")
    sentence = f"The newest file in the backup folder was written {ago(newest)}."
    is_fresh = newest > clock.now() - STALE_BACKUP
    return Sign("Backup", is_fresh, sentence, "" if is_fresh else f"{SERVER} why last night’s backup is missing.")


def _newest_file(folder: Path) -> datetime | None:
    try:
        times = [path.stat().st_mtime for path in folder.iterdir() if path.is_file()]
    except OSError:
        return None
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _mail(settings: Settings) -> Sign:
    if settings.smtp_url.get_secret_value():
        return Sign("E-mail", True, "A mail server is set up.")
    step = f"Urgent notices reach only those who look. {SERVER} to set SCHOOLGATE_SMTP_URL."
    return Sign("E-mail", None, "No mail server is set up: notices show in the app only.", step)
