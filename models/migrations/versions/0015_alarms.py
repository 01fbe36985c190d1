"""Alarms, their causes, how a workspace raises them, and the instants of unanswered turns.

Revision ID: 0015
Revises: 0014
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("acknowledged IS NULL AND cleared IS NULL")


def number(name: str, default: int | None = None, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, nullable=nullable, default=default)


def instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def standing(table: str, *parents: tuple[str, str]) -> list[sa.schema.SchemaItem]:
    """What every owned and audited table has."""
    return [
        sa.Column("id", KEY, nullable=False),
        number("workspace_id"),
        number("audit_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f(f"fk_{table}_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
        *(inside(table, *parent) for parent in parents),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{table}_workspace_id_id")),
    ]


def inside(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{parent}.workspace_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_workspace_id_{column}"),
    )


def where(condition: sa.TextClause) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def upgrade() -> None:
    create_ways()
    create_alarm()
    create_cause()
    create_deadline()
    for table in ("alarm_ways", "alarm", "alarm_cause"):
        guard(table)


def create_ways() -> None:
    seconds = ("supervisor_seconds", "duty_seconds", "budget", "fresh_seconds", "valid_seconds", "unwatched_seconds")
    op.create_table(
        "alarm_ways",
        sa.Column("soon_share", sa.Float(), nullable=False),
        *(number(name) for name in (*seconds, "failing_seconds")),
        *(number(name, nullable=True) for name in ("duty_team_id", "quiet_from", "quiet_until")),
        *standing("alarm_ways", ("team", "duty_team_id")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_alarm_ways_workspace_id")),
    )


def create_alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *(number(name, nullable=True) for name in ("rank", "account_id", "team_id", "conversation_id")),
        number("step"),
        number("acknowledged_by", nullable=True),
        instant("raised"),
        *(instant(name, nullable=True) for name in ("climbs", "acknowledged", "cleared")),
        *standing("alarm", ("account", "account_id"), ("team", "team_id"), ("conversation", "conversation_id")),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["user.id"], name=op.f("fk_alarm_acknowledged_by")),
    )
    op.create_index("ix_alarm_raised", "alarm", ["workspace_id", "raised"])
    op.create_index("ix_alarm_open", "alarm", ["workspace_id", "kind"], **where(OPEN))
    op.create_index("ix_alarm_climbs", "alarm", ["climbs"], **where(sa.text("climbs IS NOT NULL")))


def create_cause() -> None:
    op.create_table(
        "alarm_cause",
        number("alarm_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        *(number(name, nullable=True) for name in ("account_id", "conversation_id", "turn_id")),
        *(instant(name) for name in ("fell", "known", "raised")),
        instant("cleared", nullable=True),
        *standing("alarm_cause", ("alarm", "alarm_id"), ("account", "account_id"), ("conversation", "conversation_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_alarm_cause_workspace_id_key")),
    )
    op.create_index("ix_alarm_cause_alarm", "alarm_cause", ["alarm_id"])
    op.create_index("ix_alarm_cause_raised", "alarm_cause", ["workspace_id", "raised"])
    still = where(sa.text("cleared IS NULL"))
    op.create_index("ix_alarm_cause_open", "alarm_cause", ["workspace_id", "kind", "turn_id"], **still)


def create_deadline() -> None:
    """The turns that wait now have their instants too; what is left of a third is taken by the wall clock here."""
    op.create_table(
        "deadline",
        *(sa.Column(name, KEY, autoincrement=False, nullable=False) for name in ("workspace_id", "turn_id")),
        *(number(name) for name in ("conversation_id", "account_id", "rank")),
        *(instant(name) for name in ("soon", "due", "known")),
        instant("look", nullable=True),
        inside("deadline", "conversation", "conversation_id"),
        inside("deadline", "account", "account_id"),
        sa.PrimaryKeyConstraint("workspace_id", "turn_id", name=op.f("pk_deadline")),
    )
    op.create_index("ix_deadline_look", "deadline", ["look"], **where(sa.text("look IS NOT NULL")))
    third = "t.target_seconds * 1000000 / 3"
    soon, now = f"t.due - {third}", "CAST(strftime('%s', 'now') AS INTEGER) * 1000000"
    if op.get_bind().dialect.name != "sqlite":
        soon, now = "t.due - make_interval(secs => t.target_seconds / 3.0)", "now()"
    into = "deadline (workspace_id, turn_id, conversation_id, account_id, rank, soon, due, known, look)"
    columns = f"t.workspace_id, t.id, t.conversation_id, t.account_id, g.rank, {soon}, t.due, {now}, {soon}"
    found = "turn t JOIN grade g ON g.id = t.grade_id WHERE t.replied IS NULL AND t.ended IS NULL"
    op.execute(f"INSERT INTO {into} SELECT {columns} FROM {found}")  # noqa: S608  # nosec B608


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
