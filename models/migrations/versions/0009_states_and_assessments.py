"""How a conversation stands: assessments, when a state began and ends, topics set by people.

Revision ID: 0009
Revises: 0008
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ANSWERS = ("threat", "harm", "risk", "investigation", "vulnerability", "engagement")


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("grade_id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", UtcDateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ANSWERS),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assessment_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_assessment_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", f"{parent}_id"],
                [f"{parent}.workspace_id", f"{parent}.id"],
                name=op.f(f"fk_assessment_workspace_id_{parent}_id"),
            )
            for parent in ("conversation", "grade", "message")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_assessment_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_assessment_workspace_id_id")),
    )
    op.create_index("ix_assessment_conversation_id_at", "assessment", ["conversation_id", "at"])
    for name, column in COLUMNS:
        op.add_column(name, column)
    op.create_index(
        "ix_conversation_snoozed",
        "conversation",
        ["snoozed_until"],
        sqlite_where=sa.text("snoozed_until IS NOT NULL"),
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )
    _guard()


COLUMNS: tuple[tuple[str, sa.Column[Any]], ...] = (
    ("conversation", sa.Column("unassessed", sa.Boolean(), server_default=sa.true(), nullable=False)),
    ("conversation", sa.Column("assessed", UtcDateTime(timezone=True), nullable=True)),
    ("conversation", sa.Column("assessed_rank", KEY, nullable=True)),
    ("conversation", sa.Column("reassess", UtcDateTime(timezone=True), nullable=True)),
    ("conversation", sa.Column("state_since", UtcDateTime(timezone=True), nullable=True)),
    ("conversation", sa.Column("snoozed_until", UtcDateTime(timezone=True), nullable=True)),
    ("conversation", sa.Column("partner", sa.Text(), server_default="", nullable=False)),
    ("conversation", sa.Column("topic_set", UtcDateTime(timezone=True), nullable=True)),
    ("episode", sa.Column("settled", UtcDateTime(timezone=True), nullable=True)),
    ("turn", sa.Column("paused", KEY, server_default="0", nullable=False)),
    ("message", sa.Column("topic_set", sa.Boolean(), server_default=sa.false(), nullable=False)),
    ("grade", sa.Column("reassess_seconds", KEY, nullable=True)),
    ("workspace", sa.Column("snooze_from", KEY, server_default="2", nullable=False)),
)


def _guard() -> None:
    """An assessment changes only with its event, as every business row does."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            'CREATE TRIGGER "assessment_audited" BEFORE UPDATE ON "assessment" WHEN NEW.audit_id <= OLD.audit_id '
            "BEGIN SELECT RAISE(ABORT, 'a change of assessment without its audit event'); END"
        )
    else:
        op.execute(
            'CREATE TRIGGER "assessment_audited" BEFORE UPDATE ON "assessment" '
            "FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()"
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind assessments")
