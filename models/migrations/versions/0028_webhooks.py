"""Webhooks: programs that are told of events, and what is still to be told.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TRIES = sa.text("next_try IS NOT NULL")


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, KEY, nullable=False)


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "webhook",
        *(words(name) for name in ("name", "host", "sealed", "events")),
        instant("created"),
        *(instant(name, nullable=True) for name in ("off", "removed")),
        *(number(name) for name in ("id", "workspace_id", "audit_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_webhook_workspace_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_webhook_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_webhook_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_webhook_workspace_id_name")),
    )
    op.create_table(
        "webhook_call",
        *(number(name) for name in ("id", "workspace_id", "webhook_id", "tries")),
        *(words(name) for name in ("event", "about", "facts", "state", "problem")),
        instant("stored"),
        *(instant(name, nullable=True) for name in ("next_try", "told")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "webhook_id"],
            ["webhook.workspace_id", "webhook.id"],
            name=op.f("fk_webhook_call_workspace_id_webhook_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_call")),
        sa.UniqueConstraint("webhook_id", "event", "about", name=op.f("uq_webhook_call_webhook_id_event_about")),
    )
    op.create_index(
        "ix_webhook_call_next_try", "webhook_call", ["next_try"], sqlite_where=TRIES, postgresql_where=TRIES
    )
    op.create_index("ix_webhook_call_workspace_id_id", "webhook_call", ["workspace_id", "id"])
    guard("webhook")


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
