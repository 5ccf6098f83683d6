"""`flask --app wsgi sandbox`."""

import click

from app.cli.context import said_plainly
from app.sandbox import PortTakenError, SandboxSettings, serve


@click.command()
@said_plainly
def sandbox() -> None:
    """Run the rehearsal networks: stand-ins for Facebook and X, with public walls. Ctrl-C stops them.

    Example: flask --app wsgi sandbox
    """
    settings = SandboxSettings()
    click.echo(f"The rehearsal networks answer at {settings.address}")
    try:
        serve(settings)
    except PortTakenError as error:
        raise click.ClickException(str(error)) from error
