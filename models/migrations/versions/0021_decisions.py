"""The decision log of conversations and incidents.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def parent(table: str) -> sa.ForeignKeyConstraint:
    column = "corrects_id" if table == "decision" else f"{table}_id"
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        name=op.f(f"fk_decision_workspace_id_{column}"),
    )


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", key(), nullable=False),
        sa.Column("workspace_id", key(), nullable=False),
        sa.Column("audit_id", key(), nullable=False),
        sa.Column("conversation_id", key(), nullable=True),
        sa.Column("incident_id", key(), nullable=True),
        sa.Column("author_id", key(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("corrects_id", key(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_decision_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        *(parent(table) for table in ("conversation", "incident", "decision")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_decision_author_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_decision_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_decision_workspace_id_id")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_decision_corrects_id")),
    )
    op.create_index("ix_decision_conversation", "decision", ["conversation_id"])
    op.create_index("ix_decision_incident", "decision", ["incident_id"])
    _audit("decision")


def _audit(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" WHEN NEW.audit_id <= OLD.audit_id '
            f"BEGIN SELECT RAISE(ABORT, 'a change of {table} without its audit event'); END"
        )
    else:
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()'
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
