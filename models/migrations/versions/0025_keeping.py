"""When an account is watched, and whom to call about it.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAMES = ("watch_hours", "call")


def upgrade() -> None:
    for name in NAMES:
        op.add_column("account", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind the keeping of accounts")
