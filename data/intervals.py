"""Since when a conversation has been in its state and in its grade: intervals that begin and end with the rows they tell of.

Claims have theirs in ``data/desk.py``. An interval begins when the change was stored, so that a picture of any minute can be
drawn from what was known then; a history that is loaded begins its intervals when things happened.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update

from data.practice import Practice
from data.threads import ThreadRows
from models.conversation import Interval

STATE, GRADE = "state", "grade"

Told = tuple[int, str, str, datetime]
"""Conversation, kind, value, begin."""

END = (
    update(Interval.__table__)  # type: ignore[arg-type]
    .where(
        Interval.conversation_id == bindparam("of"),
        Interval.kind == bindparam("about"),
        Interval.ended.is_(None),
    )
    .values(ended=bindparam("until", type_=Interval.ended.type), audit_id=bindparam("event"))
)


def turned(rows: ThreadRows, practice: Practice, at: datetime, lag: timedelta | None = None) -> list[Told]:
    """What begins with these rows, and ``state_since`` in each that changes its state. Call it once, before they are written.

    ``lag`` is given where a history is loaded: what happened then was stored so much later.
    """
    told: list[Told] = []
    for row in (*rows.new_conversations, *rows.conversations):
        key: int = row["id"] if "id" in row else row["key"]
        before = rows.before.get(key)
        begun = row["last_at"] + lag if lag is not None and "last_at" in row else at
        if "state" in row and (before is None or before.state != row["state"]):
            row["state_since"] = begun
            told.append((key, STATE, row["state"], begun))
        if "rank" in row and (before is None or before.rank != row["rank"]):
            told.append((key, GRADE, practice.grade(row["rank"]).key, begun))
    return told


def ending(told: Iterable[Told], rows: ThreadRows) -> list[dict[str, Any]]:
    """Which open intervals these end; a new conversation has none."""
    return [
        {"of": key, "about": kind, "until": begun} for key, kind, _, begun in told if rows.before.get(key) is not None
    ]


def beginning(told: Iterable[Told]) -> list[dict[str, Any]]:
    """The rows of the intervals that begin."""
    return [{"conversation_id": key, "kind": kind, "value": value, "begun": begun} for key, kind, value, begun in told]
