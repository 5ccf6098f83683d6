"""Hang every command group under `flask --app wsgi`."""

from flask import Flask

from app.cli import audit, database, people, worker


def register_commands(app: Flask) -> None:
    for command in (database.group, people.school, people.staff, audit.group, worker.worker):
        app.cli.add_command(command)
