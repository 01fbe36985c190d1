"""Experts who are asked for, one after the other.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OPEN, CALLED = sa.text("ended IS NULL"), sa.text("until IS NOT NULL")
TABLE = "expert_ask"


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def within(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        name=op.f(f"fk_{TABLE}_workspace_id_{column}"),
        deferrable=table == "audit_event" or None,
        initially="DEFERRED" if table == "audit_event" else None,
    )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", key(), nullable=False),
        sa.Column("workspace_id", key(), nullable=False),
        sa.Column("audit_id", key(), nullable=False),
        sa.Column("conversation_id", key(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("asked", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", key(), nullable=True),
        sa.Column("alarm_id", key(), nullable=True),
        sa.Column("called_id", key(), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.Text(), nullable=False),
        within("audit_id", "audit_event"),
        within("conversation_id", "conversation"),
        within("alarm_id", "alarm"),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_expert_ask_asked_by")),
        sa.ForeignKeyConstraint(["called_id"], ["user.id"], name=op.f("fk_expert_ask_called_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_expert_ask_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_ask")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_expert_ask_workspace_id_id")),
    )
    op.create_index("ix_expert_ask_alarm", TABLE, ["alarm_id"])
    op.create_index("ix_expert_ask_until", TABLE, ["until"], sqlite_where=CALLED, postgresql_where=CALLED)
    op.create_index(
        "ix_expert_ask_open",
        TABLE,
        ["workspace_id", "conversation_id", "word"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            'CREATE TRIGGER "expert_ask_audited" BEFORE UPDATE ON "expert_ask" WHEN NEW.audit_id <= OLD.audit_id '
            "BEGIN SELECT RAISE(ABORT, 'a change of expert_ask without its audit event'); END"
        )
    else:
        op.execute(
            'CREATE TRIGGER "expert_ask_audited" BEFORE UPDATE ON "expert_ask" FOR EACH ROW '
            "EXECUTE FUNCTION refuse_unaudited()"
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
