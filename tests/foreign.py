"""A workspace full of rows that nobody else may ever see: some in every table, whoever adds it, marked in every text."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Text, func, insert, inspect, select, text

from models.base import Base, Json, UtcDateTime

MARK = "zqx-of-the-south"
"""Stands in every text of the workspace, and nowhere else in the world."""
FIRST = 5_000
"""Keys of its rows begin here, far from those of anybody else."""
NOT_FILLED = {"audit_event", "audit_head", "revision"}
"""The chain of events is its workspace's own already."""
ONCE = {"alarm_ways", "survey_ways"}
"""One row of each workspace."""

tables = [table for table in Base.metadata.sorted_tables if "workspace_id" in table.columns]


def fill(database, workspace_id, user_id, rows=2):
    """Add rows to every table of the workspace. Only the shape of a row is right: it makes no sense, and is never read."""
    with database.writer.connect() as connection:
        free(connection)
        for number in range(FIRST, FIRST + rows):
            for table in tables:
                if table.name not in NOT_FILLED and (number == FIRST or table.name not in ONCE):
                    free_number = max(number, newest(connection, table) + 1)  # a trigger may have written there
                    connection.execute(insert(table).values(row(table, workspace_id, user_id, free_number)))
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def newest(connection, table):
    """The largest key in use."""
    return connection.scalar(select(func.max(table.c.id))) or 0 if "id" in table.columns else 0


def free(connection):
    """Let rows come without their parents, on this connection only."""
    if connection.dialect.name == "sqlite":
        connection.rollback()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def row(table, workspace_id, user_id, number):
    """One row: every text bears the mark, every key is this number."""
    found = {column.name: value(column, number) for column in table.columns}
    users = {
        one.parent.name for one in table.foreign_keys if one.column.table.name == "user" and one.parent.name in found
    }
    return found | dict.fromkeys(users, user_id) | {"workspace_id": workspace_id}


def value(column, number):
    """Something that fits the column."""
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number - FIRST)
    if isinstance(column.type, Json):
        return {MARK: MARK}
    if isinstance(column.type, Text):
        return f"{MARK} {column.name} {number}"
    kind = column.type.python_type
    plain = {bool: False, date: date(2026, 1, 1), bytes: MARK.encode(), float: 0.5, str: f"{MARK} {number}"}
    return plain.get(kind, number)


def picture(database, workspace_id, user_ids):
    """Everything that stands in the workspace, and its people: equal before and after where nothing there was touched."""
    with database.read() as db:
        shown = {
            table.name: sorted(map(repr, db.execute(select(table).where(table.c.workspace_id == workspace_id))))
            for table in tables
        }
        people = Base.metadata.tables["user"]
        shown["user"] = sorted(map(repr, db.execute(select(people).where(people.c.id.in_(user_ids)))))
    return shown


def missing(database, workspace_id):
    """Tables in which the workspace has no row."""
    with database.read() as db:
        names = inspect(db.connection()).get_table_names()
        return [
            table.name
            for table in tables
            if table.name in names
            and db.execute(select(table).where(table.c.workspace_id == workspace_id)).first() is None
        ]
