"""The index of words over messages and contacts, and saved views.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from models.base import Json
from models.search_index import CONTACTS, MESSAGES, POSTGRES_WORDS, making

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filters", Json(), nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("role_id", KEY, nullable=True),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_saved_view_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "role_id"],
            ["role.workspace_id", "role.id"],
            name=op.f("fk_saved_view_workspace_id_role_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_saved_view_workspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_saved_view_workspace_id_id")),
    )
    op.create_index(op.f("ix_saved_view_workspace_id_user_id"), "saved_view", ["workspace_id", "user_id"])
    op.create_index(op.f("ix_saved_view_workspace_id_role_id"), "saved_view", ["workspace_id", "role_id"])
    guard("saved_view")
    index_words()


def guard(table: str) -> None:
    """No change without its event."""
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


def index_words() -> None:
    """Make the index, and put in it what is stored already: about 50 seconds for a million messages."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        # Letters of every script become small whatever the server's own locale.
        known = connection.exec_driver_sql("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'").scalar()
        collation = ' COLLATE "und-x-icu"' if known else ""
        connection.exec_driver_sql(POSTGRES_WORDS.replace("{collation}", collation))
    for source in (MESSAGES, CONTACTS):
        for statement in making(connection.dialect.name, source):
            connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind the index of words")
