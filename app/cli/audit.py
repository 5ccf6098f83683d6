"""`flask --app wsgi audit …`."""

import click
import sqlalchemy as sa

from app.audit.services import verify
from app.cli.context import fail_at_end, said_plainly, school_option
from app.core.db import EVERY_SCHOOL, database
from app.schools.models import School
from app.schools.services import find_school


@click.group("audit")
def group() -> None:
    """Prove that the audit trail is whole.

    Example: flask --app wsgi audit verify
    """


@group.command("verify")
@school_option
@said_plainly
def verify_command(school_name: str | None) -> None:
    """Walk the audit chain of each school, or of one; exit status 1 if anything was changed or removed.

    Example: flask --app wsgi audit verify
    """
    broken = False
    with database().reading(EVERY_SCHOOL) as session:
        everyone = session.scalars(sa.select(School).order_by(School.name)).all()
        schools = [find_school(session, school_name)] if school_name else everyone
        for school in schools:
            report = verify(session, school.id)
            broken = broken or report.problem is not None
            click.echo(f"{school.name}: {report.events} events, {report.problem or 'whole'}.")
    if not schools:
        click.echo("There is no school yet, so there is nothing to verify.")
    fail_at_end(broken)
