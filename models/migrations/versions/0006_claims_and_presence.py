"""Claims that lapse and are handed over, and who is looking."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("grade", sa.Column("idle_seconds", KEY, nullable=True))
    op.add_column("grade", sa.Column("idle_clock", sa.Text(), nullable=True))
    op.add_column("revision", sa.Column("presence", KEY, nullable=False, server_default="0"))
    create_hold()
    create_hand_over()
    create_presence()
    op.create_index(
        "ix_conversation_assigned",
        "conversation",
        ["workspace_id", "assigned_id"],
        sqlite_where=sa.text("assigned_id IS NOT NULL"),
        postgresql_where=sa.text("assigned_id IS NOT NULL"),
    )
    op.create_index(
        "ix_conversation_team",
        "conversation",
        ["workspace_id", "team_id"],
        sqlite_where=sa.text("team_id IS NOT NULL"),
        postgresql_where=sa.text("team_id IS NOT NULL"),
    )
    hold_what_is_held()
    guard("hand_over")


def create_hold() -> None:
    op.create_table(
        "hold",
        sa.Column("workspace_id", KEY, autoincrement=False, nullable=False),
        sa.Column("conversation_id", KEY, autoincrement=False, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("session_id", KEY, nullable=True),
        sa.Column("rank", KEY, nullable=False),
        sa.Column("acted", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lapses", UtcDateTime(timezone=True), nullable=False),
        sa.Column("look", UtcDateTime(timezone=True), nullable=True),
        sa.Column("lapsed", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_hold_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_hold_user_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_hold_session_id")),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", name=op.f("pk_hold")),
    )
    op.create_index(
        "ix_hold_look",
        "hold",
        ["look"],
        sqlite_where=sa.text("look IS NOT NULL"),
        postgresql_where=sa.text("look IS NOT NULL"),
    )


def create_hand_over() -> None:
    open_ones = sa.text("state = 'offered'")
    op.create_table(
        "hand_over",
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("giver_id", KEY, nullable=False),
        sa.Column("taker_id", KEY, nullable=True),
        sa.Column("team_id", KEY, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("offered", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lapses", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["giver_id"], ["user.id"], name=op.f("fk_hand_over_giver_id")),
        sa.ForeignKeyConstraint(["taker_id"], ["user.id"], name=op.f("fk_hand_over_taker_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_hand_over_ended_by")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_hand_over_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_hand_over_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_hand_over_workspace_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_hand_over_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_hand_over_workspace_id_id")),
    )
    op.create_index(
        "ix_hand_over_open",
        "hand_over",
        ["conversation_id"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_index("ix_hand_over_lapses", "hand_over", ["lapses"], sqlite_where=open_ones, postgresql_where=open_ones)
    op.create_index("ix_hand_over_conversation", "hand_over", ["conversation_id"])


def create_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("workspace_id", KEY, autoincrement=False, nullable=False),
        sa.Column("user_id", KEY, autoincrement=False, nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("writing_until", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name=op.f("fk_presence_workspace_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_presence_user_id")),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", "page", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_workspace_id_until"), "presence", ["workspace_id", "until"])


def hold_what_is_held() -> None:
    """Claims that stand now go on, and lapse like those made after this."""
    rank = "CASE rank WHEN 1 THEN {0} WHEN 2 THEN {1} ELSE {2} END"
    if op.get_bind().dialect.name == "sqlite":
        now = "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000)"
        later = f"{now} + {rank.format(*(minutes * 60_000_000 for minutes in (5, 15, 60)))}"
    else:
        now = "now()"
        later = f"now() + {rank.format(*(f'''interval '{minutes} minutes' ''' for minutes in (5, 15, 60)))}"
    columns = f"workspace_id, id, holder_id, rank, {now}, {later}, {later}"
    into = "hold (workspace_id, conversation_id, user_id, rank, acted, lapses, look)"
    op.execute(f"INSERT INTO {into} SELECT {columns} FROM conversation WHERE holder_id IS NOT NULL")  # noqa: S608  # nosec B608


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
