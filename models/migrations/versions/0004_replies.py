"""What replies need: templates, blocked words, drafts, approval by grade.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AUDITED = ("blocked_word", "template")
FOR_A_PERSON = "state IN ('draft', 'needs a person', 'rejected', 'sent back')"


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _owned(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", _key(), nullable=False),
        sa.Column("workspace_id", _key(), nullable=False),
        sa.Column("audit_id", _key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f(f"fk_{table}_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{table}_workspace_id_id")),
    )


def upgrade() -> None:
    op.create_table(
        "template",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("position", _key(), nullable=False),
        sa.Column("retired", UtcDateTime(timezone=True), nullable=True),
        *_owned("template"),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_template_workspace_id_name")),
    )
    op.create_table(
        "blocked_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("retired", UtcDateTime(timezone=True), nullable=True),
        *_owned("blocked_word"),
        sa.UniqueConstraint("workspace_id", "word", name=op.f("uq_blocked_word_workspace_id_word")),
    )
    op.create_table(
        "draft",
        sa.Column("workspace_id", _key(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", _key(), autoincrement=False, nullable=False),
        sa.Column("user_id", _key(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_draft_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_draft_user_id")),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", "user_id", name=op.f("pk_draft")),
    )
    op.add_column("grade", sa.Column("needs_approval", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_outgoing_person",
        "outgoing",
        ["workspace_id", "conversation_id", "state"],
        sqlite_where=sa.text(FOR_A_PERSON),
        postgresql_where=sa.text(FOR_A_PERSON),
    )
    guard()


def guard() -> None:
    """No change of a new business table without its event."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in AUDITED:
        if sqlite:
            op.execute(
                f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" WHEN NEW.audit_id <= OLD.audit_id '
                f"BEGIN SELECT RAISE(ABORT, 'a change of {table} without its audit event'); END"
            )
        else:
            op.execute(
                f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()"
            )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
