"""The first schema.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

AUDITED = (
    "account",
    "calendar",
    "contact",
    "conversation",
    "episode",
    "grade",
    "interval",
    "kiosk",
    "membership",
    "message",
    "message_version",
    "outcome",
    "outgoing",
    "role",
    "rule",
    "target",
    "team",
    "team_member",
    "topic",
    "turn",
    "user",
    "workspace",
)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("object_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("before", Json(), nullable=True),
        sa.Column("after", Json(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_audit_event_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "sequence", name=op.f("uq_audit_event_workspace_id_sequence")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_event_workspace_id_object_object_id"),
            ["workspace_id", "object", "object_id"],
            unique=False,
        )

    op.create_table(
        "audit_head",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "installation",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_installation")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sign_in", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("installation_administrator", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], name=op.f("fk_user_audit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("sign_in", name=op.f("uq_user_sign_in")),
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("gap_seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("aim", sa.Double(), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], name=op.f("fk_workspace_audit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("slug", name=op.f("uq_workspace_slug")),
    )
    op.create_table(
        "account",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("interval_seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("read_budget", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settings", Json(), nullable=True),
        sa.Column("credentials", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_account_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_account_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("workspace_id", "channel", "handle", name=op.f("uq_account_workspace_id_channel_handle")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_account_workspace_id_id")),
    )
    op.create_table(
        "calendar",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_calendar_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_calendar_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_calendar_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_calendar_workspace_id_number")),
    )
    op.create_table(
        "contact",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("network_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("followers", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("first_seen", UtcDateTime(timezone=True), nullable=False),
        sa.Column("named_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_contact_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_contact_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "workspace_id", "channel", "network_id", name=op.f("uq_contact_workspace_id_channel_network_id")
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_contact_workspace_id_id")),
    )
    op.create_table(
        "grade",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("look", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_grade_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_grade_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_grade_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_grade_workspace_id_key")),
        sa.UniqueConstraint("workspace_id", "rank", name=op.f("uq_grade_workspace_id_rank")),
    )
    op.create_table(
        "kiosk",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_kiosk_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_kiosk_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_kiosk_workspace_id_id")),
    )
    with op.batch_alter_table("kiosk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosk_token_hash"), ["token_hash"], unique=True)

    op.create_table(
        "outcome",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_outcome_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_outcome_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_outcome_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "word", name=op.f("uq_outcome_workspace_id_word")),
    )
    op.create_table(
        "revision",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_revision_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_revision")),
    )
    op.create_table(
        "role",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", Json(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_role_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_role_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_role_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_role_workspace_id_name")),
    )
    op.create_table(
        "rule",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("conditions", Json(), nullable=False),
        sa.Column("actions", Json(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_rule_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_rule_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_rule_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_rule_workspace_id_name")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("began", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_active", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_token_hash"), ["token_hash"], unique=True)
        batch_op.create_index(batch_op.f("ix_session_user_id_ended"), ["user_id", "ended"], unique=False)

    op.create_table(
        "team",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_team_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_team_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_team_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_team_workspace_id_name")),
    )
    op.create_table(
        "topic",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_topic_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_topic_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_topic_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "word", name=op.f("uq_topic_workspace_id_word")),
    )
    op.create_table(
        "account_poll",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("last_attempt", UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_success", UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_new", UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_attempt", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failing_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("reads", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_account_poll_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", name=op.f("pk_account_poll")),
    )
    op.create_table(
        "conversation",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assigned_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("due", UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_reply", UtcDateTime(timezone=True), nullable=True),
        sa.Column("first_line", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("media", sa.Boolean(), nullable=False),
        sa.Column("flags", Json(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["assigned_id"], ["user.id"], name=op.f("fk_conversation_assigned_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_conversation_holder_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_conversation_workspace_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_conversation_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contact.workspace_id", "contact.id"],
            name=op.f("fk_conversation_workspace_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "grade_id"],
            ["grade.workspace_id", "grade.id"],
            name=op.f("fk_conversation_workspace_id_grade_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_conversation_workspace_id_team_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "topic_id"],
            ["topic.workspace_id", "topic.id"],
            name=op.f("fk_conversation_workspace_id_topic_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_conversation_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("account_id", "contact_id", name=op.f("uq_conversation_account_id_contact_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_conversation_workspace_id_id")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index("ix_conversation_contact", ["workspace_id", "contact_id"], unique=False)
        batch_op.create_index("ix_conversation_holder", ["workspace_id", "holder_id"], unique=False)
        batch_op.create_index("ix_conversation_latest", ["workspace_id", "state", "last_at"], unique=False)
        batch_op.create_index(
            "ix_conversation_needs",
            ["workspace_id", "rank", "due", "id", "state", "account_id", "holder_id", "since"],
            unique=False,
            sqlite_where=sa.text("since IS NOT NULL"),
            postgresql_where=sa.text("since IS NOT NULL"),
        )

    op.create_table(
        "daily",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column(
            "grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("spam", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_daily_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "day", "account_id", "kind", "hours", "grade_id", "topic_id", "spam", name=op.f("pk_daily")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hourly",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("hour", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column(
            "grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("spam", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_hourly_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "hour",
            "account_id",
            "kind",
            "hours",
            "grade_id",
            "topic_id",
            "spam",
            name=op.f("pk_hourly"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hourly_total",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("hour", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_hourly_total_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "hour", "account_id", "hours", name=op.f("pk_hourly_total")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "membership",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_membership_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_membership_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "role_id"],
            ["role.workspace_id", "role.id"],
            name=op.f("fk_membership_workspace_id_role_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_membership_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", "role_id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "own_read",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("latest", UtcDateTime(timezone=True), nullable=False),
        sa.Column("previous", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_own_read_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "kind", name=op.f("pk_own_read")),
    )
    op.create_table(
        "quarantine",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_quarantine_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("account_id", "digest", name=op.f("uq_quarantine_account_id_digest")),
    )
    op.create_table(
        "response_sketch",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_response_sketch_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "day", "account_id", "grade_id", "position", "clock", name=op.f("pk_response_sketch")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_tally_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "day", "outcome", name=op.f("pk_tally")),
    )
    op.create_table(
        "target",
        sa.Column("grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_target_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "grade_id"],
            ["grade.workspace_id", "grade.id"],
            name=op.f("fk_target_workspace_id_grade_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_target_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "workspace_id", "grade_id", "channel", name=op.f("uq_target_workspace_id_grade_id_channel")
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_target_workspace_id_id")),
    )
    op.create_table(
        "team_member",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_team_member_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_team_member_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_team_member_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "team_id", "user_id", name=op.f("pk_team_member")),
    )
    op.create_table(
        "tombstone",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("network_id", sa.Text(), nullable=False),
        sa.Column("deleted", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_tombstone_workspace_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "network_id", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "episode",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed", UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_episode_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_episode_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "outcome_id"],
            ["outcome.workspace_id", "outcome.id"],
            name=op.f("fk_episode_workspace_id_outcome_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_episode_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_episode_workspace_id_id")),
    )
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.create_index("ix_episode_conversation", ["conversation_id", "opened"], unique=False)

    op.create_table(
        "interval",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("begun", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_interval_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_interval_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_interval_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_interval_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interval")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_interval_workspace_id_id")),
    )
    with op.batch_alter_table("interval", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interval_conversation_id_kind_begun"), ["conversation_id", "kind", "begun"], unique=False
        )

    op.create_table(
        "outgoing",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written", UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved", UtcDateTime(timezone=True), nullable=True),
        sa.Column("queued", UtcDateTime(timezone=True), nullable=True),
        sa.Column("not_before", UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempt_id", sa.Text(), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempted", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("network_id", sa.Text(), nullable=True),
        sa.Column("sent", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["user.id"], name=op.f("fk_outgoing_approver_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_outgoing_author_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_outgoing_workspace_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_outgoing_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_outgoing_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_outgoing_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("account_id", "network_id", name=op.f("uq_outgoing_account_id_network_id")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_outgoing_attempt_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_outgoing_workspace_id_id")),
    )
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_conversation", ["conversation_id", "state"], unique=False)
        batch_op.create_index(
            "ix_outgoing_doubtful",
            ["state", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('sending', 'unknown', 'needs a person')"),
            postgresql_where=sa.text("state IN ('sending', 'unknown', 'needs a person')"),
        )
        batch_op.create_index(
            "ix_outgoing_queued",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "turn",
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("episode_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("started", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due", UtcDateTime(timezone=True), nullable=False),
        sa.Column("target_seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("replied", UtcDateTime(timezone=True), nullable=True),
        sa.Column("replied_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("staffed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assessed", UtcDateTime(timezone=True), nullable=True),
        sa.Column("assigned", UtcDateTime(timezone=True), nullable=True),
        sa.Column("claimed", UtcDateTime(timezone=True), nullable=True),
        sa.Column("queued", UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["replied_by"], ["user.id"], name=op.f("fk_turn_replied_by")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_turn_workspace_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_turn_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_turn_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "episode_id"],
            ["episode.workspace_id", "episode.id"],
            name=op.f("fk_turn_workspace_id_episode_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "grade_id"], ["grade.workspace_id", "grade.id"], name=op.f("fk_turn_workspace_id_grade_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "outcome_id"],
            ["outcome.workspace_id", "outcome.id"],
            name=op.f("fk_turn_workspace_id_outcome_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_turn_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_turn_workspace_id_id")),
    )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index("ix_turn_conversation", ["conversation_id", "started"], unique=False)
        batch_op.create_index(
            "ix_turn_started",
            ["workspace_id", "started", "position", "grade_id", "replied", "due", "elsewhere", "outcome_id", "ended"],
            unique=False,
        )
        batch_op.create_index(
            "ix_turn_unanswered",
            ["workspace_id", "grade_id", "due", "started", "replied", "ended"],
            unique=False,
            sqlite_where=sa.text("replied IS NULL AND ended IS NULL"),
            postgresql_where=sa.text("replied IS NULL AND ended IS NULL"),
        )

    op.create_table(
        "message",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("network_id", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("media", Json(), nullable=True),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("sent", UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited", UtcDateTime(timezone=True), nullable=True),
        sa.Column("deleted", UtcDateTime(timezone=True), nullable=True),
        sa.Column("fetched", UtcDateTime(timezone=True), nullable=False),
        sa.Column("stored", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sorted", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen", UtcDateTime(timezone=True), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("spam", sa.Boolean(), nullable=False),
        sa.Column("grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("hits", Json(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_message_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_message_workspace_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_message_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contact.workspace_id", "contact.id"],
            name=op.f("fk_message_workspace_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_message_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "grade_id"],
            ["grade.workspace_id", "grade.id"],
            name=op.f("fk_message_workspace_id_grade_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "topic_id"],
            ["topic.workspace_id", "topic.id"],
            name=op.f("fk_message_workspace_id_topic_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "turn_id"], ["turn.workspace_id", "turn.id"], name=op.f("fk_message_workspace_id_turn_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_message_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("account_id", "network_id", name=op.f("uq_message_account_id_network_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_message_workspace_id_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_conversation", ["conversation_id", "sent"], unique=False)
        batch_op.create_index(
            "ix_message_orphan",
            ["account_id", "parent_id"],
            unique=False,
            sqlite_where=sa.text("conversation_id IS NULL AND parent_id IS NOT NULL"),
            postgresql_where=sa.text("conversation_id IS NULL AND parent_id IS NOT NULL"),
        )
        batch_op.create_index("ix_message_turn", ["turn_id"], unique=False)

    op.create_table(
        "message_version",
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_message_version_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "grade_id"],
            ["grade.workspace_id", "grade.id"],
            name=op.f("fk_message_version_workspace_id_grade_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "message_id"],
            ["message.workspace_id", "message.id"],
            name=op.f("fk_message_version_workspace_id_message_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_message_version_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_version")),
        sa.UniqueConstraint("message_id", "version_id", name=op.f("uq_message_version_message_id_version_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_message_version_workspace_id_id")),
    )
    with op.batch_alter_table("message_version", schema=None) as batch_op:
        batch_op.create_index("ix_message_version_version", ["workspace_id", "version_id"], unique=False)

    guard()


def guard_sqlite() -> None:
    for table in AUDITED:
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" WHEN NEW.audit_id <= OLD.audit_id '
            f"BEGIN SELECT RAISE(ABORT, 'a change of {table} without its audit event'); END"
        )
    for verb, of in (("UPDATE", "WHEN OLD.digest <> '' "), ("DELETE", "")):
        op.execute(
            f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event {of}"
            "BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
        )


def guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION refuse_unaudited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.audit_id <= OLD.audit_id THEN "
        "RAISE EXCEPTION 'a change of % without its audit event', TG_TABLE_NAME; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'audit events are never changed'; END $$"
    )
    for table in AUDITED:
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()"
        )
    op.execute(
        "CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )


def guard() -> None:
    """Triggers: no change without its event, and no event is ever changed."""
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgres()


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind the first schema")
