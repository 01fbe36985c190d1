"""The ground every entity stands on: keys, times, the workspace on every row and the event that last changed it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Integer, MetaData, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Key = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: integer microseconds since 1970 on SQLite, ``timestamptz`` on Postgres; always aware UTC in Python.

    Raises ``ValueError`` on a naive time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no type for instants: a whole number sorts, compares and indexes exactly."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive time, then hand the database its own form."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return (value - EPOCH) // MICROSECOND if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware UTC from either database."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return EPOCH + int(value) * MICROSECOND


class Json(TypeDecorator[Any]):
    """JSON kept as text, written the same way on both databases (sorted keys, no blanks), so that digests agree."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Canonical text."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value again."""
        return None if value is None else json.loads(value)


def canonical(value: Any) -> str:
    """One spelling of a JSON value: sorted keys, no blanks, no escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Declarative base: entities are dataclasses with keyword arguments."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, int: Key, str: Text}


class Audited(MappedAsDataclass, kw_only=True):
    """A row that people's decisions rest on: ``audit_id`` is the event that last changed it.

    A trigger refuses a change that leaves ``audit_id`` as it was (see the first migration).
    """

    audit_id: Mapped[int]


class Owned(MappedAsDataclass, kw_only=True):
    """A row of one workspace, with an integer key."""

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    workspace_id: Mapped[int]


def within(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key that cannot point into another workspace.

    The one to ``audit_event`` is checked at commit: the event is written last, when it knows what it covers.
    """
    late = table == "audit_event"
    return ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        deferrable=late or None,
        initially="DEFERRED" if late else None,
    )


def owned(*parents: tuple[str, str]) -> tuple[Any, ...]:
    """Constraints of an owned, audited table: its workspace, its event, its parents, and the pair others point to."""
    return (
        UniqueConstraint("workspace_id", "id"),
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        within("audit_event", "audit_id"),
        *(within(table, column) for table, column in parents),
    )
