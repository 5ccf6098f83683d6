"""Comments: shadow, appeals, samples, pile-ons."""

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _pile_ons()
    _texts()
    _replies()
    _appeals()
    with op.batch_alter_table("comment") as table:
        table.add_column(sa.Column("harm", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("can_hide", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("pile_on_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("sampled_at", UtcDateTime(), nullable=True))
        table.create_foreign_key(op.f("fk_comment_pile_on_id_pile_on"), "pile_on", ["pile_on_id"], ["id"])
        table.create_index("ix_comment_pile_on_id", ["pile_on_id"], unique=False)
    with op.batch_alter_table("comment_decision") as table:
        table.add_column(sa.Column("shadow", sa.JSON(), nullable=True))
        table.add_column(sa.Column("was_held_back", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("of_sample", sa.Boolean(), nullable=False, server_default=sa.false()))
    _name_harms()


def downgrade() -> None:
    with op.batch_alter_table("comment_decision") as table:
        table.drop_column("of_sample")
        table.drop_column("was_held_back")
        table.drop_column("shadow")
    with op.batch_alter_table("comment") as table:
        table.drop_index("ix_comment_pile_on_id")
        table.drop_constraint(op.f("fk_comment_pile_on_id_pile_on"), type_="foreignkey")
        table.drop_column("sampled_at")
        table.drop_column("pile_on_id")
        table.drop_column("can_hide")
        table.drop_column("harm")
    for name in ("appeal", "reply", "prepared_text", "pile_on"):
        op.drop_table(name)


def _pile_ons() -> None:
    op.create_table(
        "pile_on",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("state", _words("noticed", "locked", "lifting", "over", name="pileonstate"), nullable=False),
        sa.Column("noticed_at", UtcDateTime(), nullable=False),
        sa.Column("locked_at", UtcDateTime(), nullable=True),
        sa.Column("locked_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        *_ours("pile_on"),
        *_due(),
        _to("pile_on", "post_id", "post"),
        _to("pile_on", "locked_by", "user_account"),
        _to("pile_on", "lifted_by", "user_account"),
    )
    _indexes("pile_on", "due_at", "post_id", "school_id", "state")


def _texts() -> None:
    op.create_table(
        "prepared_text",
        sa.Column("kind", _words("holding", "signpost", name="textkind"), nullable=False),
        sa.Column("state", _words("waiting", "approved", "retired", name="textstate"), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        *_ours("prepared_text"),
        _to("prepared_text", "written_by", "user_account"),
        _to("prepared_text", "approved_by", "user_account"),
    )
    _indexes("prepared_text", "school_id", "state")


def _replies() -> None:
    states = ("waiting", "turned_down", "approved", "sending", "sent", "failed", "needs_person")
    op.create_table(
        "reply",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("comment_sha256", sa.String(length=64), nullable=True),
        sa.Column("target_remote_id", sa.String(length=100), nullable=False),
        sa.Column("prepared_text_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", _words(*states, name="replystate"), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("sending_since", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("remote_id", sa.String(length=100), nullable=True),
        sa.Column("permalink", sa.String(length=500), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        *_ours("reply"),
        *_due(),
        _to("reply", "channel_id", "channel"),
        _to("reply", "post_id", "post"),
        _to("reply", "comment_id", "comment"),
        _to("reply", "prepared_text_id", "prepared_text"),
        _to("reply", "written_by", "user_account"),
        _to("reply", "approved_by", "user_account"),
    )
    _indexes("reply", "channel_id", "comment_id", "due_at", "post_id", "school_id", "state")


def _appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("state", _words("open", "upheld", "turned_down", name="appealstate"), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_ours("appeal"),
        _to("appeal", "comment_id", "comment", ondelete="CASCADE"),
        _to("appeal", "recorded_by", "user_account"),
        _to("appeal", "decided_by", "user_account"),
    )
    _indexes("appeal", "comment_id", "school_id", "state")


def _name_harms() -> None:
    """Give comments that were judged before the first of their categories, which is the gravest."""
    comment = sa.table("comment", sa.column("id", sa.Uuid()), sa.column("categories", sa.JSON()), sa.column("harm"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(comment.c.id, comment.c.categories)).all():
        if row.categories:
            first = sa.update(comment).where(comment.c.id == row.id).values(harm=row.categories[0])
            connection.execute(first)


def _words(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def _ours(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        _to(table, "school_id", "school"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _due() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
    )


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
