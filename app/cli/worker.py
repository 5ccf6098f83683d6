"""`flask --app wsgi worker`."""

import signal
from threading import Event

import click
from flask import current_app

from app.cli.context import said_plainly
from app.core import clock
from app.core.db import database
from app.core.settings import Settings
from app.jobs import health
from app.jobs.engine import Engine


@click.command()
@click.option("--threads", type=click.IntRange(1, 64), help="How many things are done at once.")
@said_plainly
def worker(threads: int | None) -> None:
    """Do the work that waits: checks, publishing, comments. Ctrl-C finishes what is in hand and stops.

    Example: flask --app wsgi worker
    """
    settings: Settings = current_app.extensions["schoolgate.settings"]
    engine: Engine = current_app.extensions["schoolgate.engine"]
    stop, started = Event(), clock.now()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    health.beat(database(), started)
    engine.every("heartbeat", health.BEAT_SECONDS, lambda opened: health.beat(opened, started))
    engine.work(threads=threads or settings.worker_threads, stop=stop)
