"""The first tables."""

import sqlalchemy as sa
from alembic import op

from app.audit.triggers import drop_triggers, make_triggers
from app.core.db import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("beat_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "school",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settings_json", sa.JSON(), nullable=False),
        sa.Column("register_version", sa.BigInteger(), nullable=False),
        sa.Column("publishing_stopped_at", UtcDateTime(), nullable=True),
        sa.Column("publishing_stopped_by", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("name", name=op.f("uq_school_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_school_slug")),
    )
    op.create_table(
        "adult",
        sa.Column("forename", sa.String(length=100), nullable=False),
        sa.Column("surname", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("staff", "headteacher", "volunteer", "visitor", name="adultkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_adult_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adult")),
        sa.UniqueConstraint("school_id", "forename", "surname", name=op.f("uq_adult_school_id_forename_surname")),
    )
    op.create_index("ix_adult_school_id", "adult", ["school_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("tag", sa.String(length=80), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_event_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("school_id", "sequence", name=op.f("uq_audit_event_school_id_sequence")),
    )
    op.create_index("ix_audit_event_school_id", "audit_event", ["school_id"], unique=False)
    op.create_index("ix_audit_event_subject_id", "audit_event", ["subject_id"], unique=False)
    op.create_index("ix_audit_event_tag", "audit_event", ["tag"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_head_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "pupil",
        sa.Column("admission_no", sa.String(length=40), nullable=False),
        sa.Column("upn", sa.String(length=13), nullable=True),
        sa.Column("legal_forename", sa.String(length=100), nullable=False),
        sa.Column("legal_surname", sa.String(length=100), nullable=False),
        sa.Column("preferred_forename", sa.String(length=100), nullable=True),
        sa.Column("preferred_surname", sa.String(length=100), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("year_group", sa.String(length=40), nullable=True),
        sa.Column("reg_group", sa.String(length=40), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_pupil_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil")),
        sa.UniqueConstraint("school_id", "admission_no", name=op.f("uq_pupil_school_id_admission_no")),
    )
    op.create_index("ix_pupil_reg_group", "pupil", ["reg_group"], unique=False)
    op.create_index("ix_pupil_school_id", "pupil", ["school_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("session_stamp", sa.String(length=40), nullable=False),
        sa.Column("last_signed_in_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_user_account_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_index("ix_user_account_school_id", "user_account", ["school_id"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("state", sa.Enum("waiting", "read", name="inboxstate", native_enum=False, length=40), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_webhook_delivery_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("school_id", "body_sha256", name=op.f("uq_webhook_delivery_school_id_body_sha256")),
    )
    op.create_index("ix_webhook_delivery_due_at", "webhook_delivery", ["due_at"], unique=False)
    op.create_index("ix_webhook_delivery_school_id", "webhook_delivery", ["school_id"], unique=False)

    op.create_table(
        "biometric_consent",
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("granted", "protective_only", "refused", name="biometrickind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("informant", sa.String(length=200), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum("parent", "pupil", "self", name="capacity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_biometric_consent_pupil_id_pupil"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_biometric_consent_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_biometric_consent")),
        sa.UniqueConstraint("id", "is_active", name=op.f("uq_biometric_consent_id_is_active")),
    )
    op.create_index("ix_biometric_consent_pupil_id", "biometric_consent", ["pupil_id"], unique=False)
    op.create_index("ix_biometric_consent_school_id", "biometric_consent", ["school_id"], unique=False)

    op.create_table(
        "channel",
        sa.Column("network", sa.Enum("facebook", "x", name="network", native_enum=False, length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("school_email", sa.String(length=254), nullable=False),
        sa.Column("second_factor_on", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "connected",
                "paused",
                "closed",
                name="channelstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("remote_account_id", sa.String(length=64), nullable=True),
        sa.Column("credentials_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("health_checked_at", UtcDateTime(), nullable=True),
        sa.Column("health_problem", sa.Text(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("comment_cursor", sa.JSON(), nullable=False),
        sa.Column("comments_read_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["user_account.id"], name=op.f("fk_channel_approved_by_user_account")),
        sa.ForeignKeyConstraint(["proposed_by"], ["user_account.id"], name=op.f("fk_channel_proposed_by_user_account")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_channel_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("school_id", "network", "handle", name=op.f("uq_channel_school_id_network_handle")),
    )
    op.create_index("ix_channel_remote_account_id", "channel", ["remote_account_id"], unique=False)
    op.create_index("ix_channel_school_id", "channel", ["school_id"], unique=False)

    op.create_table(
        "consent_evidence",
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_consent_evidence_pupil_id_pupil"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_consent_evidence_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_evidence")),
    )
    op.create_index("ix_consent_evidence_pupil_id", "consent_evidence", ["pupil_id"], unique=False)
    op.create_index("ix_consent_evidence_school_id", "consent_evidence", ["school_id"], unique=False)

    op.create_table(
        "consent_statement",
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("adult_id", sa.Uuid(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "internal",
                "website",
                "facebook",
                "x",
                "press",
                "prospectus",
                "video",
                "name",
                name="purpose",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "granted",
                "refused",
                "withdrawn",
                "expired",
                "not_recorded",
                name="consentstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("informant", sa.String(length=200), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum("parent", "pupil", "self", name="capacity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("wording_version", sa.String(length=40), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(pupil_id IS NULL) <> (adult_id IS NULL)", name=op.f("ck_consent_statement_one_person")),
        sa.ForeignKeyConstraint(
            ["adult_id"], ["adult.id"], name=op.f("fk_consent_statement_adult_id_adult"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_consent_statement_pupil_id_pupil"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_consent_statement_school_id_school")),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["consent_evidence.id"],
            name=op.f("fk_consent_statement_evidence_id_consent_evidence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_statement")),
    )
    op.create_index("ix_consent_statement_adult_id", "consent_statement", ["adult_id"], unique=False)
    op.create_index("ix_consent_statement_pupil_purpose", "consent_statement", ["pupil_id", "purpose"], unique=False)
    op.create_index("ix_consent_statement_school_id", "consent_statement", ["school_id"], unique=False)

    op.create_table(
        "no_publish_flag",
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_no_publish_flag_pupil_id_pupil"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_no_publish_flag_school_id_school")),
        sa.ForeignKeyConstraint(["set_by"], ["user_account.id"], name=op.f("fk_no_publish_flag_set_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_publish_flag")),
    )
    op.create_index("ix_no_publish_flag_pupil_id", "no_publish_flag", ["pupil_id"], unique=False)
    op.create_index("ix_no_publish_flag_school_id", "no_publish_flag", ["school_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "shown_only", name="noticestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "urgency", sa.Enum("at_once", "today", name="noticeurgency", native_enum=False, length=40), nullable=False
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("alerted_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("bundle", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_notice_school_id_school")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_due_at", "notice", ["due_at"], unique=False)
    op.create_index("ix_notice_school_id", "notice", ["school_id"], unique=False)
    op.create_index("ix_notice_user_id", "notice", ["user_id"], unique=False)

    op.create_table(
        "parent_contact",
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relationship", sa.String(length=60), nullable=True),
        sa.Column("has_parental_responsibility", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_parent_contact_pupil_id_pupil"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_parent_contact_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parent_contact")),
        sa.UniqueConstraint("pupil_id", "name", name=op.f("uq_parent_contact_pupil_id_name")),
    )
    op.create_index("ix_parent_contact_pupil_id", "parent_contact", ["pupil_id"], unique=False)
    op.create_index("ix_parent_contact_school_id", "parent_contact", ["school_id"], unique=False)

    op.create_table(
        "photo",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_photo_school_id_school")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user_account.id"], name=op.f("fk_photo_uploaded_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("school_id", "source_sha256", name=op.f("uq_photo_school_id_source_sha256")),
    )
    op.create_index("ix_photo_school_id", "photo", ["school_id"], unique=False)

    op.create_table(
        "post",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "checking",
                "blocked",
                "submitted",
                "returned",
                "rejected",
                "approved",
                "scheduled",
                "publishing",
                "published",
                "partly_published",
                "failed",
                "expired",
                "taking_down",
                "taken_down",
                name="poststate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("latest_number", sa.Integer(), nullable=False),
        sa.Column("approved_revision_id", sa.Uuid(), nullable=True),
        sa.Column("approved_digest", sa.String(length=64), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_post_author_id_user_account")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_post_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_author_id", "post", ["author_id"], unique=False)
    op.create_index("ix_post_school_id", "post", ["school_id"], unique=False)
    op.create_index("ix_post_state", "post", ["state"], unique=False)
    op.create_index("ix_post_updated_at", "post", ["updated_at"], unique=False)

    op.create_table(
        "role_held",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "staff",
                "volunteer",
                "smt",
                "coordinator",
                "headteacher",
                "safeguarding_lead",
                "office_manager",
                "governor",
                "chair_of_governors",
                "dpo",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_role_held_school_id_school")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_held_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_held")),
    )
    op.create_index("ix_role_held_school_id", "role_held", ["school_id"], unique=False)
    op.create_index("ix_role_held_user_id", "role_held", ["user_id"], unique=False)

    op.create_table(
        "comment_watch",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum("watching", name="watchstate", native_enum=False, length=40), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_comment_watch_channel_id_channel")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_comment_watch_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_watch")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_comment_watch_channel_id")),
    )
    op.create_index("ix_comment_watch_due_at", "comment_watch", ["due_at"], unique=False)
    op.create_index("ix_comment_watch_school_id", "comment_watch", ["school_id"], unique=False)

    op.create_table(
        "face_template",
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("biometric_consent_id", sa.Uuid(), nullable=False),
        sa.Column("consent_is_active", sa.Boolean(), nullable=False),
        sa.Column("vector_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.Column("enrolled_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("consent_is_active", name=op.f("ck_face_template_consent_is_active")),
        sa.ForeignKeyConstraint(
            ["biometric_consent_id", "consent_is_active"],
            ["biometric_consent.id", "biometric_consent.is_active"],
            name=op.f("fk_face_template_biometric_consent_id_consent_is_active_biometric_consent"),
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_face_template_pupil_id_pupil"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_face_template_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_template")),
        sa.UniqueConstraint("pupil_id", "source_sha256", name=op.f("uq_face_template_pupil_id_source_sha256")),
    )
    op.create_index("ix_face_template_pupil_id", "face_template", ["pupil_id"], unique=False)
    op.create_index("ix_face_template_school_id", "face_template", ["school_id"], unique=False)

    op.create_table(
        "photo_scan",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("scope_digest", sa.String(length=64), nullable=False),
        sa.Column("faces", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("scanned_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_photo_scan_photo_id_photo"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_photo_scan_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_scan")),
        sa.UniqueConstraint("photo_id", "scope_digest", name=op.f("uq_photo_scan_photo_id_scope_digest")),
    )
    op.create_index("ix_photo_scan_photo_id", "photo_scan", ["photo_id"], unique=False)
    op.create_index("ix_photo_scan_school_id", "photo_scan", ["school_id"], unique=False)

    op.create_table(
        "rendition",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("obscured_and_gone", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_rendition_photo_id_photo"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_rendition_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint("photo_id", "recipe", name=op.f("uq_rendition_photo_id_recipe")),
    )
    op.create_index("ix_rendition_photo_id", "rendition", ["photo_id"], unique=False)
    op.create_index("ix_rendition_school_id", "rendition", ["school_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=2000), nullable=True),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("extra_people", sa.JSON(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by"], ["user_account.id"], name=op.f("fk_revision_edited_by_user_account")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_revision_post_id_post"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_revision_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_revision_post_id_number")),
    )
    op.create_index("ix_revision_post_id", "revision", ["post_id"], unique=False)
    op.create_index("ix_revision_school_id", "revision", ["school_id"], unique=False)

    op.create_table(
        "pupil_named",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_pupil_named_revision_id_revision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_pupil_named_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_named")),
        sa.UniqueConstraint("revision_id", "person_id", name=op.f("uq_pupil_named_revision_id_person_id")),
    )
    op.create_index("ix_pupil_named_person_id", "pupil_named", ["person_id"], unique=False)
    op.create_index("ix_pupil_named_revision_id", "pupil_named", ["revision_id"], unique=False)
    op.create_index("ix_pupil_named_school_id", "pupil_named", ["school_id"], unique=False)

    op.create_table(
        "consent_check",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "done", "overtaken", name="checkstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("for_submission", sa.Boolean(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("photos_done", sa.Integer(), nullable=False),
        sa.Column("photos_total", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("block", "hold", "warn", "clear", name="outcome", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_consent_check_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_consent_check_revision_id_revision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_consent_check_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_check")),
    )
    op.create_index("ix_consent_check_due_at", "consent_check", ["due_at"], unique=False)
    op.create_index("ix_consent_check_post_id", "consent_check", ["post_id"], unique=False)
    op.create_index("ix_consent_check_revision_id", "consent_check", ["revision_id"], unique=False)
    op.create_index("ix_consent_check_school_id", "consent_check", ["school_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.Enum("facebook", "x", name="network", native_enum=False, length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "sent",
                "failed",
                "unknown",
                "needs_person",
                "retracting",
                "retracted",
                "cancelled",
                "expired",
                name="deliverystate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned_for", UtcDateTime(), nullable=False),
        sa.Column("prepared", sa.JSON(), nullable=True),
        sa.Column("sending_since", UtcDateTime(), nullable=True),
        sa.Column("remote_id", sa.String(length=100), nullable=True),
        sa.Column("permalink", sa.String(length=500), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("retract_wanted", sa.Boolean(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("retracted_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_delivery_channel_id_channel")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_delivery_post_id_post")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_delivery_revision_id_revision")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_delivery_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("revision_id", "channel_id", name=op.f("uq_delivery_revision_id_channel_id")),
    )
    op.create_index("ix_delivery_channel_id", "delivery", ["channel_id"], unique=False)
    op.create_index("ix_delivery_due_at", "delivery", ["due_at"], unique=False)
    op.create_index("ix_delivery_post_id", "delivery", ["post_id"], unique=False)
    op.create_index("ix_delivery_remote_id", "delivery", ["remote_id"], unique=False)
    op.create_index("ix_delivery_school_id", "delivery", ["school_id"], unique=False)
    op.create_index("ix_delivery_state", "delivery", ["state"], unique=False)

    op.create_table(
        "post_photo",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=True),
        sa.Column("all_faces_boxed", sa.Boolean(), nullable=False),
        sa.Column("compared_with", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_post_photo_photo_id_photo")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_post_photo_revision_id_revision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_post_photo_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_photo")),
        sa.UniqueConstraint("revision_id", "position", name=op.f("uq_post_photo_revision_id_position")),
    )
    op.create_index("ix_post_photo_photo_id", "post_photo", ["photo_id"], unique=False)
    op.create_index("ix_post_photo_revision_id", "post_photo", ["revision_id"], unique=False)
    op.create_index("ix_post_photo_school_id", "post_photo", ["school_id"], unique=False)

    op.create_table(
        "resolution",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("finding_key", sa.String(length=64), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["user_account.id"], name=op.f("fk_resolution_resolved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_resolution_revision_id_revision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_resolution_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint("revision_id", "finding_key", name=op.f("uq_resolution_revision_id_finding_key")),
    )
    op.create_index("ix_resolution_revision_id", "resolution", ["revision_id"], unique=False)
    op.create_index("ix_resolution_school_id", "resolution", ["school_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "judgement",
            sa.Enum("approved", "returned", "rejected", name="judgement", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_review_post_id_post"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user_account.id"], name=op.f("fk_review_reviewer_id_user_account")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_review_revision_id_revision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_review_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_post_id", "review", ["post_id"], unique=False)
    op.create_index("ix_review_revision_id", "review", ["revision_id"], unique=False)
    op.create_index("ix_review_school_id", "review", ["school_id"], unique=False)

    op.create_table(
        "check_finding",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "severity", sa.Enum("block", "hold", "warn", name="severity", native_enum=False, length=40), nullable=False
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column(
            "surface",
            sa.Enum(
                "caption",
                "alt_text",
                "picture_text",
                "file_name",
                "link",
                "link_preview",
                name="surfacekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("face", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["consent_check.id"], name=op.f("fk_check_finding_check_id_consent_check"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_check_finding_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_finding")),
    )
    op.create_index("ix_check_finding_check_id", "check_finding", ["check_id"], unique=False)
    op.create_index("ix_check_finding_key", "check_finding", ["key"], unique=False)
    op.create_index("ix_check_finding_school_id", "check_finding", ["school_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("post_remote_id", sa.String(length=100), nullable=True),
        sa.Column("parent_remote_id", sa.String(length=100), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("author_remote_id", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("attachments", sa.Integer(), nullable=False),
        sa.Column("permalink", sa.String(length=500), nullable=True),
        sa.Column("commented_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "visible",
                "queued",
                "hiding",
                "hidden",
                "restoring",
                "deleting",
                "deleted",
                "gone",
                name="commentstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum("general", "designated", "chair", name="audience", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("awaits_person", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("judged_sha256", sa.String(length=64), nullable=True),
        sa.Column("is_hidden_remotely", sa.Boolean(), nullable=False),
        sa.Column("hidden_at", UtcDateTime(), nullable=True),
        sa.Column("acted_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("blanked_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_comment_channel_id_channel")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_comment_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_comment_post_id_post")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_comment_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("channel_id", "remote_id", name=op.f("uq_comment_channel_id_remote_id")),
    )
    op.create_index("ix_comment_channel_id", "comment", ["channel_id"], unique=False)
    op.create_index("ix_comment_commented_at", "comment", ["commented_at"], unique=False)
    op.create_index("ix_comment_due_at", "comment", ["due_at"], unique=False)
    op.create_index("ix_comment_post_id", "comment", ["post_id"], unique=False)
    op.create_index("ix_comment_post_remote_id", "comment", ["post_remote_id"], unique=False)
    op.create_index("ix_comment_queue", "comment", ["school_id", "awaits_person", "severity"], unique=False)
    op.create_index("ix_comment_school_id", "comment", ["school_id"], unique=False)
    op.create_index("ix_comment_state", "comment", ["state"], unique=False)

    op.create_table(
        "face_answer",
        sa.Column("post_photo_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("bottom", sa.Integer(), nullable=False),
        sa.Column("drawn_by_hand", sa.Boolean(), nullable=False),
        sa.Column(
            "match_status",
            sa.Enum("protected", "possible", "suggested", "unknown", name="matchstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("match_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "disposition",
            sa.Enum(
                "pupil",
                "adult",
                "obscured",
                "cropped",
                "not_recognisable",
                "not_a_face",
                "roll_call",
                name="disposition",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_face_answer_answered_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["post_photo_id"],
            ["post_photo.id"],
            name=op.f("fk_face_answer_post_photo_id_post_photo"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_face_answer_school_id_school")),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_face_answer_signed_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_answer")),
        sa.UniqueConstraint("post_photo_id", "number", name=op.f("uq_face_answer_post_photo_id_number")),
    )
    op.create_index("ix_face_answer_person_id", "face_answer", ["person_id"], unique=False)
    op.create_index("ix_face_answer_post_photo_id", "face_answer", ["post_photo_id"], unique=False)
    op.create_index("ix_face_answer_school_id", "face_answer", ["school_id"], unique=False)

    op.create_table(
        "photo_viewed",
        sa.Column("post_photo_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("viewed_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_photo_id"],
            ["post_photo.id"],
            name=op.f("fk_photo_viewed_post_photo_id_post_photo"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_photo_viewed_school_id_school")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_photo_viewed_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_viewed")),
        sa.UniqueConstraint("post_photo_id", "user_id", name=op.f("uq_photo_viewed_post_photo_id_user_id")),
    )
    op.create_index("ix_photo_viewed_post_photo_id", "photo_viewed", ["post_photo_id"], unique=False)
    op.create_index("ix_photo_viewed_school_id", "photo_viewed", ["school_id"], unique=False)

    op.create_table(
        "comment_decision",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "allow",
                "review",
                "hide",
                "escalate",
                "leave_visible",
                "leave_hidden",
                "restore",
                "delete",
                name="decisionaction",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("is_by_person", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("characteristics", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("routes", sa.JSON(), nullable=False),
        sa.Column("advice", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("policy_version", sa.String(length=40), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_decision_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_comment_decision_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_comment_decision_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_decision")),
    )
    op.create_index("ix_comment_decision_at", "comment_decision", ["at"], unique=False)
    op.create_index("ix_comment_decision_comment_id", "comment_decision", ["comment_id"], unique=False)
    op.create_index("ix_comment_decision_school_id", "comment_decision", ["school_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_evidence_comment_id_comment")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_evidence_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("comment_id", "text_sha256", name=op.f("uq_evidence_comment_id_text_sha256")),
    )
    op.create_index("ix_evidence_comment_id", "evidence", ["comment_id"], unique=False)
    op.create_index("ix_evidence_school_id", "evidence", ["school_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column(
            "kind",
            sa.Enum(
                "child_at_risk",
                "contact_with_child",
                "allegation",
                "allegation_head",
                "threat",
                "abuse_of_staff",
                "prejudice",
                "personal_data",
                "crime",
                "other",
                name="incidentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state", sa.Enum("open", "closed", name="incidentstate", native_enum=False, length=40), nullable=False
        ),
        sa.Column(
            "audience",
            sa.Enum("general", "designated", "chair", name="audience", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("characteristics", sa.JSON(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["user_account.id"], name=op.f("fk_incident_closed_by_user_account")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_incident_comment_id_comment")),
        sa.ForeignKeyConstraint(["opened_by"], ["user_account.id"], name=op.f("fk_incident_opened_by_user_account")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_incident_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_incident_comment_id")),
    )
    op.create_index("ix_incident_opened_at", "incident", ["opened_at"], unique=False)
    op.create_index("ix_incident_school_id", "incident", ["school_id"], unique=False)
    op.create_index("ix_incident_state", "incident", ["state"], unique=False)

    op.create_table(
        "authority_report",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column(
            "authority",
            sa.Enum(
                "network",
                "police_999",
                "police_101",
                "local_authority",
                "children_services",
                "exploitation_command",
                "watch_foundation",
                "helpline",
                "union",
                "legal",
                name="authority",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("wanted_by", UtcDateTime(), nullable=True),
        sa.Column("reported_at", UtcDateTime(), nullable=True),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("not_needed_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_authority_report_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["user_account.id"], name=op.f("fk_authority_report_reported_by_user_account")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_authority_report_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_report")),
        sa.UniqueConstraint("incident_id", "authority", name=op.f("uq_authority_report_incident_id_authority")),
    )
    op.create_index("ix_authority_report_incident_id", "authority_report", ["incident_id"], unique=False)
    op.create_index("ix_authority_report_school_id", "authority_report", ["school_id"], unique=False)

    op.create_table(
        "incident_note",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_note_incident_id_incident")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_incident_note_school_id_school")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_incident_note_written_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_note")),
    )
    op.create_index("ix_incident_note_incident_id", "incident_note", ["incident_id"], unique=False)
    op.create_index("ix_incident_note_school_id", "incident_note", ["school_id"], unique=False)

    op.create_table(
        "support_offer",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=True),
        sa.Column("offered_to", sa.String(length=200), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_support_offer_incident_id_incident")),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["user_account.id"], name=op.f("fk_support_offer_offered_by_user_account")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_support_offer_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_offer")),
    )
    op.create_index("ix_support_offer_incident_id", "support_offer", ["incident_id"], unique=False)
    op.create_index("ix_support_offer_school_id", "support_offer", ["school_id"], unique=False)
    op.create_table(
        "account_watch",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum("watching", name="accountwatchstate", native_enum=False, length=40), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("health_on", sa.Date(), nullable=True),
        sa.Column("warned_days", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_account_watch_channel_id_channel")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_account_watch_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_watch")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_account_watch_channel_id")),
    )
    op.create_index("ix_account_watch_due_at", "account_watch", ["due_at"], unique=False)
    op.create_index("ix_account_watch_school_id", "account_watch", ["school_id"], unique=False)

    op.create_table(
        "stray_post",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("permalink", sa.String(length=500), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("explained_at", UtcDateTime(), nullable=True),
        sa.Column("explained_by", sa.Uuid(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_stray_post_channel_id_channel")),
        sa.ForeignKeyConstraint(
            ["explained_by"], ["user_account.id"], name=op.f("fk_stray_post_explained_by_user_account")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_stray_post_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_post")),
        sa.UniqueConstraint("channel_id", "remote_id", name=op.f("uq_stray_post_channel_id_remote_id")),
    )
    op.create_index("ix_stray_post_channel_id", "stray_post", ["channel_id"], unique=False)
    op.create_index("ix_stray_post_school_id", "stray_post", ["school_id"], unique=False)
    make_triggers(op.get_bind())


def downgrade() -> None:
    drop_triggers(op.get_bind())
    op.drop_index("ix_stray_post_school_id", table_name="stray_post")
    op.drop_index("ix_stray_post_channel_id", table_name="stray_post")
    op.drop_table("stray_post")
    op.drop_index("ix_account_watch_school_id", table_name="account_watch")
    op.drop_index("ix_account_watch_due_at", table_name="account_watch")
    op.drop_table("account_watch")
    op.drop_index("ix_support_offer_school_id", table_name="support_offer")
    op.drop_index("ix_support_offer_incident_id", table_name="support_offer")
    op.drop_table("support_offer")
    op.drop_index("ix_incident_note_school_id", table_name="incident_note")
    op.drop_index("ix_incident_note_incident_id", table_name="incident_note")
    op.drop_table("incident_note")
    op.drop_index("ix_authority_report_school_id", table_name="authority_report")
    op.drop_index("ix_authority_report_incident_id", table_name="authority_report")
    op.drop_table("authority_report")
    op.drop_index("ix_incident_state", table_name="incident")
    op.drop_index("ix_incident_school_id", table_name="incident")
    op.drop_index("ix_incident_opened_at", table_name="incident")
    op.drop_table("incident")
    op.drop_index("ix_evidence_school_id", table_name="evidence")
    op.drop_index("ix_evidence_comment_id", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_comment_decision_school_id", table_name="comment_decision")
    op.drop_index("ix_comment_decision_comment_id", table_name="comment_decision")
    op.drop_index("ix_comment_decision_at", table_name="comment_decision")
    op.drop_table("comment_decision")
    op.drop_index("ix_photo_viewed_school_id", table_name="photo_viewed")
    op.drop_index("ix_photo_viewed_post_photo_id", table_name="photo_viewed")
    op.drop_table("photo_viewed")
    op.drop_index("ix_face_answer_school_id", table_name="face_answer")
    op.drop_index("ix_face_answer_post_photo_id", table_name="face_answer")
    op.drop_index("ix_face_answer_person_id", table_name="face_answer")
    op.drop_table("face_answer")
    op.drop_index("ix_comment_state", table_name="comment")
    op.drop_index("ix_comment_school_id", table_name="comment")
    op.drop_index("ix_comment_queue", table_name="comment")
    op.drop_index("ix_comment_post_remote_id", table_name="comment")
    op.drop_index("ix_comment_post_id", table_name="comment")
    op.drop_index("ix_comment_due_at", table_name="comment")
    op.drop_index("ix_comment_commented_at", table_name="comment")
    op.drop_index("ix_comment_channel_id", table_name="comment")
    op.drop_table("comment")
    op.drop_index("ix_check_finding_school_id", table_name="check_finding")
    op.drop_index("ix_check_finding_key", table_name="check_finding")
    op.drop_index("ix_check_finding_check_id", table_name="check_finding")
    op.drop_table("check_finding")
    op.drop_index("ix_review_school_id", table_name="review")
    op.drop_index("ix_review_revision_id", table_name="review")
    op.drop_index("ix_review_post_id", table_name="review")
    op.drop_table("review")
    op.drop_index("ix_resolution_school_id", table_name="resolution")
    op.drop_index("ix_resolution_revision_id", table_name="resolution")
    op.drop_table("resolution")
    op.drop_index("ix_post_photo_school_id", table_name="post_photo")
    op.drop_index("ix_post_photo_revision_id", table_name="post_photo")
    op.drop_index("ix_post_photo_photo_id", table_name="post_photo")
    op.drop_table("post_photo")
    op.drop_index("ix_delivery_state", table_name="delivery")
    op.drop_index("ix_delivery_school_id", table_name="delivery")
    op.drop_index("ix_delivery_remote_id", table_name="delivery")
    op.drop_index("ix_delivery_post_id", table_name="delivery")
    op.drop_index("ix_delivery_due_at", table_name="delivery")
    op.drop_index("ix_delivery_channel_id", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index("ix_consent_check_school_id", table_name="consent_check")
    op.drop_index("ix_consent_check_revision_id", table_name="consent_check")
    op.drop_index("ix_consent_check_post_id", table_name="consent_check")
    op.drop_index("ix_consent_check_due_at", table_name="consent_check")
    op.drop_table("consent_check")
    op.drop_index("ix_pupil_named_school_id", table_name="pupil_named")
    op.drop_index("ix_pupil_named_revision_id", table_name="pupil_named")
    op.drop_index("ix_pupil_named_person_id", table_name="pupil_named")
    op.drop_table("pupil_named")
    op.drop_index("ix_revision_school_id", table_name="revision")
    op.drop_index("ix_revision_post_id", table_name="revision")
    op.drop_table("revision")
    op.drop_index("ix_rendition_school_id", table_name="rendition")
    op.drop_index("ix_rendition_photo_id", table_name="rendition")
    op.drop_table("rendition")
    op.drop_index("ix_photo_scan_school_id", table_name="photo_scan")
    op.drop_index("ix_photo_scan_photo_id", table_name="photo_scan")
    op.drop_table("photo_scan")
    op.drop_index("ix_face_template_school_id", table_name="face_template")
    op.drop_index("ix_face_template_pupil_id", table_name="face_template")
    op.drop_table("face_template")
    op.drop_index("ix_comment_watch_school_id", table_name="comment_watch")
    op.drop_index("ix_comment_watch_due_at", table_name="comment_watch")
    op.drop_table("comment_watch")
    op.drop_index("ix_role_held_user_id", table_name="role_held")
    op.drop_index("ix_role_held_school_id", table_name="role_held")
    op.drop_table("role_held")
    op.drop_index("ix_post_updated_at", table_name="post")
    op.drop_index("ix_post_state", table_name="post")
    op.drop_index("ix_post_school_id", table_name="post")
    op.drop_index("ix_post_author_id", table_name="post")
    op.drop_table("post")
    op.drop_index("ix_photo_school_id", table_name="photo")
    op.drop_table("photo")
    op.drop_index("ix_parent_contact_school_id", table_name="parent_contact")
    op.drop_index("ix_parent_contact_pupil_id", table_name="parent_contact")
    op.drop_table("parent_contact")
    op.drop_index("ix_notice_user_id", table_name="notice")
    op.drop_index("ix_notice_school_id", table_name="notice")
    op.drop_index("ix_notice_due_at", table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_no_publish_flag_school_id", table_name="no_publish_flag")
    op.drop_index("ix_no_publish_flag_pupil_id", table_name="no_publish_flag")
    op.drop_table("no_publish_flag")
    op.drop_index("ix_consent_statement_school_id", table_name="consent_statement")
    op.drop_index("ix_consent_statement_pupil_purpose", table_name="consent_statement")
    op.drop_index("ix_consent_statement_adult_id", table_name="consent_statement")
    op.drop_table("consent_statement")
    op.drop_index("ix_consent_evidence_school_id", table_name="consent_evidence")
    op.drop_index("ix_consent_evidence_pupil_id", table_name="consent_evidence")
    op.drop_table("consent_evidence")
    op.drop_index("ix_channel_school_id", table_name="channel")
    op.drop_index("ix_channel_remote_account_id", table_name="channel")
    op.drop_table("channel")
    op.drop_index("ix_biometric_consent_school_id", table_name="biometric_consent")
    op.drop_index("ix_biometric_consent_pupil_id", table_name="biometric_consent")
    op.drop_table("biometric_consent")
    op.drop_index("ix_webhook_delivery_school_id", table_name="webhook_delivery")
    op.drop_index("ix_webhook_delivery_due_at", table_name="webhook_delivery")
    op.drop_table("webhook_delivery")
    op.drop_index("ix_user_account_school_id", table_name="user_account")
    op.drop_table("user_account")
    op.drop_index("ix_pupil_school_id", table_name="pupil")
    op.drop_index("ix_pupil_reg_group", table_name="pupil")
    op.drop_table("pupil")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_event_tag", table_name="audit_event")
    op.drop_index("ix_audit_event_subject_id", table_name="audit_event")
    op.drop_index("ix_audit_event_school_id", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index("ix_adult_school_id", table_name="adult")
    op.drop_table("adult")
    op.drop_table("school")
    op.drop_table("heartbeat")
