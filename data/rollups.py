"""Sums kept beside the rows, moved in the transaction of the change, so that reading costs the same at any history.

``hourly``, ``hourly_total`` and ``daily`` count inbound messages by ``sent``; ``response_sketch`` holds the waits of answered turns.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from datasketches import kll_doubles_sketch
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import MICROSECOND
from models.conversation import Daily, Hourly, HourlyTotal, ResponseSketch, Tally, Turn

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
    """Add ``moved`` (negative counts take away) to the hourly and daily volumes, and to the totals without spam."""
    hours: Counter[tuple[Any, ...]] = Counter()
    days: Counter[tuple[Any, ...]] = Counter()
    totals: Counter[tuple[Any, ...]] = Counter()
    for cell, number in moved.items():
        hours[(hour_of(cell.sent), *cell[1:])] += number
        if not cell.spam:
            totals[(hour_of(cell.sent), cell.account_id, cell.hours)] += number
        days[(local_day(cell.sent, zone), *cell[1:])] += number
    names = ("account_id", "kind", "hours", "grade_id", "topic_id", "spam")
    _add(db, Hourly, workspace_id, ("hour", *names), hours)
    _add(db, Daily, workspace_id, ("day", *names), days)
    _add(db, HourlyTotal, workspace_id, ("hour", "account_id", "hours"), totals)


def count_outcomes(db: Session, workspace_id: int, account_id: int, day: str, outcomes: Counter[str]) -> None:
    """Add what became of fetched posts to the account's tally of the day."""
    rows = Counter({(account_id, day, outcome): number for outcome, number in outcomes.items()})
    _add(db, Tally, workspace_id, ("account_id", "day", "outcome"), rows)


def _add(db: Session, entity: Any, workspace_id: int, names: tuple[str, ...], rows: Counter[tuple[Any, ...]]) -> None:
    values = [
        {"workspace_id": workspace_id, **dict(zip(names, key, strict=True)), "count": number}
        for key, number in sorted(rows.items())
        if number
    ]
    if not values:
        return
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    statement: Any = dialect.insert(entity)
    statement = statement.on_conflict_do_update(
        index_elements=["workspace_id", *names], set_={"count": entity.count + statement.excluded.count}
    )
    db.connection().execute(statement, values)


def add_waits(db: Session, workspace_id: int, waited: Iterable[Waited]) -> None:
    """Put newly answered turns into their sketches."""
    by_cell: dict[SketchCell, list[Waited]] = {}
    for one in waited:
        by_cell.setdefault(one.cell, []).append(one)
    for cell, all_waited in sorted(by_cell.items()):
        for clock in ("public", "staffed"):
            _grow(db, workspace_id, cell, clock, [getattr(one, clock) for one in all_waited])


def _grow(db: Session, workspace_id: int, cell: SketchCell, clock: str, seconds: list[float]) -> None:
    place = (workspace_id, cell.day, cell.account_id, cell.grade_id, cell.position, clock)
    row = db.get(ResponseSketch, place)
    sketch = kll_doubles_sketch(SKETCH_K) if row is None else kll_doubles_sketch.deserialize(row.sketch)
    for value in seconds:
        sketch.update(value)
    if row is None:
        db.add(
            ResponseSketch(
                workspace_id=workspace_id, **cell._asdict(), clock=clock, count=len(seconds), sketch=sketch.serialize()
            )
        )
    else:
        row.count, row.sketch = row.count + len(seconds), sketch.serialize()


def rebuild_sketches(db: Session, workspace_id: int, zone: ZoneInfo, cells: Iterable[SketchCell]) -> None:
    """Make the sketches of ``cells`` again from their turns: a sketch cannot forget a wait that was corrected."""
    for cell in sorted(set(cells)):
        db.execute(
            delete(ResponseSketch).where(
                ResponseSketch.workspace_id == workspace_id,
                *(getattr(ResponseSketch, name) == value for name, value in cell._asdict().items()),
            )
        )
        db.expire_all()
        begins, ends = day_bounds(cell.day, zone)
        rows = db.execute(
            select(Turn.started, Turn.replied, Turn.staffed).where(
                Turn.workspace_id == workspace_id,
                Turn.started >= begins,
                Turn.started < ends,
                Turn.account_id == cell.account_id,
                Turn.grade_id == cell.grade_id,
                Turn.position == cell.position,
                Turn.replied.is_not(None),
            )
        )
        found = [waited(cell, started, replied, staffed) for started, replied, staffed in rows if replied is not None]
        add_waits(db, workspace_id, found)
        db.flush()


def waited(cell: SketchCell, started: datetime, replied: datetime, staffed: int | None) -> Waited:
    """An answered turn's waits in seconds; ``staffed`` is microseconds."""
    return Waited(cell, (replied - started).total_seconds(), (staffed or 0) * MICROSECOND.total_seconds())


def day_bounds(day: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and ends (23, 24 or 25 hours apart), in UTC."""
    begins = datetime.fromisoformat(day).replace(tzinfo=zone)
    ends = (datetime.fromisoformat(day) + timedelta(days=1)).replace(tzinfo=zone)
    return begins.astimezone(UTC), ends.astimezone(UTC)
