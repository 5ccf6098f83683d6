"""The task engine only carries wake-ups: `(job, row id)`. A lost or doubled one does no harm."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from uuid import UUID

import structlog
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from app.core.db import Database
from app.core.settings import Settings
from app.jobs.due import Job, claim, give_back, owed_ids

log = structlog.get_logger()
MOST_TIME_TO_END = 10.0
LANES = 4
"""So many rows of one kind are swept beside each other."""
UNFORESEEN = "Something went wrong here that we had not foreseen. It was noted, and is tried again by itself."


def open_queue(settings: Settings) -> Huey:
    """Open the queue that the settings name: a SQLite file, Redis or PostgreSQL."""
    options = {
        "results": False,
        "serializer": SignedSerializer(secret=settings.keys()["secret"].decode(), salt="schoolgate.queue"),
    }
    url = settings.queue_url
    if url.startswith(("redis://", "rediss://")):
        return RedisHuey("schoolgate", url=url, **options)
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresHuey("schoolgate", dsn=url, **options)
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteHuey("schoolgate", filename=str(settings.data_folder / "queue.sqlite3"), timeout=15, **options)


class QuietConsumer(Consumer):  # type: ignore[misc]  # huey ships no types
    """Leaves the process's signals alone: whoever calls `Engine.work` says when to stop, and is heard."""

    def _set_signal_handlers(self) -> None:
        """Huey's own would replace the command's, and then nothing would set `stop`."""


@dataclass(frozen=True)
class Rhythm:
    """Something that is done every so often by each worker, such as reading comments."""

    name: str
    seconds: float
    run: Callable[[Database], object]


class Engine:
    """Knows every job, wakes workers for due rows, and runs them in the worker process."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.huey = open_queue(settings)
        self.jobs: dict[str, Job] = {}
        self.rhythms: list[Rhythm] = []
        self._database = database
        self._settings = settings
        self._task = self.huey.task(name="schoolgate.wake")(self.run)

    def add(self, job: Job) -> None:
        self.jobs[job.name] = job

    def every(self, name: str, seconds: float, run: Callable[[Database], object]) -> None:
        self.rhythms.append(Rhythm(name, seconds, run))

    def wake(self, job_name: str, row_id: UUID) -> None:
        """Tell a worker that the row is due. When the queue is down, the sweep finds the row all the same."""
        try:
            self._task(job_name, str(row_id))
        except Exception as error:
            log.warning("queue.wake-up-lost", job=job_name, row_id=str(row_id), error=type(error).__name__)

    def run(self, job_name: str, row_id: str) -> bool:
        """Claim the row and keep its promise; tell whether there was anything to do."""
        job = self.jobs[job_name]
        held = claim(self._database, job, UUID(row_id))
        if held is None:
            return False
        started = time.perf_counter()
        try:
            job.run(self._database, held.row_id, held.school_id)
        except Exception as error:  # the worker's loop: whatever went wrong, the row stays owed
            log.exception("job.failed", job=job_name, row_id=row_id, error=type(error).__name__)
            give_back(self._database, job, held, UNFORESEEN)
        else:
            log.info("job.done", job=job_name, row_id=row_id, seconds=round(time.perf_counter() - started, 3))
        return True

    def sweep(self) -> int:
        """Run every row that is due, whether or not somebody was woken for it; return how many were run."""
        owed = [(job.name, row_id) for job in self.jobs.values() for row_id in owed_ids(self._database, job)]
        return sum(self.run(name, str(row_id)) for name, row_id in owed)

    def sweep_until_idle(self, *, rounds: int = 50) -> None:
        """Run what is due until nothing is left: for tests and for seeding."""
        for _ in range(rounds):
            if not self.sweep():
                return

    def queue_answers(self) -> bool:
        try:
            self.huey.pending_count()
        except Exception:
            return False
        return True

    def work(self, *, threads: int, stop: Event) -> None:
        """Run the consumer and the rhythms until `stop` is set, then finish what is in hand."""
        consumer = QuietConsumer(
            self.huey, workers=threads, periodic=False, initial_delay=0.05, max_delay=0.5, backoff=1.3
        )
        consumer.start()
        lanes = Lanes(self, self._database, stop)
        sweep = Rhythm("sweep", self._settings.sweep_seconds, lambda _: lanes.sweep())
        beats = [Thread(target=self._beat, args=(rhythm, stop), daemon=True) for rhythm in (sweep, *self.rhythms)]
        for beat in beats:
            beat.start()
        stop.wait()
        consumer.stop(graceful=True)
        until = time.monotonic() + MOST_TIME_TO_END
        for thread in (*beats, *lanes.running()):
            thread.join(timeout=max(0.0, until - time.monotonic()))

    def _beat(self, rhythm: Rhythm, stop: Event) -> None:
        while not stop.is_set():
            try:
                rhythm.run(self._database)
            except Exception as error:  # the worker's loop: the next beat tries again
                log.exception("rhythm.failed", rhythm=rhythm.name, error=type(error).__name__)
            stop.wait(rhythm.seconds)


class Lanes:
    """Sweeps each kind of work beside the others, and a few rows of a kind beside each other.

    In one queue, a network that does not answer would hold up the other, and reading and judging with it.
    """

    def __init__(self, engine: Engine, database: Database, stop: Event) -> None:
        self._engine, self._database, self._stop = engine, database, stop
        self._threads: dict[str, list[Thread]] = {}

    def sweep(self) -> None:
        """Have every row that is due run, where a lane of its kind is free; wait for none of them."""
        for job in self._engine.jobs.values():
            self._threads[job.name] = [thread for thread in self._threads.get(job.name, ()) if thread.is_alive()]
            free = LANES - len(self._threads[job.name])
            if free:
                self._open(job, free)

    def running(self) -> list[Thread]:
        return [thread for threads in self._threads.values() for thread in threads]

    def _open(self, job: Job, free: int) -> None:
        owed = deque(owed_ids(self._database, job))
        for _ in range(min(free, len(owed))):
            thread = Thread(target=self._work_off, args=(job.name, owed), daemon=True)
            self._threads[job.name].append(thread)
            thread.start()

    def _work_off(self, job_name: str, owed: deque[UUID]) -> None:
        while not self._stop.is_set():
            try:
                row_id = owed.popleft()
            except IndexError:
                return  # the lanes take from the same rows, and none are left
            try:
                self._engine.run(job_name, str(row_id))
            except Exception as error:  # the worker's loop: the next sweep tries again
                log.exception("sweep.failed", job=job_name, error=type(error).__name__)
