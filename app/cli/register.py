"""Hang every command group under `flask --app wsgi`."""

from flask import Flask

from app.cli import (
    audit,
    consent_commands,
    database,
    demo,
    moderation_commands,
    people,
    publishing_commands,
    sandbox,
    worker,
)
from app.cli import (
    register_commands as pupils,
)

COMMANDS = (
    database.group,
    people.school,
    people.staff,
    pupils.group,
    consent_commands.group,
    moderation_commands.group,
    audit.group,
    demo.group,
    publishing_commands.group,
    worker.worker,
    sandbox.sandbox,
)


def register_commands(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
