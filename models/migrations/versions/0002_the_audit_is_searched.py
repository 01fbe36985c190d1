"""Indexes for the search of the audit, and no event in the place of another.

On SQLite `INSERT OR REPLACE` takes a row away without asking the triggers of DELETE: it is refused where it begins.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_event_at", "audit_event", ["workspace_id", "at"])
    op.create_index("ix_audit_event_actor", "audit_event", ["workspace_id", "actor", "id"])
    op.create_index("ix_audit_event_action", "audit_event", ["workspace_id", "action", "id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
            "WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id) OR EXISTS "
            "(SELECT 1 FROM audit_event WHERE workspace_id = NEW.workspace_id AND sequence = NEW.sequence) "
            "BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind the search of the audit")
