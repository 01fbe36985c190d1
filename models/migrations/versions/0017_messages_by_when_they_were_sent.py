"""Messages are found by when they were sent: a surge is looked for at every change.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_message_sent", "message", ["workspace_id", "sent"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
