"""The sums beside the rows, made again from the rows, and how they differed: a check, and a mend after a fault."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from data.audit import raise_revision
from data.database import Database
from data.practice import Practice, practice
from data.rollups import Cell, SketchCell, Waited, count_messages, hour_of, local_day, move_sketches, waited
from models.conversation import Message, Turn
from models.posts import Direction
from models.rollups import Daily, Hourly, HourlyTotal, ResponseSketch
from models.workspace import Workspace

SUMS: tuple[Any, ...] = (Hourly, HourlyTotal, Daily, ResponseSketch)
AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that did not follow from its rows: its table, its key in words, what stood there and what is right."""

    table: str
    place: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One workspace: how many sums there are now, and which of them were wrong."""

    slug: str
    sums: int
    differences: tuple[Difference, ...]


def rebuild(database: Database, check_only: bool = False) -> tuple[Rebuilt, ...]:
    """Compare all sums with the rows they stand for, and make those of a workspace again where one is wrong.

    Nothing is locked while it compares; ``check_only`` changes nothing at all. One transaction for each workspace.
    """
    with database.read() as db:
        places = db.execute(select(Workspace.id, Workspace.slug).order_by(Workspace.slug)).all()
    found = tuple(_compare(database, workspace_id, slug) for workspace_id, slug in places)
    for (workspace_id, _), one in zip(places, found, strict=True):
        if one.differences and not check_only:
            _mend(database, workspace_id)
    return found


def _compare(database: Database, workspace_id: int, slug: str) -> Rebuilt:
    with database.read() as db:
        ways = practice(db, workspace_id)
        kept, right = _kept(db, workspace_id), _right(db, ways)
    return Rebuilt(slug, len(right), tuple(_differences(kept, right)))


def _mend(database: Database, workspace_id: int) -> None:
    with database.write() as db:
        ways = practice(db, workspace_id)
        for entity in SUMS:
            db.execute(delete(entity).where(entity.workspace_id == workspace_id))
        count_messages(db, workspace_id, ways.zone, _cells(db, ways))
        move_sketches(db, workspace_id, ways.zone, _waits(db, ways), set())
        db.flush()
        revision = raise_revision(db, workspace_id)
    database.announce(workspace_id, revision)


def _kept(db: Session, workspace_id: int) -> Counter[tuple[Any, ...]]:
    """The sums as they stand, by table and key."""
    found: Counter[tuple[Any, ...]] = Counter()
    for entity in SUMS:
        keys = [column for column in entity.__table__.primary_key.columns if column.name != "workspace_id"]
        wanted = select(*keys, entity.__table__.c["count"]).where(entity.workspace_id == workspace_id)
        for *key, count in db.execute(wanted):
            found[(entity.__tablename__, *key)] = count
    return found


def _right(db: Session, ways: Practice) -> Counter[tuple[Any, ...]]:
    """The same from the rows themselves, in the order of each table's key."""
    found: Counter[tuple[Any, ...]] = Counter()
    for cell, number in _cells(db, ways).items():
        hour, day = hour_of(cell.sent), local_day(cell.sent, ways.zone)
        found[(Hourly.__tablename__, hour, *cell[1:])] += number
        found[(Daily.__tablename__, day, *cell[1:])] += number
        if not cell.spam:
            found[(HourlyTotal.__tablename__, hour, cell.account_id, cell.hours)] += number
    for one in _waits(db, ways):
        for clock in ("public", "staffed"):
            found[(ResponseSketch.__tablename__, *one.cell, clock)] += 1
    return found


def _differences(kept: Counter[tuple[Any, ...]], right: Counter[tuple[Any, ...]]) -> Iterator[Difference]:
    for key in sorted(kept.keys() | right.keys(), key=str):
        if kept[key] != right[key]:
            yield Difference(str(key[0]), " ".join(map(_word, key[1:])), kept[key], right[key])


def _word(part: Any) -> str:
    return part.isoformat() if isinstance(part, datetime) else str(part)


def _cells(db: Session, ways: Practice) -> Counter[Cell]:
    """Inbound messages counted by quarter of an hour, which every zone's days and hours begin with."""
    moved: Counter[Cell] = Counter()
    lowest = ways.grade_ids[ways.lowest]
    for row in _in_stretches(db, ways.workspace_id):
        quarter = row.sent.replace(minute=row.sent.minute // 15 * 15, second=0, microsecond=0)
        grade_id, topic_id = row.grade_id or lowest, row.topic_id or 0
        moved[Cell(quarter, row.account_id, row.kind, row.hours, grade_id, topic_id, int(row.spam))] += 1
    return moved


def _in_stretches(db: Session, workspace_id: int) -> Iterator[Any]:
    """Inbound messages, the columns that the volumes are split by."""
    last = 0
    columns = (Message.id, Message.sent, Message.account_id, Message.kind, Message.hours)
    wanted = select(*columns, Message.grade_id, Message.topic_id, Message.spam).where(
        Message.workspace_id == workspace_id, Message.direction == Direction.IN
    )
    newest = db.scalar(select(func.max(Message.id)).where(Message.workspace_id == workspace_id)) or 0
    while last < newest:
        yield from db.execute(wanted.where(Message.id > last, Message.id <= last + AT_A_TIME))
        last += AT_A_TIME


def _waits(db: Session, ways: Practice) -> Iterator[Waited]:
    rows = db.execute(
        select(Turn.started, Turn.account_id, Turn.grade_id, Turn.position, Turn.replied, Turn.staffed).where(
            Turn.workspace_id == ways.workspace_id, Turn.replied.is_not(None)
        )
    )
    for row in rows:
        cell = SketchCell(local_day(row.started, ways.zone), row.account_id, row.grade_id, row.position)
        yield waited(cell, row.started, row.replied, row.staffed)
