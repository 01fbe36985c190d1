"""Security keys, and the questions that browsers answer with them.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "security_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used", UtcDateTime(timezone=True), nullable=True),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit_event.id"],
            name=op.f("fk_security_key_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_security_key_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key")),
        sa.UniqueConstraint("credential", name=op.f("uq_security_key_credential")),
    )
    op.create_index(op.f("ix_security_key_user_id"), "security_key", ["user_id"], unique=False)
    op.create_table(
        "key_challenge",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_key_challenge_user_id")),
        sa.PrimaryKeyConstraint("user_id", "purpose", name=op.f("pk_key_challenge")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            'CREATE TRIGGER "security_key_audited" BEFORE UPDATE ON "security_key" WHEN NEW.audit_id <= OLD.audit_id '
            "BEGIN SELECT RAISE(ABORT, 'a change of security_key without its audit event'); END"
        )
    else:
        op.execute(
            'CREATE TRIGGER "security_key_audited" BEFORE UPDATE ON "security_key" '
            "FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()"
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
