"""`flask --app wsgi sandbox`."""

import click
from werkzeug.serving import make_server

from app.cli.context import said_plainly
from app.sandbox import SandboxSettings, create_sandbox


@click.command()
@said_plainly
def sandbox() -> None:
    """Run the rehearsal networks: stand-ins for Facebook and X, with public walls.

    Example: flask --app wsgi sandbox
    """
    settings = SandboxSettings()
    try:
        server = make_server(settings.host, settings.port, create_sandbox(settings), threaded=True)
    except OSError as error:
        raise click.ClickException(f"Port {settings.port} cannot be used: {error.strerror}.") from error
    click.echo(f"The rehearsal networks answer at {settings.public_url}")
    server.serve_forever()
