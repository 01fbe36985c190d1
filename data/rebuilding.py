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
from data.rollups import Cell, SketchCell, Waited, count_messages, local_day, move_sketches, waited
from models.conversation import Daily, Hourly, HourlyTotal, Message, ResponseSketch, Turn
from models.posts import Direction
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


class _Undone(Exception):
    """Rolls back what was only looked at."""


def rebuild(database: Database, check_only: bool = False) -> tuple[Rebuilt, ...]:
    """Make all sums again, one workspace after the other, each in one transaction. ``check_only`` changes nothing."""
    with database.read() as db:
        places = db.execute(select(Workspace.id, Workspace.slug).order_by(Workspace.slug)).all()
    return tuple(_rebuild_one(database, workspace_id, slug, check_only) for workspace_id, slug in places)


def _rebuild_one(database: Database, workspace_id: int, slug: str, check_only: bool) -> Rebuilt:
    revision = None
    try:
        with database.write() as db:
            before = _sums(db, workspace_id)
            for entity in SUMS:
                db.execute(delete(entity).where(entity.workspace_id == workspace_id))
            _count_again(db, practice(db, workspace_id))
            after = _sums(db, workspace_id)
            found = Rebuilt(slug, len(after), tuple(_differences(before, after)))
            if check_only:
                raise _Undone
            revision = raise_revision(db, workspace_id)
    except _Undone:
        return found
    database.announce(workspace_id, revision)
    return found


def _sums(db: Session, workspace_id: int) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for entity in SUMS:
        keys = [column for column in entity.__table__.primary_key.columns if column.name != "workspace_id"]
        wanted = select(*keys, entity.__table__.c["count"]).where(entity.workspace_id == workspace_id)
        for *key, count in db.execute(wanted):
            found[(entity.__tablename__, *key)] = count
    return found


def _differences(before: Counter[tuple[Any, ...]], after: Counter[tuple[Any, ...]]) -> Iterator[Difference]:
    for key in sorted(before.keys() | after.keys(), key=str):
        if before[key] != after[key]:
            yield Difference(str(key[0]), " ".join(map(_word, key[1:])), before[key], after[key])


def _word(part: Any) -> str:
    return part.isoformat() if isinstance(part, datetime) else str(part)


def _count_again(db: Session, ways: Practice) -> None:
    moved: Counter[Cell] = Counter()
    lowest = ways.grade_ids[ways.lowest]
    for row in _in_stretches(db, ways.workspace_id):
        quarter = row.sent.replace(minute=row.sent.minute // 15 * 15, second=0, microsecond=0)
        grade_id, topic_id = row.grade_id or lowest, row.topic_id or 0
        moved[Cell(quarter, row.account_id, row.kind, row.hours, grade_id, topic_id, int(row.spam))] += 1
    count_messages(db, ways.workspace_id, ways.zone, moved)
    move_sketches(db, ways.workspace_id, ways.zone, _waits(db, ways), set())
    db.flush()


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
