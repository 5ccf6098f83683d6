"""What was coming down when the promise was introduced is promised to be gone as well."""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory


def test_posts_that_come_down_at_the_upgrade_get_a_clock():
    migration = ScriptDirectory("migrations").get_revision("0004").module
    columns = (sa.Column("state", sa.String), sa.Column("retract_wanted", sa.Boolean))
    delivery = sa.Table("delivery", sa.MetaData(), *columns, sa.Column("retract_asked_at", sa.DateTime))
    with sa.create_engine("sqlite://").begin() as connection:
        delivery.create(connection)
        rows = [("sent", False), ("retracting", False), ("unknown", True)]
        names = ("state", "retract_wanted")
        connection.execute(delivery.insert(), [dict(zip(names, row, strict=True)) for row in rows])
        with Operations.context(MigrationContext.configure(connection)):
            migration._begin_the_promise()
        query = sa.select(delivery.c.state).where(delivery.c.retract_asked_at.is_not(None))
        assert set(connection.scalars(query)) == {"retracting", "unknown"}
