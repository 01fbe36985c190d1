"""Administration: invitations, second factors, teams' practice, lockdowns, screens that wait to be paired.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AUDITED = ("invitation", "lockdown", "recovery_code", "second_factor", "team_practice")


def upgrade() -> None:
    op.create_table(
        "pairing",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_pairing")),
    )
    op.create_index(op.f("ix_pairing_token_hash"), "pairing", ["token_hash"], unique=True)
    op.create_table(
        "invitation",
        sa.Column("sign_in", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", Json(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_invitation_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_invitation_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_invitation_workspace_id_id")),
    )
    op.create_index(op.f("ix_invitation_token_hash"), "invitation", ["token_hash"], unique=True)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used", UtcDateTime(timezone=True), nullable=True),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit_event.id"],
            name=op.f("fk_recovery_code_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")),
    )
    op.create_table(
        "second_factor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed", UtcDateTime(timezone=True), nullable=True),
        sa.Column("step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit_event.id"],
            name=op.f("fk_second_factor_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_second_factor_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factor_user_id")),
    )
    op.create_table(
        "lockdown",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun", UtcDateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["begun_by"], ["user.id"], name=op.f("fk_lockdown_begun_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_lockdown_ended_by")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "account_id"],
            ["account.workspace_id", "account.id"],
            name=op.f("fk_lockdown_workspace_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_lockdown_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_lockdown_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lockdown")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_lockdown_workspace_id_id")),
    )
    op.create_index(
        "ix_lockdown_standing",
        "lockdown",
        ["workspace_id", "until"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "team_practice",
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("hours", Json(), nullable=True),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["user.id"], name=op.f("fk_team_practice_assignee_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_team_practice_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_team_practice_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "team_id", name=op.f("pk_team_practice")),
    )
    op.add_column("kiosk", sa.Column("theme", sa.Text(), server_default="dark", nullable=False))
    op.add_column("session", sa.Column("proved", UtcDateTime(timezone=True), nullable=True))
    op.add_column("user", sa.Column("trained_until", sa.Date(), nullable=True))
    op.add_column(
        "workspace", sa.Column("retention_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.create_index(
        "ix_audit_event_person",
        "audit_event",
        ["workspace_id", "user_id", "action", "at"],
        unique=False,
        sqlite_where=sa.text("user_id IS NOT NULL"),
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    for table in AUDITED:
        guard(table)


def guard(table: str) -> None:
    """No change without its event, as in the first schema."""
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
