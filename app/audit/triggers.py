"""The database itself refuses to change or remove an audit event."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_SQLITE = {
    verb: f"""CREATE TRIGGER audit_event_refuses_{verb.lower()} BEFORE {verb} ON audit_event
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
}

_POSTGRESQL = (
    """CREATE FUNCTION audit_event_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    """CREATE TRIGGER audit_event_refuses_change BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_refuses()""",
    """CREATE TRIGGER audit_event_refuses_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuses()""",
)


def make_triggers(connection: Connection) -> None:
    statements = _SQLITE.values() if connection.dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        connection.execute(sa.text(statement))


def drop_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for verb in _SQLITE:
            connection.execute(sa.text(f"DROP TRIGGER IF EXISTS audit_event_refuses_{verb.lower()}"))
        return
    connection.execute(sa.text("DROP FUNCTION IF EXISTS audit_event_refuses() CASCADE"))
