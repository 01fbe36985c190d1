"""How our own posts fared: readings of the figures that networks give.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTS = (
    "impressions",
    "likes",
    "replies",
    "reposts",
    "quotes",
    "bookmarks",
    "link_clicks",
    "profile_clicks",
    "video_views",
    "video_completed",
)
OURS = sa.text("direction = 'out' AND kind = 'public'")


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "post_figures",
        sa.Column("id", key(), nullable=False),
        sa.Column("workspace_id", key(), nullable=False),
        sa.Column("account_id", key(), nullable=False),
        sa.Column("message_id", key(), nullable=False),
        sa.Column("taken", UtcDateTime(timezone=True), nullable=False),
        *(sa.Column(name, key(), nullable=True) for name in COUNTS),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_post_figures_workspace_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "message_id"],
            ["message.workspace_id", "message.id"],
            name=op.f("fk_post_figures_workspace_id_message_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_figures")),
    )
    op.create_index("ix_post_figures_message", "post_figures", ["message_id", "taken"])
    op.create_index("ix_post_figures_taken", "post_figures", ["workspace_id", "taken"])
    op.create_index("ix_message_ours", "message", ["account_id", "sent"], sqlite_where=OURS, postgresql_where=OURS)


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
