"""Statements that insert a row or meet the one that stands there: made once for each table and kind of database."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, entity: Any, rows: list[dict[str, Any]], *, sum_up: str = "") -> None:
    """Insert ``rows`` of an entity without events; a row that stands there takes the new values.

    The column named by ``sum_up`` is added to instead.
    """
    if rows:
        connection.execute(_statement(entity, connection.dialect.name, tuple(rows[0]), sum_up), rows)


@cache
def _statement(entity: Any, dialect: str, columns: tuple[str, ...], sum_up: str) -> Any:
    table = entity.__table__
    keys = [column.name for column in table.primary_key]
    statement: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    new = statement.excluded
    values = {name: new[name] for name in columns if name not in keys}
    if sum_up:
        values[sum_up] = table.c[sum_up] + new[sum_up]
    return statement.on_conflict_do_update(index_elements=keys, set_=values)


def remove_empty(connection: Connection, entity: Any, rows: list[dict[str, Any]]) -> None:
    """Take away those of ``rows`` that have come to count nothing."""
    if rows:
        keys = [column.name for column in entity.__table__.primary_key]
        connection.execute(_removal(entity), [{f"key_{name}": row[name] for name in keys} for row in rows])


@cache
def _removal(entity: Any) -> Any:
    table = entity.__table__
    here = [column == bindparam(f"key_{column.name}", type_=column.type) for column in table.primary_key]
    return delete(table).where(table.c.count == 0, *here)
