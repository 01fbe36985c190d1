"""The survey: whether and how it is asked, who was, open links and counts; and replies that nobody wrote.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, KEY, nullable=False)


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def instant(name: str) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=False)


def inside(table: str, parent: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_workspace_id_{parent}_id")
    return sa.ForeignKeyConstraint(
        ["workspace_id", f"{parent}_id"], [f"{parent}.workspace_id", f"{parent}.id"], name=name
    )


def keyed(table: str, *unique: str) -> list[sa.UniqueConstraint | sa.PrimaryKeyConstraint]:
    name = op.f(f"uq_{table}_{'_'.join(unique)}")
    return [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), sa.UniqueConstraint(*unique, name=name)]


def upgrade() -> None:
    op.create_table(
        "survey_ways",
        sa.Column("on", sa.Boolean(), nullable=False),
        words("text"),
        *(number(name) for name in ("id", "workspace_id", "audit_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_survey_ways_workspace_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_survey_ways_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        *keyed("survey_ways", "workspace_id"),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_survey_ways_workspace_id_id")),
    )
    op.create_table(
        "survey_due",
        *(number(name) for name in ("id", "workspace_id", "conversation_id", "user_id")),
        instant("ready"),
        inside("survey_due", "conversation"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_survey_due_user_id")),
        *keyed("survey_due", "workspace_id", "conversation_id"),
    )
    op.create_index(op.f("ix_survey_due_ready"), "survey_due", ["ready"])
    op.create_table(
        "survey_asked",
        *(number(name) for name in ("id", "workspace_id")),
        words("digest"),
        *keyed("survey_asked", "workspace_id", "digest"),
    )
    op.create_table(
        "survey_link",
        *(number(name) for name in ("id", "workspace_id")),
        *(words(name) for name in ("token_hash", "channel", "month")),
        instant("until"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_link")),
    )
    op.create_index(op.f("ix_survey_link_token_hash"), "survey_link", ["token_hash"], unique=True)
    op.create_index(op.f("ix_survey_link_until"), "survey_link", ["until"])
    op.create_table(
        "survey_count",
        number("workspace_id"),
        *(words(name) for name in ("month", "channel", "what")),
        number("count"),
        sa.PrimaryKeyConstraint("workspace_id", "month", "channel", "what", name=op.f("pk_survey_count")),
    )
    op.create_table(
        "automatic_reply",
        *(number(name) for name in ("id", "workspace_id", "outgoing_id")),
        inside("automatic_reply", "outgoing"),
        *keyed("automatic_reply", "workspace_id", "outgoing_id"),
    )
    guard("survey_ways")


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
