"""The migrations make the tables that the models describe, go down again, and guard the audit trail."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import create_app
from app.cli.database import alembic_config
from app.comments.evidence import WHILE_NEEDED
from app.comments.models import Evidence
from app.core import clock
from app.core.db import EVERY_SCHOOL
from app.core.settings import Settings
from app.incidents.models import Incident
from app.schools.services import create_school
from app.tables import metadata
from tests.support.services import new_database

OUR_OWN = {"alembic_version"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_installation(request, tmp_path_factory):
    """An installation on an empty database of its own, which these tests may turn inside out."""
    folder = tmp_path_factory.mktemp(f"migrating-{request.param}")
    url = new_database(request.getfixturevalue("postgres_port")) if request.param == "postgresql" else ""
    made = create_app(Settings(_env_file=None, data_folder=folder, database_url=url, log_format="text"))
    yield made
    made.extensions["schoolgate.database"].engine.dispose()


@pytest.fixture
def empty_app(own_installation):
    with own_installation.app_context():
        yield own_installation


@pytest.fixture
def engine(empty_app):
    return empty_app.extensions["schoolgate.database"].engine


@pytest.fixture
def migrated(empty_app, engine):
    command.upgrade(alembic_config(), "head")
    yield engine
    command.downgrade(alembic_config(), "base")


def tables(engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - OUR_OWN


def test_up_down_and_up_again(empty_app, engine):
    wanted = {table.name for table in metadata.sorted_tables}
    for _ in range(2):
        command.upgrade(alembic_config(), "head")
        assert tables(engine) == wanted
        command.downgrade(alembic_config(), "base")
        assert not tables(engine)


def test_nothing_is_left_after_going_down(empty_app, engine):
    command.upgrade(alembic_config(), "head")
    command.downgrade(alembic_config(), "base")
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            left = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")).all()
        else:
            left = connection.scalars(
                sa.text(
                    "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
                )
            ).all()
    assert not {name for name in left if "alembic" not in name}


def test_models_and_tables_agree(migrated):
    with migrated.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        )
        assert compare_metadata(context, metadata) == []


def test_every_column_allows_what_its_model_allows(migrated):
    """Autogenerate does not compare the checks and the foreign keys of every database as closely."""
    inspector = sa.inspect(migrated)
    for table in metadata.sorted_tables:
        found = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert found == {column.name: column.nullable for column in table.columns}, table.name
        keys = {
            tuple(key["constrained_columns"]): key["options"].get("ondelete")
            for key in inspector.get_foreign_keys(table.name)
        }
        wanted = {tuple(key.column_keys): key.ondelete for key in table.foreign_key_constraints}
        assert keys == wanted, table.name


def test_checks_are_there(migrated):
    inspector = sa.inspect(migrated)
    wanted = {
        str(check.name)
        for table in metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint)
    }
    found = {check["name"] for table in metadata.sorted_tables for check in inspector.get_check_constraints(table.name)}
    assert wanted
    assert wanted <= found


def test_there_is_one_line_of_migrations(empty_app):
    """Two heads would leave an upgrade to chance."""
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_incidents_from_before_hold_their_evidence_and_call_nobody_at_once(empty_app, engine):
    command.upgrade(alembic_config(), "0005")
    now, (note_of, quiet) = clock.now(), (uuid4(), uuid4())
    with empty_app.extensions["schoolgate.database"].transaction(EVERY_SCHOOL) as session:
        school_id = create_school(session, "Bramley Hill School").id
    with engine.begin() as connection:

        def add(table: str, **values):
            """Write one row with whatever else the table of that time wants."""
            found = sa.Table(table, sa.MetaData(), autoload_with=connection)
            made = {"id": uuid4(), "school_id": school_id, **values}
            given = {name: value.hex if isinstance(value, UUID) else value for name, value in made.items()}
            if engine.dialect.name != "sqlite":
                given = made
            fill = {
                column.name: False if isinstance(column.type, sa.Boolean) else _filled(column.type, now)
                for column in found.columns
                if not column.nullable and column.server_default is None and column.name not in given
            }
            connection.execute(sa.insert(found).values(fill | given))
            return made["id"]

        head = add("user_account")
        comment = add("comment", channel_id=add("channel"), categories=[])
        opened = {"state": "open", "kind": "other", "audience": "general", "opened_at": now - timedelta(days=9)}
        add("incident", **opened | {"id": note_of, "comment_id": comment})
        add("incident", **opened | {"id": quiet})
        add("incident_note", incident_id=note_of, written_by=head, at=now)
        add("evidence", comment_id=comment)
    command.upgrade(alembic_config(), "head")
    with empty_app.extensions["schoolgate.database"].reading(EVERY_SCHOOL) as session:
        found = {incident.id: incident for incident in session.scalars(sa.select(Incident))}
        [held] = session.scalars(sa.select(Evidence.held_until))
    command.downgrade(alembic_config(), "base")
    assert held == WHILE_NEEDED
    assert (found[note_of].taken_by, found[quiet].taken_by) == (head, None)
    assert found[note_of].taken_at == now
    assert found[quiet].reminded_at >= now


def _filled(kind: sa.types.TypeEngine[object], now: datetime) -> object:
    if isinstance(kind, sa.DateTime):
        return now
    if isinstance(kind, sa.JSON):
        return []
    return 0 if isinstance(kind, sa.Integer) else b"" if isinstance(kind, sa.LargeBinary) else ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET tag = 'nothing:happened'",
        "UPDATE audit_event SET details = '{}' WHERE 1 = 1",
        "DELETE FROM audit_event WHERE sequence = 1",
    ],
)
def test_audit_events_can_be_neither_changed_nor_removed(empty_app, migrated, statement):
    with empty_app.extensions["schoolgate.database"].transaction(EVERY_SCHOOL) as session:
        create_school(session, "Bramley Hill School")
    before = _audit_events(migrated)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), migrated.begin() as connection:
        connection.execute(sa.text(statement))
    assert _audit_events(migrated) == before
    assert before


def test_audit_events_cannot_be_emptied_at_a_stroke(empty_app, migrated):
    at_a_stroke = "TRUNCATE audit_event CASCADE" if migrated.dialect.name == "postgresql" else "DELETE FROM audit_event"
    with empty_app.extensions["schoolgate.database"].transaction(EVERY_SCHOOL) as session:
        create_school(session, "Bramley Hill School")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), migrated.begin() as connection:
        connection.execute(sa.text(at_a_stroke))


def _audit_events(engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text("SELECT id, tag, hash FROM audit_event"))]


def test_upgrading_again_changes_nothing(empty_app, migrated):
    before = tables(migrated)
    command.upgrade(alembic_config(), "head")
    assert tables(migrated) == before


def test_db_upgrade_makes_the_data_folder(tmp_path):
    folder = Path(tmp_path) / "not" / "there yet"
    made = create_app(Settings(_env_file=None, data_folder=folder, log_format="text"))
    with made.app_context():
        answer = made.test_cli_runner().invoke(args=["db", "upgrade"])
    assert answer.exit_code == 0, answer.output
    assert "up to date" in answer.output
    assert (folder / "schoolgate.sqlite3").exists()
    made.extensions["schoolgate.database"].engine.dispose()


def test_a_command_before_the_tables_says_what_to_do(tmp_path):
    made = create_app(Settings(_env_file=None, data_folder=tmp_path, log_format="text"))
    with made.app_context():
        answer = made.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert "flask --app wsgi db upgrade" in answer.output
    made.extensions["schoolgate.database"].engine.dispose()
