"""`flask --app wsgi school …` and `staff …`."""

import secrets
import sys

import click

from app.accounts.roles import SYNONYMS, Role, role_called
from app.accounts.services import create_user
from app.cli.context import command_line_actor, said_plainly, school_option
from app.core.db import EVERY_SCHOOL, database
from app.core.permissions import Permission
from app.schools.services import create_school


@click.group()
def school() -> None:
    """Add schools to this installation.

    Example: flask --app wsgi school create "Bramley Hill School"
    """


@school.command("create")
@click.argument("name")
@said_plainly
def create(name: str) -> None:
    """Add a school.

    Example: flask --app wsgi school create "Bramley Hill School"
    """
    with database().transaction(EVERY_SCHOOL) as session:
        made = create_school(session, name)
    click.echo(f"Created {made.name}.")


@click.group()
def staff() -> None:
    """Add the people who use Schoolgate.

    Example: flask --app wsgi staff create a.okafor@school.example --role smt
    """


class RoleName(click.ParamType[Role]):
    name = "role"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Role:
        if isinstance(value, Role):
            return value
        role = role_called(str(value))
        if role is None:
            known = ", ".join([*Role, *SYNONYMS])
            self.fail(f"“{value}” is not a role. Choose one of: {known}.", param, ctx)
        return role


@staff.command("create")
@click.argument("email")
@click.option("--role", "roles", type=RoleName(), multiple=True, required=True, help="May be given several times.")
@click.option("--name", default="", help="As colleagues see it; made from the e-mail address when left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
@school_option
@said_plainly
def create_staff(email: str, roles: tuple[Role, ...], name: str, password_stdin: bool, school_name: str | None) -> None:
    """Add somebody and print a password that was made for them.

    Example: flask --app wsgi staff create a.okafor@school.example --role smt
    """
    made = "" if password_stdin else secrets.token_urlsafe(12)
    password = made or sys.stdin.readline().rstrip("\n")
    actor = command_line_actor(school_name, Permission.USER_MANAGE)
    with database().transaction(actor.school_id) as session:
        user = create_user(session, email=email, name=name, roles=roles, password=password, actor=actor)
    click.echo(f"Created {user.email} ({', '.join(role.label for role in user.roles_today)}).")
    if made:
        click.echo(f"Password: {made}")
