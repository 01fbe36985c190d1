"""Tokens of the API.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=null)


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", key(), nullable=False),
        sa.Column("user_id", key(), nullable=False),
        sa.Column("workspace_id", key(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("reach", Json, nullable=False),
        instant("created"),
        instant("until"),
        instant("last_used", null=True),
        instant("revoked", null=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_token_user_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_api_token_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    op.create_index(op.f("ix_api_token_token_hash"), "api_token", ["token_hash"], unique=True)
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
