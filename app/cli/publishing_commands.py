"""`flask --app wsgi publishing …`: prove that publishing neither loses nor doubles, also after a restored backup."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from app.cli.context import fail_at_end, said_plainly, school_called, school_option
from app.core import clock
from app.core.actors import system_actor
from app.core.db import database
from app.core.permissions import Permission
from app.publishing.restoring import look_before_sending
from app.torture.campaign import run_campaign


@click.group("publishing")
def group() -> None:
    """Prove what publishing promises, and keep it after a backup was brought back.

    Example: flask --app wsgi publishing torture --posts 100
    """


@group.command()
@click.option("--posts", type=click.IntRange(1, 5000), default=100, show_default=True, help="How many posts.")
@click.option("--seed", type=int, default=1, show_default=True, help="Makes the same campaign again.")
@click.option("--workers", type=click.IntRange(1, 16), default=2, show_default=True, help="How many workers at once.")
@click.option("--database-url", default="", help="An empty PostgreSQL database; SQLite when left out.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Keep what the campaign leaves here.")
@said_plainly
def torture(posts: int, seed: int, workers: int, database_url: str, folder: Path | None) -> None:
    """Publish while the networks fail in every known way and workers are killed, then count what is on the walls.

    Clocks jump, disks fill, and the emergency stop is pressed as well. Each approved post must be on each wall exactly
    once or wait for a person; exit status 1 if a promise was broken.
    It runs in a folder and on rehearsal networks of its own, and touches nothing of this installation.

    Example: flask --app wsgi publishing torture --posts 200 --seed 7
    """
    with TemporaryDirectory(prefix="schoolgate-torture-") as temporary:
        place = folder or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        figures = run_campaign(place, posts=posts, seed=seed, workers=workers, database_url=database_url)
    for line in figures.lines():
        click.echo(line)
    fail_at_end(not figures.verdict.holds)


@group.command()
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    required=True,
    help="When the backup was made, in London time.",
)
@school_option
@said_plainly
def restored(since: datetime, school_name: str | None) -> None:
    """Say that an older backup was brought back: each account is searched for a post before it is sent again.

    Run it before the worker is started. Posts that went out after the backup are found on the account and adopted.

    Example: flask --app wsgi publishing restored --since "2026-11-20 02:00"
    """
    school_id = school_called(school_name)
    actor = system_actor(school_id, "command line", Permission.PUBLISHING_STOP)
    with database().transaction(school_id) as session:
        count = look_before_sending(session, clock.from_london(since), actor=actor)
    accounts = "1 account" if count == 1 else f"{count} accounts"
    click.echo(f"For 30 days, {accounts} will be searched before anything is sent. Start the worker now.")
