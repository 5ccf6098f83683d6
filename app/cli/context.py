"""What every command needs: the school it acts on, the actor, and clear sentences instead of tracebacks."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

import click
import sqlalchemy as sa

from app.core.actors import Actor, system_actor
from app.core.db import EVERY_SCHOOL, database
from app.core.errors import AppError
from app.core.permissions import Permission
from app.schools.services import find_school

P = ParamSpec("P")
R = TypeVar("R")

school_option = click.option("--school", "school_name", help="Which school, if this installation holds several.")


def said_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn an error that a person can mend into its sentence and exit status 1."""

    @wraps(command)
    def plain(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except AppError as error:
            raise click.ClickException(error.sentence) from error
        except sa.exc.OperationalError as error:
            raise click.ClickException(_database_sentence(error)) from error
        except sa.exc.ProgrammingError as error:
            raise click.ClickException(_database_sentence(error)) from error

    return plain


def _database_sentence(error: sa.exc.DBAPIError) -> str:
    text = str(error.orig)
    if "no such table" in text or "does not exist" in text:
        return "The database has no tables yet. Make them with: flask --app wsgi db upgrade"
    return f"The database could not be used: {text.splitlines()[0] if text else type(error).__name__}"


def command_line_actor(school_name: str | None, *permissions: Permission) -> Actor:
    """Act for the only school, or for the named one, with just these permissions."""
    with database().reading(EVERY_SCHOOL) as session:
        return system_actor(find_school(session, school_name).id, "command line", *permissions)


def school_called(school_name: str | None) -> UUID:
    with database().reading(EVERY_SCHOOL) as session:
        return find_school(session, school_name).id


def fail_at_end(failed: bool) -> None:
    """End with status 1 when something went wrong on the way, after everything else was done."""
    if failed:
        sys.exit(1)
