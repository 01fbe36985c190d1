"""Tracked links: short links of our own, and their clicks by day and kind of place.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, KEY, nullable=False)


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def instant(name: str) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "tracked_link",
        *(words(name) for name in ("code", "name", "target")),
        instant("created"),
        sa.Column("off", UtcDateTime(timezone=True), nullable=True),
        *(number(name) for name in ("id", "workspace_id", "audit_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_tracked_link_workspace_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_tracked_link_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracked_link")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_tracked_link_workspace_id_id")),
        sa.UniqueConstraint("code", name=op.f("uq_tracked_link_code")),
    )
    op.create_table(
        "link_click",
        *(number(name) for name in ("workspace_id", "link_id", "count")),
        *(words(name) for name in ("day", "referrer")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "link_id"],
            ["tracked_link.workspace_id", "tracked_link.id"],
            name=op.f("fk_link_click_workspace_id_link_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", "link_id", "referrer", name=op.f("pk_link_click")),
    )
    guard("tracked_link")


def guard(table: str) -> None:
    """A change of it without its audit event is refused."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" WHEN NEW.audit_id <= OLD.audit_id '
            f"BEGIN SELECT RAISE(ABORT, 'a change of {table} without its audit event'); END"
        )
    else:
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()"
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
