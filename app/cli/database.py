"""`flask --app wsgi db …`: bring the tables up to date."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from flask import current_app

from app.cli.context import said_plainly
from app.core.db import database
from app.core.settings import Settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database().engine
    return config


@click.group("db")
def group() -> None:
    """Bring the database's tables up to date.

    Example: flask --app wsgi db upgrade
    """


@group.command()
@click.argument("revision", default="head")
@said_plainly
def upgrade(revision: str) -> None:
    """Make or update the tables. Safe to run again.

    Example: flask --app wsgi db upgrade
    """
    settings: Settings = current_app.extensions["schoolgate.settings"]
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(alembic_config(), revision)
    click.echo("The database is up to date.")


@group.command()
@click.argument("revision")
@said_plainly
def downgrade(revision: str) -> None:
    """Go back to an earlier shape of the tables (data of newer columns is lost).

    Example: flask --app wsgi db downgrade -- -1
    """
    command.downgrade(alembic_config(), revision)


@group.command()
@said_plainly
def current() -> None:
    """Show which migration the database has.

    Example: flask --app wsgi db current
    """
    command.current(alembic_config(), verbose=True)


@group.command()
@click.argument("message")
@said_plainly
def revision(message: str) -> None:
    """Draft a migration from the difference between models and tables (for developers; read it by hand).

    Example: flask --app wsgi db revision "add the calendar"
    """
    command.revision(alembic_config(), message, autogenerate=True)
