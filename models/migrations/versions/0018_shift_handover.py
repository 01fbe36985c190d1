"""Shifts handed over: what stood at an instant, and who took over.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WAITS = sa.text("accepted IS NULL AND taken_back IS NULL")


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shift_handover",
        sa.Column("id", key(), nullable=False),
        sa.Column("workspace_id", key(), nullable=False),
        sa.Column("audit_id", key(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("given", UtcDateTime(timezone=True), nullable=False),
        sa.Column("given_by", key(), nullable=False),
        sa.Column("taker_id", key(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("accepted", UtcDateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", key(), nullable=True),
        sa.Column("taken_back", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_shift_handover_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["given_by"], ["user.id"], name=op.f("fk_shift_handover_given_by")),
        sa.ForeignKeyConstraint(["taker_id"], ["user.id"], name=op.f("fk_shift_handover_taker_id")),
        sa.ForeignKeyConstraint(["accepted_by"], ["user.id"], name=op.f("fk_shift_handover_accepted_by")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_shift_handover_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_handover")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_shift_handover_workspace_id_id")),
    )
    op.create_index(
        "ix_shift_handover_waiting",
        "shift_handover",
        ["workspace_id"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index("ix_shift_handover_given", "shift_handover", ["workspace_id", "given"])
    _audit("shift_handover")


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
