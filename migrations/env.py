"""Alembic's entry: migrate with the application's own engine."""

from alembic import context

from app.core.db import Base
from app.tables import metadata

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

__all__ = ["Base"]
