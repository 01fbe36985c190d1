"""Keys handed out before the rows are written, so that one audit event can name everything it covers."""

from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session


class Ids:
    """Gives the next integer keys of tables inside one write transaction.

    On SQLite we are the only writer, so the newest key is counted on; on Postgres the table's sequence gives them.
    """

    def __init__(self, db: Session) -> None:
        self._db = db
        self._sqlite = db.get_bind().dialect.name == "sqlite"
        self._last: dict[str, int] = {}

    def take(self, entity: Any, number: int) -> list[int]:
        """``number`` new keys of the entity's table, ascending."""
        name = entity.__tablename__
        if number == 0:
            return []
        if not self._sqlite:
            sequence = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")
            return sorted(self._db.scalars(sequence, {"name": name, "number": number}))
        if name not in self._last:
            self._last[name] = self._db.scalar(select(func.coalesce(func.max(entity.id), 0))) or 0
        first = self._last[name] + 1
        self._last[name] += number
        return list(range(first, first + number))

    def one(self, entity: Any) -> int:
        """One new key."""
        return self.take(entity, 1)[0]
