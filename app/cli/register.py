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
    pupil_commands,
    sandbox,
    worker,
)

COMMANDS = (
    database.group,
    people.school,
    people.staff,
    pupil_commands.group,
    consent_commands.group,
    moderation_commands.group,
    audit.group,
    demo.group,
    publishing_commands.group,
    worker.worker,
    sandbox.sandbox,
)


def add_commands(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
