"""Keys handed out before the rows are written, so that one audit event can name everything it covers."""

from functools import cache
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

AT_ONCE = 32
"""Keys asked of a Postgres sequence where one is wanted: more will be, and each question is a journey."""
_NEXT = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")


class Ids:
    """Gives the next integer keys of tables inside one write transaction.

    On SQLite we are the only writer, so the newest key is counted on; on Postgres the table's sequence gives them, and
    those that are not used are gaps.
    """

    def __init__(self, db: Session) -> None:
        self._connection = db.connection()
        self._sqlite = self._connection.dialect.name == "sqlite"
        self._last: dict[str, int] = {}
        self._spare: dict[str, list[int]] = {}

    def take(self, entity: Any, number: int) -> list[int]:
        """``number`` new keys of the entity's table, ascending."""
        name = entity.__tablename__
        if number == 0:
            return []
        if not self._sqlite:
            return sorted(self._connection.scalars(_NEXT, {"name": name, "number": number}))
        if name not in self._last:
            self._last[name] = self._connection.scalar(_newest(entity)) or 0
        first = self._last[name] + 1
        self._last[name] += number
        return list(range(first, first + number))

    def one(self, entity: Any) -> int:
        """One new key, greater than those before it."""
        if self._sqlite:
            return self.take(entity, 1)[0]
        spare = self._spare.setdefault(entity.__tablename__, [])
        if not spare:
            spare.extend(reversed(self.take(entity, AT_ONCE)))
        return spare.pop()


@cache
def _newest(entity: Any) -> Any:
    return select(func.max(entity.__table__.c.id))
