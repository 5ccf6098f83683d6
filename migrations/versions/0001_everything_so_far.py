"""Everything so far. Until the first release the tables are made from the models."""

from alembic import op

from app.audit.triggers import drop_triggers, make_triggers
from app.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    make_triggers(op.get_bind())


def downgrade() -> None:
    drop_triggers(op.get_bind())
    metadata.drop_all(op.get_bind())
