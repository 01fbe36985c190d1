"""Notes, flags, merges, incidents and METHANE reports.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AUDITED = (
    "contact_merge",
    "conversation_merge",
    "flag",
    "incident",
    "incident_conversation",
    "methane",
    "methane_evidence",
    "note",
    "note_version",
    "notification",
)
FLAGS = ("vulnerable", "child", "weapon", "media interest", "abuse of staff", "do not ring")


def upgrade() -> None:
    op.create_table(
        "flag",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_flag_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_flag_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_flag_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "word", name=op.f("uq_flag_workspace_id_word")),
    )
    op.create_table(
        "incident",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("veracity", sa.Text(), nullable=False),
        sa.Column("opened", UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", KEY, nullable=True),
        sa.Column("closed", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_incident_closed_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_incident_opened_by_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_incident_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_incident_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_incident_workspace_id_id")),
    )
    op.create_index(
        "ix_incident_open",
        "incident",
        ["workspace_id", "id"],
        unique=False,
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_index("ix_incident_opened", "incident", ["workspace_id", "opened"], unique=False)
    op.create_table(
        "contact_merge",
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("part_id", KEY, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_contact_merge_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_contact_merge_ended_by_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_contact_merge_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "lead_id"],
            ["contact.workspace_id", "contact.id"],
            name=op.f("fk_contact_merge_workspace_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "part_id"],
            ["contact.workspace_id", "contact.id"],
            name=op.f("fk_contact_merge_workspace_id_part_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_contact_merge_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_merge")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_contact_merge_workspace_id_id")),
    )
    op.create_index(
        "ix_contact_merge_lead",
        "contact_merge",
        ["lead_id"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index(
        "ix_contact_merge_part",
        "contact_merge",
        ["part_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "methane",
        sa.Column("incident_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("author_id", KEY, nullable=True),
        sa.Column("written", UtcDateTime(timezone=True), nullable=False),
        sa.Column("major", sa.Text(), nullable=False),
        sa.Column("lines", Json(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_methane_author_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_methane_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "incident_id"],
            ["incident.workspace_id", "incident.id"],
            name=op.f("fk_methane_workspace_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_methane_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_methane")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_methane_incident_id_number")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_methane_workspace_id_id")),
    )
    op.create_table(
        "methane_draft",
        sa.Column("workspace_id", KEY, autoincrement=False, nullable=False),
        sa.Column("incident_id", KEY, autoincrement=False, nullable=False),
        sa.Column("user_id", KEY, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_methane_draft_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "incident_id"],
            ["incident.workspace_id", "incident.id"],
            name=op.f("fk_methane_draft_workspace_id_incident_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "incident_id", "user_id", name=op.f("pk_methane_draft")),
    )
    op.create_table(
        "conversation_merge",
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("part_id", KEY, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_conversation_merge_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_conversation_merge_ended_by_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_conversation_merge_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "lead_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_conversation_merge_workspace_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "part_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_conversation_merge_workspace_id_part_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_conversation_merge_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_merge")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_conversation_merge_workspace_id_id")),
    )
    op.create_index(
        "ix_conversation_merge_lead",
        "conversation_merge",
        ["lead_id"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index(
        "ix_conversation_merge_part",
        "conversation_merge",
        ["part_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "incident_conversation",
        sa.Column("incident_id", KEY, nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("added", UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.Column("removed", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name=op.f("fk_incident_conversation_added_by_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["user.id"], name=op.f("fk_incident_conversation_removed_by_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_incident_conversation_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_incident_conversation_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "incident_id"],
            ["incident.workspace_id", "incident.id"],
            name=op.f("fk_incident_conversation_workspace_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_incident_conversation_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_conversation")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_incident_conversation_workspace_id_id")),
    )
    op.create_index(
        "ix_incident_conversation_incident", "incident_conversation", ["incident_id", "conversation_id"], unique=False
    )
    op.create_index(
        "ix_incident_conversation_one",
        "incident_conversation",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("removed IS NULL"),
        postgresql_where=sa.text("removed IS NULL"),
    )
    op.create_table(
        "note",
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written", UtcDateTime(timezone=True), nullable=False),
        sa.Column("corrected", UtcDateTime(timezone=True), nullable=True),
        sa.Column("struck", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_note_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_note_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_note_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_note_workspace_id_id")),
    )
    op.create_index("ix_note_conversation", "note", ["conversation_id", "written"], unique=False)
    op.create_table(
        "note_version",
        sa.Column("note_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_note_version_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "note_id"],
            ["note.workspace_id", "note.id"],
            name=op.f("fk_note_version_workspace_id_note_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_note_version_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_version")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_note_version_workspace_id_id")),
    )
    op.create_index("ix_note_version_note", "note_version", ["note_id"], unique=False)
    op.create_table(
        "notification",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("note_id", KEY, nullable=True),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_notification_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notification_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_notification_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_notification_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "note_id"],
            ["note.workspace_id", "note.id"],
            name=op.f("fk_notification_workspace_id_note_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_notification_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_notification_workspace_id_id")),
    )
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["workspace_id", "user_id"],
        unique=False,
        sqlite_where=sa.text("read IS NULL"),
        postgresql_where=sa.text("read IS NULL"),
    )
    op.create_index("ix_notification_user", "notification", ["workspace_id", "user_id", "at"], unique=False)
    op.create_table(
        "methane_evidence",
        sa.Column("methane_id", KEY, nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_methane_evidence_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "message_id"],
            ["message.workspace_id", "message.id"],
            name=op.f("fk_methane_evidence_workspace_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "methane_id"],
            ["methane.workspace_id", "methane.id"],
            name=op.f("fk_methane_evidence_workspace_id_methane_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_methane_evidence_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_methane_evidence")),
        sa.UniqueConstraint(
            "methane_id", "line", "message_id", name=op.f("uq_methane_evidence_methane_id_line_message_id")
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_methane_evidence_workspace_id_id")),
    )
    op.add_column("conversation", sa.Column("raised", Json(), nullable=True))
    guard()
    furnish()


def guard() -> None:
    """No change of a row without its event, as for the tables of the first schema."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in AUDITED:
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" WHEN NEW.audit_id <= OLD.audit_id '
            f"BEGIN SELECT RAISE(ABORT, 'a change of {table} without its audit event'); END"
            if sqlite
            else f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()"
        )


def furnish() -> None:
    """Workspaces that exist get the flags that a new one begins with, under the event that made the workspace."""
    for word in FLAGS:
        op.execute(
            sa.text(
                "INSERT INTO flag (workspace_id, audit_id, word) SELECT w.id, MIN(e.id), :word FROM workspace w "
                "JOIN audit_event e ON e.workspace_id = w.id GROUP BY w.id"
            ).bindparams(word=word)
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
