"""Matching, its decision and its thresholds."""

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ACTIVE_CONSENT = "fk_face_template_active_consent"
MODES = ("off", "strict", "transient")
DECISION_STATES = ("proposed", "in_force", "declined", "taken_back", "ended")
ONLY_WITH_CONSENT = """CREATE TRIGGER face_template_{verb}_needs_consent BEFORE {verb} ON face_template
    WHEN NOT EXISTS (SELECT 1 FROM biometric_consent AS consent WHERE consent.id = NEW.biometric_consent_id
        AND consent.pupil_id = NEW.pupil_id AND consent.is_active)
    BEGIN SELECT RAISE(ABORT, 'a face template needs an active biometric consent'); END"""
"""SQLite holds foreign keys only for programs that ask for it; a trigger holds for every program."""


def upgrade() -> None:
    _make_tables()
    _tie_templates_to_the_pupils_own_consent()
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(ONLY_WITH_CONSENT.format(verb=verb))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"DROP TRIGGER face_template_{verb}_needs_consent")
    _untie_templates()
    for table in ("withdrawal_code", "adopted_distances", "calibration_run", "matching_decision"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "matching_decision",
        sa.Column("state", _words("decisionstate", *DECISION_STATES), nullable=False),
        sa.Column("mode", _words("biometricmode", *MODES), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("answered_by", sa.String(200), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("warned_on", sa.Date(), nullable=True),
        *_owned("matching_decision"),
        _key("matching_decision", "proposed_by_id", "user_account"),
    )
    op.create_table(
        "calibration_run",
        sa.Column("state", _words("calibrationstate", "waiting", "measured", "failed"), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        *_owned("calibration_run"),
    )
    op.create_index("ix_calibration_run_due_at", "calibration_run", ["due_at"])
    op.create_table(
        "adopted_distances",
        *(
            sa.Column(name, sa.Double(), nullable=False)
            for name in ("alarm", "protected", "suggestion", "margin", "elsewhere")
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("adopted_by", sa.String(200), nullable=False),
        sa.Column("adopted_at", UtcDateTime(), nullable=False),
        sa.Column("calibration_id", sa.Uuid(), nullable=True),
        *_owned("adopted_distances"),
        _key("adopted_distances", "calibration_id", "calibration_run"),
    )
    op.create_table(
        "withdrawal_code",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        *_owned("withdrawal_code"),
        _key("withdrawal_code", "contact_id", "parent_contact", ondelete="CASCADE"),
    )
    op.create_index("ix_withdrawal_code_contact_id", "withdrawal_code", ["contact_id"])
    for table in ("matching_decision", "calibration_run", "adopted_distances", "withdrawal_code"):
        op.create_index(f"ix_{table}_school_id", table, ["school_id"])


def _tie_templates_to_the_pupils_own_consent() -> None:
    with op.batch_alter_table("face_template") as batch:
        batch.drop_constraint(_key_onto_consent(), type_="foreignkey")
        batch.add_column(sa.Column("view", _words("portraitview", "front", "left", "right"), nullable=True))
    with op.batch_alter_table("biometric_consent") as batch:
        batch.add_column(sa.Column("evidence_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_biometric_consent_evidence_id_consent_evidence"), "consent_evidence", ["evidence_id"], ["id"]
        )
        batch.drop_constraint("uq_biometric_consent_id_is_active", type_="unique")
        batch.create_unique_constraint(
            op.f("uq_biometric_consent_id_pupil_id_is_active"), ["id", "pupil_id", "is_active"]
        )
        batch.create_check_constraint(
            op.f("ck_biometric_consent_no_is_never_active"), "kind <> 'refused' OR NOT is_active"
        )
    with op.batch_alter_table("face_template") as batch:
        batch.create_foreign_key(
            ACTIVE_CONSENT,
            "biometric_consent",
            ["biometric_consent_id", "pupil_id", "consent_is_active"],
            ["id", "pupil_id", "is_active"],
        )


def _untie_templates() -> None:
    with op.batch_alter_table("face_template") as batch:
        batch.drop_constraint(ACTIVE_CONSENT, type_="foreignkey")
        batch.drop_column("view")
    with op.batch_alter_table("biometric_consent") as batch:
        batch.drop_constraint(op.f("ck_biometric_consent_no_is_never_active"), type_="check")
        batch.drop_constraint("uq_biometric_consent_id_pupil_id_is_active", type_="unique")
        batch.create_unique_constraint(op.f("uq_biometric_consent_id_is_active"), ["id", "is_active"])
        batch.drop_constraint("fk_biometric_consent_evidence_id_consent_evidence", type_="foreignkey")
        batch.drop_column("evidence_id")
    with op.batch_alter_table("face_template") as batch:
        batch.create_foreign_key(
            op.f("fk_face_template_biometric_consent_id_consent_is_active_biometric_consent"),
            "biometric_consent",
            ["biometric_consent_id", "consent_is_active"],
            ["id", "is_active"],
        )


def _key_onto_consent() -> str:
    """Find the key by what it points at: PostgreSQL shortened its name."""
    keys = sa.inspect(op.get_bind()).get_foreign_keys("face_template")
    return next(str(key["name"]) for key in keys if key["referred_table"] == "biometric_consent")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def _owned(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The school's column and the identity, as every table has them."""
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        _key(table, "school_id", "school"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _key(table: str, column: str, owner: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{owner}")
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete=ondelete)
