"""The policy of a workspace by version, and who has acknowledged which.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AUDITED = ("policy", "acknowledgement")


def upgrade() -> None:
    op.create_table(
        "policy",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published", UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_policy_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_policy_published_by")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_policy_workspace_id_number")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_policy_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_policy_workspace_id_id")),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_acknowledgement_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_acknowledgement_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "policy_id"],
            ["policy.workspace_id", "policy.id"],
            name=op.f("fk_acknowledgement_workspace_id_policy_id"),
        ),
        sa.UniqueConstraint("policy_id", "user_id", name=op.f("uq_acknowledgement_policy_id_user_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_acknowledgement_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_acknowledgement_workspace_id_id")),
    )
    for table in AUDITED:
        _audit(table)


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
