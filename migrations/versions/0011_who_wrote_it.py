"""When the network was asked who wrote a comment."""

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment") as table:
        table.add_column(sa.Column("author_asks", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("author_asked_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("comment") as table:
        table.drop_column("author_asked_at")
        table.drop_column("author_asks")
