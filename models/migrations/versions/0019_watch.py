"""Proof of watch: open queues, who watched which account from when to when, and how each account's watch stands.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOOKS = sa.text("look IS NOT NULL")


def instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def place(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, KEY, autoincrement=False, nullable=False) for name in names]


def account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "account_id"],
        ["account.workspace_id", "account.id"],
        name=op.f(f"fk_{table}_workspace_id_account_id"),
    )


def upgrade() -> None:
    op.create_table(
        "watch_window",
        *place("workspace_id", "user_id"),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("accounts", sa.Text(), nullable=False),
        instant("acted"),
        instant("until"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_watch_window_workspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_watch_window_user_id")),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", "page", name=op.f("pk_watch_window")),
    )
    op.create_index(op.f("ix_watch_window_workspace_id_until"), "watch_window", ["workspace_id", "until"])
    op.create_table(
        "watch",
        *place("workspace_id", "account_id"),
        instant("begun"),
        instant("until"),
        account("watch"),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "begun", name=op.f("pk_watch")),
    )
    op.create_index("ix_watch_until", "watch", ["workspace_id", "account_id", "until"])
    op.create_table(
        "account_watch",
        *place("workspace_id", "account_id"),
        instant("begun", nullable=True),
        instant("acted", nullable=True),
        instant("until"),
        instant("known"),
        instant("look", nullable=True),
        account("account_watch"),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", name=op.f("pk_account_watch")),
    )
    op.create_index("ix_account_watch_look", "account_watch", ["look"], sqlite_where=LOOKS, postgresql_where=LOOKS)
    know_the_accounts()


def know_the_accounts() -> None:
    """Of accounts that stand here already, nobody knows who watched them before."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    now = "CAST(strftime('%s', 'now') AS INTEGER) * 1000000" if sqlite else "now()"
    into = "account_watch (workspace_id, account_id, until, known, look)"
    op.execute(f"INSERT INTO {into} SELECT workspace_id, id, {now}, {now}, {now} FROM account")  # noqa: S608  # nosec B608


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
