"""The readings of a post are found by its workspace and itself: by the message alone the index lost to the one by workspace and
time, and every post was looked for among all readings of the workspace.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_post_figures_message", "post_figures")
    op.create_index("ix_post_figures_message", "post_figures", ["workspace_id", "message_id", "taken"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
