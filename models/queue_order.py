"""The queue's order while somebody's focus is in it: the row they are about to open neither moves nor vanishes.

How it is used: the page says with its region's news (``live-queue``: ``{"revision", "as_at", "hold"}``) whether focus or
pointer is in the list. With ``hold``, the refresh hands the ids that are shown now, the fresh rows, and the rows of those
shown ids that are no longer among the fresh ones (looked up by id, in the caller's workspace only) to ``keep_place``; it
draws what comes back and writes "3 new, press N" on the button. Without ``hold``, or when N is pressed, it draws the
fresh rows as they come. The list carries ``data-live-list="held"`` while rows are held back, else ``"fresh"``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.snapshots import QueueRow


class Left(StrEnum):
    """Why a row no longer belongs where it stands."""

    TAKEN = "taken"
    ANSWERED = "answered"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row where it is drawn. ``left`` is None for one that belongs there."""

    row: QueueRow
    left: Left | None = None


def in_order(fresh: Iterable[QueueRow]) -> tuple[PlacedRow, ...]:
    """The rows as they come."""
    return tuple(PlacedRow(row) for row in fresh)


def keep_place(
    shown: Iterable[int], fresh: Sequence[QueueRow], left: Mapping[int, QueueRow]
) -> tuple[tuple[PlacedRow, ...], int]:
    """The shown rows where they stand, with what is true of them now, and how many fresh rows are held back.

    ``left`` holds rows that were shown and are not fresh. An id that is in neither is dropped: it no longer exists, or it
    never was the caller's to see.
    """
    now = {row.id: row for row in fresh}
    ids = tuple(dict.fromkeys(shown))
    rows = tuple(
        PlacedRow(now[key]) if key in now else PlacedRow(left[key], why_left(left[key]))
        for key in ids
        if key in now or key in left
    )
    return rows, len(now.keys() - set(ids))


def why_left(row: QueueRow) -> Left:
    """Why a row is no longer among the fresh ones: a colleague took it, it was answered, or it went elsewhere."""
    if row.holder is not None and not row.mine:
        return Left.TAKEN
    return Left.ANSWERED if row.since is None else Left.MOVED
