"""Where reading an account stands, written beside the rows it led to."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.posts import Batch
from models.workspace import AccountPoll


def poll_of(db: Session, workspace_id: int, account_id: int) -> AccountPoll:
    """The account's row, made on first use (in the caller's transaction)."""
    place: Any = (workspace_id, account_id)
    row = db.get(AccountPoll, place)
    if row is None:
        row = AccountPoll(workspace_id=workspace_id, account_id=account_id)
        db.add(row)
        db.flush()
    return row


def note_success(db: Session, workspace_id: int, account_id: int, batch: Batch, stored: int, at: datetime) -> None:
    """A page was stored: the cursor moves, failures are over, the month's reads grow.

    One statement that passes by what ``db`` may hold of the row (``poll_of``).
    """
    values = {
        "workspace_id": workspace_id,
        "account_id": account_id,
        "cursor": batch.cursor,
        "last_success": at,
        "last_attempt": at,
        "last_new": at if stored else None,
        "failures": 0,
        "failing_since": None,
        "refused": False,
        "reason": "",
        "month": at.strftime("%Y-%m"),
        "reads": batch.reads,
    }
    connection = db.connection()
    connection.execute(_success(connection.dialect.name), values)


@cache
def _success(dialect: str) -> Any:
    table = AccountPoll.__table__
    statement: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    new = statement.excluded
    taken = ("cursor", "last_success", "last_attempt", "failures", "failing_since", "refused", "reason", "month")
    values = {name: new[name] for name in taken}
    values["last_new"] = func.coalesce(new.last_new, table.c.last_new)
    values["reads"] = new.reads + case((table.c.month == new.month, table.c.reads), else_=0)
    return statement.on_conflict_do_update(index_elements=["workspace_id", "account_id"], set_=values)


def note_failure(db: Session, workspace_id: int, account_id: int, reason: str, refused: bool, at: datetime) -> None:
    """A poll failed: nothing moved, the reason is kept in plain words."""
    row = poll_of(db, workspace_id, account_id)
    row.last_attempt = at
    row.failures += 1
    row.failing_since = row.failing_since or at
    row.refused, row.reason = refused, reason
