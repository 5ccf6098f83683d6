"""Alembic's entry: migrate with the application's own engine."""

from alembic import context

from app.core.db import Base
from app.tables import metadata

engine = context.config.attributes["engine"]


def set_foreign_keys(*, on: bool) -> None:
    """Changing a table in SQLite means making it anew; dropping the old one must not take along what points at it."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


with engine.connect() as connection:
    set_foreign_keys(on=False)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    set_foreign_keys(on=True)

__all__ = ["Base"]
