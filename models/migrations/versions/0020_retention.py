"""How long conversations are kept, legal holds, what is due for disposal, certificates.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("retention_rule", "legal_hold", "certificate", "disposal")


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, key(), nullable=null)


def words(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=null)


def upgrade() -> None:
    _rules()
    _holds()
    _certificates()
    _disposals()
    for table in TABLES:
        _audit(table)


def _owned(table: str, *parents: tuple[str, str]) -> list[sa.schema.SchemaItem]:
    """The columns and keys of a table of one workspace's audited rows."""
    found: list[sa.schema.SchemaItem] = [
        number("id"),
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
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{table}_workspace_id_id")),
    ]
    for parent, column in parents:
        ends = [f"{parent}.workspace_id", f"{parent}.id"]
        name = op.f(f"fk_{table}_workspace_id_{column}")
        found.append(sa.ForeignKeyConstraint(["workspace_id", column], ends, name=name))
    return found


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["user.id"], name=op.f(f"fk_{table}_{column}"))


def _rules() -> None:
    op.create_table(
        "retention_rule",
        words("name"),
        number("position"),
        number("outcome_id", null=True),
        number("topic_id", null=True),
        words("kind", null=True),
        number("length"),
        words("unit"),
        *_owned("retention_rule", ("outcome", "outcome_id"), ("topic", "topic_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_retention_rule_workspace_id_name")),
    )


def _holds() -> None:
    about = ("contact", "conversation", "incident")
    op.create_table(
        "legal_hold",
        *(number(f"{name}_id", null=True) for name in about),
        words("reason"),
        instant("begun"),
        number("begun_by"),
        instant("lifted", null=True),
        number("lifted_by", null=True),
        words("lifted_reason"),
        *_owned("legal_hold", *((name, f"{name}_id") for name in about)),
        _user("legal_hold", "begun_by"),
        _user("legal_hold", "lifted_by"),
    )
    standing = sa.text("lifted IS NULL")
    columns = ["workspace_id"]
    op.create_index("ix_legal_hold_standing", "legal_hold", columns, sqlite_where=standing, postgresql_where=standing)


def _certificates() -> None:
    op.create_table(
        "certificate",
        number("number"),
        instant("made"),
        number("by_id", null=True),
        words("rule"),
        words("reason"),
        words("facts"),
        *_owned("certificate"),
        _user("certificate", "by_id"),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_certificate_workspace_id_number")),
    )


def _disposals() -> None:
    op.create_table(
        "disposal",
        number("conversation_id"),
        words("rule"),
        instant("last_at"),
        instant("proposed"),
        words("state"),
        instant("deferred", null=True),
        words("reason"),
        instant("decided", null=True),
        number("decided_by", null=True),
        number("certificate_id", null=True),
        *_owned("disposal", ("conversation", "conversation_id"), ("certificate", "certificate_id")),
        _user("disposal", "decided_by"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_disposal_one",
        "disposal",
        ["conversation_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_disposal_state", "disposal", ["workspace_id", "state", "id"])
    op.create_index("ix_disposal_conversation", "disposal", ["conversation_id", "state"])


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
