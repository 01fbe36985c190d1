"""The wallboard and the queue as they were."""

from dataclasses import dataclass
from datetime import datetime

from models.snapshots.boards import Wallboard
from models.snapshots.desk import Queue


@dataclass(frozen=True, slots=True)
class PastMark:
    """Which instant of the past this is. ``noted``: the board's figures were kept in that minute.

    ``same`` says whether what was drawn again equals them, None where there is nothing to compare. Nothing is known before
    ``known_from``.
    """

    at: datetime
    noted: bool
    same: bool | None
    known_from: datetime | None


@dataclass(frozen=True, slots=True)
class PastWall:
    """The main board as it was."""

    board: Wallboard
    mark: PastMark


@dataclass(frozen=True, slots=True)
class PastQueue:
    """One page of the queue as it was."""

    queue: Queue
    mark: PastMark
