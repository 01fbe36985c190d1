"""Sums kept beside the rows, moved in the transaction of the change, so that reading costs the same at any history.

``hourly``, ``hourly_total`` and ``daily`` count inbound messages by ``sent``; ``response_sketch`` holds the waits of
answered turns.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from datasketches import kll_doubles_sketch
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from data.upserts import remove_empty, upsert
from models.base import MICROSECOND
from models.conversation import Tally, Turn
from models.rollups import Daily, Hourly, HourlyTotal, ResponseSketch

SKETCH_K = 400
"""KLL parameter: rank error about 0.7% at 99% confidence (datasketches' ``normalized_rank_error``); METRICS.md asks for 1%."""


class Cell(NamedTuple):
    """One inbound message as the volumes count it. ``topic_id`` 0 is none; ``spam`` 1 or 0."""

    sent: datetime
    account_id: int
    kind: str
    hours: str
    grade_id: int
    topic_id: int
    spam: int


class SketchCell(NamedTuple):
    """Which sketches a turn is in: one for each clock. ``day`` is the local day on which it started."""

    day: str
    account_id: int
    grade_id: int
    position: str


@dataclass(frozen=True, slots=True)
class Waited:
    """An answered turn for its sketches: seconds on both clocks."""

    cell: SketchCell
    public: float
    staffed: float


def local_day(at: datetime, zone: ZoneInfo) -> str:
    """The ISO date of an instant in the workspace's zone."""
    return at.astimezone(zone).date().isoformat()


def hour_of(at: datetime) -> datetime:
    """The beginning of the UTC hour. Whole-hour zones share its bounds with local hours."""
    return at.replace(minute=0, second=0, microsecond=0)


def count_messages(db: Session, workspace_id: int, zone: ZoneInfo, moved: Counter[Cell]) -> None:
    """Add ``moved`` (negative counts take away) to the volumes and to the totals without spam; what falls to 0 is no row."""
    hours: Counter[tuple[Any, ...]] = Counter()
    days: Counter[tuple[Any, ...]] = Counter()
    totals: Counter[tuple[Any, ...]] = Counter()
    for cell, number in moved.items():
        hours[(hour_of(cell.sent), *cell[1:])] += number
        if not cell.spam:
            totals[(hour_of(cell.sent), cell.account_id, cell.hours)] += number
        days[(local_day(cell.sent, zone), *cell[1:])] += number
    names = ("account_id", "kind", "hours", "grade_id", "topic_id", "spam")
    volumes: tuple[tuple[Any, tuple[str, ...], Counter[tuple[Any, ...]]], ...] = (
        (Hourly, ("hour", *names), hours),
        (Daily, ("day", *names), days),
        (HourlyTotal, ("hour", "account_id", "hours"), totals),
    )
    for entity, columns, rows in volumes:
        values = _values(workspace_id, columns, rows)
        upsert(db.connection(), entity, values, sum_up="count")
        remove_empty(db.connection(), entity, [row for row in values if row["count"] < 0])


def count_outcomes(db: Session, workspace_id: int, account_id: int, day: str, outcomes: Counter[str]) -> None:
    """Add what became of fetched posts to the account's tally of the day."""
    rows = Counter({(account_id, day, outcome): number for outcome, number in outcomes.items()})
    upsert(db.connection(), Tally, _values(workspace_id, ("account_id", "day", "outcome"), rows), sum_up="count")


def _values(workspace_id: int, names: tuple[str, ...], rows: Counter[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [
        {"workspace_id": workspace_id, **dict(zip(names, key, strict=True)), "count": number}
        for key, number in sorted(rows.items())
        if number
    ]


_SKETCHES = select(ResponseSketch.__table__).where(
    ResponseSketch.workspace_id == bindparam("workspace_id"),
    ResponseSketch.day.in_(bindparam("days", expanding=True)),
    ResponseSketch.account_id.in_(bindparam("account_ids", expanding=True)),
)
_ANSWERED = select(Turn.started, Turn.replied, Turn.staffed).where(
    Turn.workspace_id == bindparam("workspace_id"),
    Turn.started >= bindparam("begins", type_=Turn.started.type),
    Turn.started < bindparam("ends", type_=Turn.started.type),
    Turn.account_id == bindparam("account_id"),
    Turn.grade_id == bindparam("grade_id"),
    Turn.position == bindparam("position"),
    Turn.replied.is_not(None),
)


def move_sketches(
    db: Session, workspace_id: int, zone: ZoneInfo, waits: Iterable[Waited], stale: set[SketchCell]
) -> None:
    """Put newly answered turns into their sketches, and make the ``stale`` ones again from the rows of their turns.

    A sketch cannot forget a wait that was corrected. The turns must have been written.
    """
    by_cell: dict[SketchCell, list[Waited]] = {}
    for one in waits:
        if one.cell not in stale:
            by_cell.setdefault(one.cell, []).append(one)
    known = _sketches(db, workspace_id, set(by_cell))
    again = {cell: _answered(db, workspace_id, zone, cell) for cell in sorted(stale)}
    rows = []
    for cell, all_waited in sorted((by_cell | again).items()):
        for clock in ("public", "staffed"):
            row = None if cell in stale else known.get((cell, clock))
            sketch = kll_doubles_sketch(SKETCH_K) if row is None else kll_doubles_sketch.deserialize(row.sketch)
            for one in all_waited:
                sketch.update(getattr(one, clock))
            values = {"clock": clock, "count": sketch.n, "sketch": sketch.serialize()}
            rows.append({"workspace_id": workspace_id, **cell._asdict(), **values})
    upsert(db.connection(), ResponseSketch, rows)
    remove_empty(db.connection(), ResponseSketch, [row for row in rows if row["count"] == 0])


def _sketches(db: Session, workspace_id: int, cells: set[SketchCell]) -> dict[tuple[SketchCell, str], Any]:
    if not cells:
        return {}
    asked = {"days": sorted({cell.day for cell in cells}), "account_ids": sorted({cell.account_id for cell in cells})}
    rows = db.connection().execute(_SKETCHES, {"workspace_id": workspace_id, **asked})
    return {(SketchCell(row.day, row.account_id, row.grade_id, row.position), row.clock): row for row in rows}


def _answered(db: Session, workspace_id: int, zone: ZoneInfo, cell: SketchCell) -> list[Waited]:
    begins, ends = day_bounds(cell.day, zone)
    place = cell._asdict() | {"workspace_id": workspace_id, "begins": begins, "ends": ends}
    del place["day"]
    return [waited(cell, row.started, row.replied, row.staffed) for row in db.connection().execute(_ANSWERED, place)]


def waited(cell: SketchCell, started: datetime, replied: datetime, staffed: int | None) -> Waited:
    """An answered turn's waits in seconds; ``staffed`` is microseconds."""
    return Waited(cell, (replied - started).total_seconds(), (staffed or 0) * MICROSECOND.total_seconds())


def day_bounds(day: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and ends (23, 24 or 25 hours apart), in UTC."""
    begins = datetime.fromisoformat(day).replace(tzinfo=zone)
    ends = (datetime.fromisoformat(day) + timedelta(days=1)).replace(tzinfo=zone)
    return begins.astimezone(UTC), ends.astimezone(UTC)
