"""Alerts out: destinations, and what is still to be told there.

Revision ID: 0022
Revises: 0021
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TRIES = sa.text("next_try IS NOT NULL")


def number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, nullable=nullable)


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def inside(table: str, parent: str, late: bool = False) -> sa.ForeignKeyConstraint:
    column = "audit_id" if late else f"{parent}_id"
    name = op.f(f"fk_{table}_workspace_id_{column}")
    to = [f"{parent}.workspace_id", f"{parent}.id"]
    extra: dict[str, Any] = {"initially": "DEFERRED", "deferrable": True} if late else {}
    return sa.ForeignKeyConstraint(["workspace_id", column], to, name=name, **extra)


def upgrade() -> None:
    op.create_table(
        "destination",
        *(words(name) for name in ("name", "service", "address")),
        *(number(name, nullable=True) for name in ("user_id", "team_id")),
        number("from_step"),
        instant("removed", nullable=True),
        *(number(name) for name in ("id", "workspace_id", "audit_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_destination_workspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_destination_user_id")),
        inside("destination", "audit_event", late=True),
        inside("destination", "team"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_destination_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_destination_workspace_id_name")),
    )
    op.create_table(
        "alert_out",
        *(number(name) for name in ("id", "workspace_id", "alarm_id", "destination_id", "step", "tries")),
        *(words(name) for name in ("state", "problem")),
        instant("stored"),
        *(instant(name, nullable=True) for name in ("next_try", "told")),
        inside("alert_out", "alarm"),
        inside("alert_out", "destination"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_out")),
        sa.UniqueConstraint(
            "alarm_id", "destination_id", "step", name=op.f("uq_alert_out_alarm_id_destination_id_step")
        ),
    )
    op.create_index("ix_alert_out_next_try", "alert_out", ["next_try"], sqlite_where=TRIES, postgresql_where=TRIES)
    guard("destination")


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
