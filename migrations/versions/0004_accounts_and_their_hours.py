"""Accounts, quiet times and costs."""

import sqlalchemy as sa
from alembic import op

from app.core import clock
from app.core.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("retract_asked_at", UtcDateTime(), nullable=True))
        delivery.add_column(sa.Column("gone_proof", sa.JSON(), nullable=True))
        delivery.add_column(sa.Column("quiet_override", sa.Text(), nullable=True))
    _begin_the_promise()
    with op.batch_alter_table("revision") as table:
        table.add_column(sa.Column("away_from_school", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("away_until", UtcDateTime(), nullable=True))
    with op.batch_alter_table("channel") as channel:
        channel.add_column(sa.Column("look_since", UtcDateTime(), nullable=True))
    _make_sign_in_attempt()
    _make_network_charge()
    _make_data_breach()


def _begin_the_promise() -> None:
    """What comes down already must be gone a day from now: nobody wrote down when it was asked for."""
    delivery = sa.table(
        "delivery", sa.column("state"), sa.column("retract_wanted", sa.Boolean()), sa.column("retract_asked_at")
    )
    comes_down = sa.or_(sa.cast(delivery.c.state, sa.String()) == "retracting", delivery.c.retract_wanted)
    asked_at = sa.bindparam("asked_at", clock.now(), type_=UtcDateTime())
    op.execute(sa.update(delivery).where(comes_down).values(retract_asked_at=asked_at))


def _make_sign_in_attempt() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_sign_in_attempt_channel_id_channel")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_sign_in_attempt_school_id_school")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_attempt_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_sign_in_attempt_key_digest")),
    )
    op.create_index("ix_sign_in_attempt_school_id", "sign_in_attempt", ["school_id"], unique=False)


def _make_network_charge() -> None:
    op.create_table(
        "network_charge",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("thousandths", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_network_charge_channel_id_channel")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_network_charge_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_charge")),
    )
    op.create_index("ix_network_charge_at", "network_charge", ["at"], unique=False)
    op.create_index("ix_network_charge_school_id", "network_charge", ["school_id"], unique=False)


def _make_data_breach() -> None:
    op.create_table(
        "data_breach",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("discovered_at", UtcDateTime(), nullable=False),
        sa.Column("discovered_by", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("is_reportable", sa.Boolean(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("people_told", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_data_breach_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["discovered_by"], ["user_account.id"], name=op.f("fk_data_breach_discovered_by_user_account")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_data_breach_post_id_post")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_data_breach_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_breach")),
    )
    op.create_index("ix_data_breach_discovered_at", "data_breach", ["discovered_at"], unique=False)
    op.create_index("ix_data_breach_post_id", "data_breach", ["post_id"], unique=False)
    op.create_index("ix_data_breach_school_id", "data_breach", ["school_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_data_breach_school_id", table_name="data_breach")
    op.drop_index("ix_data_breach_post_id", table_name="data_breach")
    op.drop_index("ix_data_breach_discovered_at", table_name="data_breach")
    op.drop_table("data_breach")
    op.drop_index("ix_network_charge_school_id", table_name="network_charge")
    op.drop_index("ix_network_charge_at", table_name="network_charge")
    op.drop_table("network_charge")
    op.drop_index("ix_sign_in_attempt_school_id", table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("channel") as channel:
        channel.drop_column("look_since")
    with op.batch_alter_table("revision") as table:
        table.drop_column("away_until")
        table.drop_column("away_from_school")
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_column("quiet_override")
        delivery.drop_column("gone_proof")
        delivery.drop_column("retract_asked_at")
