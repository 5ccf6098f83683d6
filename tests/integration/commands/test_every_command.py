"""What all commands have in common: help with an example, sentences instead of tracebacks; the audit's own command."""

import click
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.db import EVERY_SCHOOL

OWN = {"school", "staff", "register", "consent", "moderation", "audit", "db", "demo", "worker", "sandbox"}


def every_command(group: click.Group, *path: str):
    for name, command in group.commands.items():
        if path or name in OWN:
            yield (*path, name)
            if isinstance(command, click.Group):
                yield from every_command(command, *path, name)


def test_each_has_help_with_an_example(app, run):
    paths = list(every_command(app.cli))
    assert len(paths) > 20
    for path in paths:
        ended = run(*path, "--help")
        assert (ended.status, "flask --app wsgi" in ended.out) == (0, True), path


@pytest.mark.parametrize(
    "words", [("register", "nonsense"), ("consent", "scan", "--nonsense"), ("audit", "verify", "extra")]
)
def test_words_that_no_command_knows(run, school, words):
    ended = run(*words)
    assert (ended.status, ended.out, "Error" in ended.err) == (2, "", True)


def test_audit_of_every_school(run, app, school, second_school):
    ended = run("audit", "verify")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [f"{school.name}: 1 events, whole.", f"{second_school.name}: 1 events, whole."]


def test_audit_of_one_school(run, school, second_school):
    assert run("audit", "verify", "--school", second_school.slug).out == f"{second_school.name}: 1 events, whole.\n"
    ended = run("audit", "verify", "--school", "Nowhere")
    assert (ended.status, "no school called Nowhere" in ended.err) == (1, True)


def test_audit_of_nothing(run, app):
    ended = run("audit", "verify")
    assert (ended.status, "no school yet" in ended.out) == (0, True)


@pytest.mark.parametrize("change", ["UPDATE audit_event SET actor_name = 'somebody'", "DELETE FROM audit_event"])
def test_audit_that_was_changed_is_found_out(run, app, database, school, change):
    engine = database.engine
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in triggers:
                connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.execute(sa.text(change))
        if engine.dialect.name == "sqlite":
            for _, sql in triggers:
                connection.execute(sa.text(sql))
    ended = run("audit", "verify")
    assert (ended.status, "whole" in ended.out) == (1, False)


def test_every_change_of_the_register_is_in_the_audit(run, school, export, database):
    path = export("1,Ann,Lee,,Yes,Yes,Granted")
    run("register", "import", path)
    run("register", "import", path, "--apply")
    run("register", "matching", "off")
    with database.reading(EVERY_SCHOOL) as session:
        tags = list(session.scalars(sa.select(AuditEvent.tag).order_by(AuditEvent.sequence)))
    assert tags == [
        "school:created",
        "register:imported",
        "school:settings-changed",
        "matching-decision:take-effect",
    ]
    assert run("audit", "verify").status == 0
