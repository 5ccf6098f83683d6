"""`flask --app wsgi demo …`: the made-up school of rehearsals."""

import json

import click
from flask import current_app

from app.cli.context import said_plainly
from app.demo.people import demo_people
from app.demo.seed import seed_demo


@click.group("demo")
def group() -> None:
    """A made-up school to rehearse with.

    Example: flask --app wsgi demo seed
    """


@group.command()
@said_plainly
def seed() -> None:
    """Bring the made-up school in, once; running it again changes nothing. Needs the rehearsal networks running.

    Example: flask --app wsgi demo seed
    """
    click.echo(seed_demo(current_app._get_current_object()))  # type: ignore[attr-defined]  # noqa: SLF001  the app behind the proxy


@group.command()
@click.option("--json", "as_json", is_flag=True)
@said_plainly
def people(as_json: bool) -> None:
    """List who can sign in to the made-up school.

    Example: flask --app wsgi demo people
    """
    rows = demo_people()
    click.echo(json.dumps(rows) if as_json else "\n".join(f"{row['role']}: {row['email']}" for row in rows))
