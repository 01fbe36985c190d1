"""Rows as they were, how the volumes moved, and the main board's figures minute by minute.

The triggers that write the first two are made after every migration (``models/past_triggers.py``).

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "former",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("begun_id", KEY, nullable=False),
        sa.Column("ended_id", KEY, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former")),
    )
    op.create_index("ix_former_ended", "former", ["workspace_id", "entity", "ended_id", "begun_id"])
    op.create_table(
        "volume_move",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("hour", UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("count", KEY, nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_move")),
    )
    cells = ["workspace_id", "hour", "event_id", "account_id", "hours", "count"]
    op.create_index("ix_volume_move_hour", "volume_move", cells)
    op.create_index("ix_volume_move_event", "volume_move", ["workspace_id", "event_id"])
    op.create_table(
        "minute",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("drawn", UtcDateTime(timezone=True), nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("figures", Json(), nullable=False),
        sa.Column("seen", Json(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_minute_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "at", name=op.f("pk_minute")),
    )
    begin()


def begin() -> None:
    """What is there already counts from the first event on; what it looked like before is not known."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO volume_move (workspace_id, hour, account_id, hours, count, event_id) "
            "SELECT workspace_id, hour, account_id, hours, count, 0 FROM hourly_total UNION ALL "
            "SELECT workspace_id, hour, account_id, 'spam', count, 0 FROM hourly WHERE spam = 1"
        )
    )
    newest = connection.scalar(
        sa.select(sa.func.max(sa.column("at", UtcDateTime()))).select_from(sa.table("audit_event"))
    )
    if newest is not None:
        fact = sa.table("installation", sa.column("key"), sa.column("value"))
        connection.execute(fact.insert().values(key="past known from", value=newest.isoformat()))


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind the time machine")
