"""Pile-ons under posts that were not made here."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pile_on") as table:
        table.alter_column("post_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("channel_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("post_remote_id", sa.String(length=100), nullable=True))
        table.create_foreign_key(op.f("fk_pile_on_channel_id_channel"), "channel", ["channel_id"], ["id"])
        table.create_index("ix_pile_on_post_remote_id", ["post_remote_id"], unique=False)


def downgrade() -> None:
    op.execute(
        "UPDATE comment SET pile_on_id = NULL WHERE pile_on_id IN (SELECT id FROM pile_on WHERE post_id IS NULL)"
    )
    op.execute("DELETE FROM pile_on WHERE post_id IS NULL")
    with op.batch_alter_table("pile_on") as table:
        table.drop_index("ix_pile_on_post_remote_id")
        table.drop_constraint(op.f("fk_pile_on_channel_id_channel"), type_="foreignkey")
        table.drop_column("post_remote_id")
        table.drop_column("channel_id")
        table.alter_column("post_id", existing_type=sa.Uuid(), nullable=False)
