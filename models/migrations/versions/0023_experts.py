"""Who is on duty, and the skills of colleagues.

Revision ID: 0023
Revises: 0022
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ON = sa.text("ended IS NULL")


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def owned(table: str) -> list[Any]:
    return [
        sa.Column("id", key(), nullable=False),
        sa.Column("workspace_id", key(), nullable=False),
        sa.Column("audit_id", key(), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f(f"fk_{table}_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f(f"fk_{table}_user_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{table}_workspace_id_id")),
    ]


def upgrade() -> None:
    op.create_table(
        "duty",
        *owned("duty"),
        sa.Column("began", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", key(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_duty_ended_by")),
    )
    op.create_index(
        "ix_duty_on", "duty", ["workspace_id", "user_id"], unique=True, sqlite_where=ON, postgresql_where=ON
    )
    op.create_table(
        "skill",
        *owned("skill"),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.UniqueConstraint("workspace_id", "user_id", "word", name=op.f("uq_skill_workspace_id_user_id_word")),
    )
    for table in ("duty", "skill"):
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
