"""The banner of a major incident, wording by wording.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STANDS = sa.text("ended IS NULL")


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "major_incident",
        sa.Column("id", key(), nullable=False),
        sa.Column("workspace_id", key(), nullable=False),
        sa.Column("audit_id", key(), nullable=False),
        sa.Column("incident_id", key(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("begun", UtcDateTime(timezone=True), nullable=False),
        sa.Column("worded", UtcDateTime(timezone=True), nullable=False),
        sa.Column("worded_by", key(), nullable=False),
        sa.Column("ended", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", key(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "audit_id"],
            ["audit_event.workspace_id", "audit_event.id"],
            name=op.f("fk_major_incident_workspace_id_audit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "incident_id"],
            ["incident.workspace_id", "incident.id"],
            name=op.f("fk_major_incident_workspace_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(["worded_by"], ["user.id"], name=op.f("fk_major_incident_worded_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_major_incident_ended_by")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_major_incident_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_major_incident")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_major_incident_workspace_id_id")),
    )
    op.create_index(
        "ix_major_incident_standing",
        "major_incident",
        ["workspace_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    _audit("major_incident")


def _audit(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" WHEN NEW.audit_id <= OLD.audit_id '
            f"BEGIN SELECT RAISE(ABORT, 'a change of {table} without its audit event'); END"
        )
    else:
        op.execute(
            f'CREATE TRIGGER "{table}_audited" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_unaudited()'
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind this schema")
