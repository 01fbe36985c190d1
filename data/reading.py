"""Where reading an account stands, written beside the rows it led to."""

from datetime import datetime
from typing import Any

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
    return row


def note_success(db: Session, workspace_id: int, account_id: int, batch: Batch, stored: int, at: datetime) -> None:
    """A page was stored: the cursor moves, failures are over, the month's reads grow."""
    row = poll_of(db, workspace_id, account_id)
    row.cursor = batch.cursor
    row.last_success = row.last_attempt = at
    row.failures, row.failing_since, row.refused, row.reason = 0, None, False, ""
    if stored:
        row.last_new = at
    month = at.strftime("%Y-%m")
    row.reads = batch.reads + (row.reads if row.month == month else 0)
    row.month = month


def note_failure(db: Session, workspace_id: int, account_id: int, reason: str, refused: bool, at: datetime) -> None:
    """A poll failed: nothing moved, the reason is kept in plain words."""
    row = poll_of(db, workspace_id, account_id)
    row.last_attempt = at
    row.failures += 1
    row.failing_since = row.failing_since or at
    row.refused, row.reason = refused, reason
