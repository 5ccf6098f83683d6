"""Incidents, tasks and their evidence."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WHILE_NEEDED = datetime(9999, 1, 1, tzinfo=UTC)
AFTER_ITS_END = timedelta(days=6 * 365)


def upgrade() -> None:
    op.create_table(
        "incident_comment",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        *_ours("incident_comment"),
        _to("incident_comment", "incident_id", "incident"),
        _to("incident_comment", "comment_id", "comment"),
        sa.UniqueConstraint("comment_id", name=op.f("uq_incident_comment_comment_id")),
    )
    _indexes("incident_comment", "incident_id", "school_id")
    op.execute(
        "INSERT INTO incident_comment (id, school_id, incident_id, comment_id, added_at)"
        " SELECT id, school_id, id, comment_id, opened_at FROM incident WHERE comment_id IS NOT NULL"
    )
    with op.batch_alter_table("incident") as table:
        table.drop_constraint(op.f("fk_incident_comment_id_comment"), type_="foreignkey")
        table.drop_constraint(op.f("uq_incident_comment_id"), type_="unique")
        table.drop_column("comment_id")
        table.add_column(sa.Column("taken_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("taken_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("reminded_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("lessons", sa.Text(), nullable=False, server_default=sa.text("''")))
        table.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("breach_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_incident_taken_by_user_account"), "user_account", ["taken_by"], ["id"])
        table.create_foreign_key(op.f("fk_incident_merged_into_id_incident"), "incident", ["merged_into_id"], ["id"])
        table.create_index("ix_incident_merged_into_id", ["merged_into_id"], unique=False)
    with op.batch_alter_table("incident") as table:
        table.alter_column("lessons", server_default=None)  # only what was there before needed it
    with op.batch_alter_table("authority_report") as table:
        table.add_column(sa.Column("wanted_from", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("late_told_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("support_offer") as table:
        table.add_column(sa.Column("declined", sa.Boolean(), nullable=False, server_default=sa.false()))
    _hold_evidence()
    _take_what_is_in_hand()
    _papers()


def _hold_evidence() -> None:
    """What an incident is about is kept from now on while it lasts; of closed ones, as long again as of new."""
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("held_until", UtcDateTime(), nullable=True))
    evidence = sa.table("evidence", sa.column("comment_id", sa.Uuid()), sa.column("held_until", UtcDateTime()))
    incident = sa.table("incident", sa.column("id", sa.Uuid()), sa.column("state", sa.String()))
    link = sa.table("incident_comment", sa.column("comment_id", sa.Uuid()), sa.column("incident_id", sa.Uuid()))
    needed = sa.select(link.c.comment_id).join(incident, incident.c.id == link.c.incident_id)
    for state, until in (("open", WHILE_NEEDED), ("closed", datetime.now(UTC) + AFTER_ITS_END)):
        held = evidence.c.comment_id.in_(needed.where(incident.c.state == state))
        op.execute(sa.update(evidence).where(held).values(held_until=until))


def _take_what_is_in_hand() -> None:
    """Nobody is called at once to what was open before: whoever wrote in it has it, and of the rest the hour begins."""
    later_note = "FROM incident_note WHERE incident_id = incident.id AND written_by IS NOT NULL"
    later_note += " AND incident_note.at > incident.opened_at ORDER BY incident_note.at LIMIT 1"
    op.execute(
        f"UPDATE incident SET taken_at = (SELECT incident_note.at {later_note}),"  # noqa: S608  no value in it
        f" taken_by = (SELECT written_by {later_note}) WHERE state = 'open'"
    )
    incident = sa.table("incident", sa.column("state", sa.String()), sa.column("reminded_at", UtcDateTime()))
    op.execute(sa.update(incident).where(incident.c.state == "open").values(reminded_at=datetime.now(UTC)))


def downgrade() -> None:
    with op.batch_alter_table("evidence") as table:
        table.drop_column("held_until")
    for name in ("evidence_pack", "incident_wording", "incident_picture"):
        op.drop_table(name)
    with op.batch_alter_table("support_offer") as table:
        table.drop_column("declined")
    with op.batch_alter_table("authority_report") as table:
        table.drop_column("late_told_at")
        table.drop_column("wanted_from")
    with op.batch_alter_table("incident") as table:
        table.drop_index("ix_incident_merged_into_id")
        table.drop_constraint(op.f("fk_incident_merged_into_id_incident"), type_="foreignkey")
        table.drop_constraint(op.f("fk_incident_taken_by_user_account"), type_="foreignkey")
        for column in ("breach_id", "merged_into_id", "lessons", "reminded_at", "taken_by", "taken_at"):
            table.drop_column(column)
        table.add_column(sa.Column("comment_id", sa.Uuid(), nullable=True))
        table.create_unique_constraint(op.f("uq_incident_comment_id"), ["comment_id"])
        table.create_foreign_key(op.f("fk_incident_comment_id_comment"), "comment", ["comment_id"], ["id"])
    op.execute(
        "UPDATE incident SET comment_id = (SELECT comment_id FROM incident_comment"
        " WHERE incident_id = incident.id ORDER BY added_at LIMIT 1)"
    )
    op.execute("UPDATE incident SET state = 'closed' WHERE state = 'merged'")
    op.drop_table("incident_comment")


def _papers() -> None:
    op.create_table(
        "incident_picture",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.String(length=64), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removed_because", sa.Text(), nullable=False),
        *_ours("incident_picture"),
        _to("incident_picture", "incident_id", "incident"),
        _to("incident_picture", "added_by", "user_account"),
    )
    _indexes("incident_picture", "incident_id", "school_id")
    op.create_table(
        "incident_wording",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_ours("incident_wording"),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_incident_wording_school_id_key")),
    )
    _indexes("incident_wording", "school_id")
    op.create_table(
        "evidence_pack",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state", sa.Enum("wanted", "made", "failed", name="packstate", native_enum=False, length=40), nullable=False
        ),
        sa.Column("wanted_at", UtcDateTime(), nullable=False),
        sa.Column("wanted_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("zip_sha256", sa.String(length=64), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("zip_stored", sa.String(length=64), nullable=True),
        sa.Column("pdf_stored", sa.String(length=64), nullable=True),
        *_ours("evidence_pack"),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        _to("evidence_pack", "incident_id", "incident"),
        _to("evidence_pack", "wanted_by", "user_account"),
    )
    _indexes("evidence_pack", "due_at", "incident_id", "school_id")


def _ours(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        _to(table, "school_id", "school"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
