"""One snapshot for all who look: made once for each revision and each five seconds, however many screens show it."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from data.clock import Clock
from data.database import Database
from models.audit import Revision
from models.base import EPOCH
from models.problems import NotFound

LASTS = timedelta(seconds=5)
"""How long a snapshot stands without a commit: figures that move with time alone are at most this old."""

Maker = Callable[[Database, int, datetime], Any]
"""Makes the snapshot of a workspace (by its id) at an instant."""


class Pictures:
    """Snapshots by name and workspace. Hand on what it gives only to those who may see the workspace.

    Safe to share between threads; of several that ask at once, one makes the snapshot and the others wait for it.
    """

    def __init__(self, database: Database, clock: Clock, makers: Mapping[str, Maker]) -> None:
        self.database = database
        self.clock = clock
        self._makers = makers
        self._kept: dict[tuple[str, int], tuple[tuple[int, int], Any]] = {}
        self._making: dict[tuple[str, int], threading.Lock] = {}
        self._guard = threading.Lock()

    def take(self, name: str, workspace_id: int) -> Any:
        """The snapshot ``name`` of the workspace as it is now, at most ``LASTS`` old. Raises ``NotFound``."""
        key = (name, workspace_id)
        with self._guard:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            now = self.clock()
            stamp = (revision_of(self.database, workspace_id), (now - EPOCH) // LASTS)
            kept = self._kept.get(key)
            if kept is None or kept[0] != stamp:
                kept = self._kept[key] = (stamp, self._makers[name](self.database, workspace_id, now))
            return kept[1]


def revision_of(database: Database, workspace_id: int) -> int:
    """The workspace's revision now. Raises ``NotFound``."""
    with database.read() as db:
        number = db.scalar(select(Revision.number).where(Revision.workspace_id == workspace_id))
    if number is None:
        raise NotFound
    return number
