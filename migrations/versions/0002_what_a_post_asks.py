"""What a post asks of its author: who was counted for what, and how recognisable anybody may be.

Confirmations from before count for nothing, because nobody counted: a post that waits asks its author once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STRICTNESS = sa.Enum("allowed", "warn", "hold", "block", name="strictness", native_enum=False, length=40)


def upgrade() -> None:
    op.add_column("revision", sa.Column("face_rule", STRICTNESS, nullable=True))
    op.add_column("post_photo", sa.Column("confirmed_for", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("post_photo", "confirmed_for")
    op.drop_column("revision", "face_rule")
