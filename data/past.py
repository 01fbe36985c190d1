"""The past as a small database in memory: what one workspace knew at one instant, for the queries of the present to read.

Only rows as they were after the last event of that instant are in it: those that nobody changed since, and those that were
kept before they changed (``models/past.py``). The wallboard and the queue are then drawn by the very code that draws them now.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    NullPool,
    StaticPool,
    and_,
    create_engine,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from data.database import Database
from data.heartbeats import POLLER
from data.moments import Moment
from data.rollups import hour_of
from models.audit import Revision
from models.base import EPOCH, MICROSECOND, UtcDateTime
from models.conversation import Contact, Conversation, Episode, State, Turn
from models.entities import Base
from models.incidents import Incident, IncidentConversation
from models.merging import ContactMerge, ConversationMerge
from models.outbox import Outgoing
from models.past import KEPT, SPAM, Former, VolumeMove
from models.people import User
from models.workspace import Account, CalendarRow, Grade, Heartbeat, Outcome, TargetTime, Team, Topic, Workspace
from models.workspace import Installation as Fact

DAY = timedelta(days=1)
TURNS = DAY + MICROSECOND
"""Answered turns that the main board looks at: those that started in the last 24 hours."""
VOLUMES = timedelta(days=58)
"""Hours that the main board looks at: eight weeks, and a day for those where a clock changed."""
AT_ONCE = 500
SMALL: tuple[Any, ...] = (Grade, TargetTime, Outcome, CalendarRow, Account, Topic, Team)

BONDS: tuple[Any, ...] = (ContactMerge, ConversationMerge, Incident, IncidentConversation)
FOR_A_PERSON = ("draft", "needs a person", "rejected", "sent back")
"""States of replies that the queue counts (``data/queries/holding.py``)."""

Keeps = Callable[[dict[str, Any]], bool]


class Past(Database):
    """A database in memory, filled once and then only read, by the thread that made it."""

    def __init__(self, source: Database) -> None:
        self.url = "sqlite://"
        self.audit_key = b""
        self.sqlite = True
        self.writer = self.reader = _engine(source)
        self._open = self.reader.connect()
        connection = self._open.connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - says to mypy what the engine says
        self.connection = connection
        _template().backup(connection)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on it."""
        with Session(self._open, autoflush=False, expire_on_commit=False) as db:
            yield db
            db.expunge_all()

    def close(self) -> None:
        """Let it go: there is nothing to keep."""
        self._open.close()


_engines: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def _engine(source: Database) -> Engine:
    """One for each database looked back on: what it has learnt of statements and of practices serves the next time too.

    Every connection is an empty database of its own.
    """
    found = _engines.get(source.reader)
    if found is None:
        connect = partial(sqlite3.connect, ":memory:", isolation_level=None)
        found = _engines[source.reader] = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    return found


@cache
def _template() -> sqlite3.Connection:
    """All tables, empty, without triggers. Made once."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    Base.metadata.create_all(engine)
    return connection


@contextmanager
def wall_as_at(database: Database, moment: Moment) -> Iterator[Past]:
    """What the main board needs, as it was."""
    since = moment.at - TURNS
    with database.read() as db, closing(Past(database)) as past:
        _furnish(db, past, moment)
        _copy(db, past, moment, Turn, or_(_OPEN, Turn.started >= since), partial(_turn_counts, _raw(since)))
        _copy_volumes(db, past, moment)
        yield past


@contextmanager
def queue_as_at(database: Database, moment: Moment) -> Iterator[Past]:
    """What the queue needs, as it was."""
    with database.read() as db, closing(Past(database)) as past:
        _furnish(db, past, moment)
        people = _copy_conversations(db, past, moment)
        _copy_some(db, past, moment, Contact, Contact.id, people)
        _copy_some(db, past, moment, Episode, Episode.conversation_id, _keys(past, "id"))
        for entity in BONDS:
            _copy(db, past, moment, entity, None, _always)
        _copy(db, past, moment, Outgoing, Outgoing.state.in_(FOR_A_PERSON), _waits_for_a_person)
        yield past


def _copy_conversations(db: Session, past: Past, moment: Moment) -> frozenset[int]:
    """Those that a view may hold, and whatever else was said with the same people: repeat contacts are counted over it.

    Returns the contacts.
    """
    ((gap,),) = past.connection.execute("SELECT gap_seconds FROM workspace")
    since = moment.at - max(timedelta(seconds=gap), DAY) - DAY
    table = _table(Conversation)
    former = _former(db, moment.workspace_id, table.name, moment.event_id, _always)
    shown = [row for row in former if _conversation_counts(_raw(since), row)]
    _put(past, table, _lists(table, shown))
    live = select(table).where(*_of_then(table, moment), or_(Conversation.last_at >= since, *_ACTIVE))
    _put(past, table, _live(db, live))
    people, there = _keys(past, "contact_id"), _keys(past, "id")
    others = [row for row in former if row["contact_id"] in people and row["id"] not in there]
    _put(past, table, _lists(table, others))
    there |= {row["id"] for row in others}
    place = [column.name for column in table.columns].index("id")
    for some in _in_parts(people):
        found = _live(db, select(table).where(*_of_then(table, moment), Conversation.contact_id.in_(some)))
        _put(past, table, [row for row in found if row[place] not in there])
    return people


def _keys(past: Past, column: str) -> frozenset[int]:
    """What the conversations that are there say in a column."""
    return frozenset(row[0] for row in past.connection.execute(f"SELECT {column} FROM conversation"))  # noqa: S608  # nosec B608


def _copy_some(db: Session, past: Past, moment: Moment, entity: Any, column: Any, keys: frozenset[int]) -> None:
    """The rows of one table, as they were, whose ``column`` is one of ``keys``."""
    table = _table(entity)
    for some in _in_parts(keys):
        _put(past, table, _live(db, select(table).where(*_of_then(table, moment), column.in_(some))))
    keeps = partial(_one_of, column.key, keys)
    _put(past, table, _lists(table, _former(db, moment.workspace_id, table.name, moment.event_id, keeps)))


def _of_then(table: Any, moment: Moment) -> tuple[Any, ...]:
    """Rows of the workspace that nobody changed since."""
    return (table.c.workspace_id == moment.workspace_id, table.c.audit_id <= moment.event_id)


def _in_parts(keys: frozenset[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    return (ordered[begin : begin + AT_ONCE] for begin in range(0, len(ordered), AT_ONCE))


_OPEN = and_(Turn.replied.is_(None), Turn.ended.is_(None))
_ACTIVE = (
    Conversation.since.is_not(None),
    Conversation.holder_id.is_not(None),
    Conversation.state.in_([State.PARTNER, State.SNOOZED]),
)


def _turn_counts(since: int, row: dict[str, Any]) -> bool:
    return (row["replied"] is None and row["ended"] is None) or row["started"] >= since


def _conversation_counts(since: int, row: dict[str, Any]) -> bool:
    standing = row["since"] is not None or row["holder_id"] is not None
    return standing or row["state"] in (State.PARTNER, State.SNOOZED) or row["last_at"] >= since


def _one_of(name: str, keys: frozenset[int], row: dict[str, Any]) -> bool:
    return row[name] in keys


def _waits_for_a_person(row: dict[str, Any]) -> bool:
    return row["state"] in FOR_A_PERSON


def _always(_row: dict[str, Any]) -> bool:
    return True


def _furnish(db: Session, past: Past, moment: Moment) -> None:
    """Configuration as it was known then, and who is who. Names of colleagues are those of today."""
    home = moment.workspace_id
    for entity in SMALL:
        _copy(db, past, moment, entity, None, _always)
    rows = _former(db, home, "workspace", moment.outer_id, _always)
    live = select(_table(Workspace)).where(Workspace.id == home, Workspace.audit_id <= moment.outer_id)
    _put(past, _table(Workspace), [*_live(db, live), *_lists(_table(Workspace), rows)])
    _put(past, _table(User), _live(db, select(_table(User))))
    _put(past, _table(Fact), _live(db, select(_table(Fact))))
    standing = {"workspace_id": home, "number": moment.event_id}
    _put(past, _table(Revision), _lists(_table(Revision), [standing]))
    if (moment.seen or {}).get("collecting"):
        beat = {"name": POLLER, "holder": "", "at": _raw(moment.at)}
        _put(past, _table(Heartbeat), _lists(_table(Heartbeat), [beat]))


def _copy(
    db: Session, past: Past, moment: Moment, entity: Any, wanted: ColumnElement[bool] | None, keeps: Keeps
) -> None:
    """The rows of one table as they were: ``wanted`` says which of the present ones, ``keeps`` which of the former."""
    table = _table(entity)
    live = select(table).where(*_of_then(table, moment))
    if wanted is not None:
        live = live.where(wanted)
    _put(past, table, _live(db, live))
    if table.name in KEPT:
        former = _former(db, moment.workspace_id, table.name, moment.event_id, keeps)
        _put(past, table, _lists(table, former))


def _table(entity: Any) -> Any:
    return entity.__table__


def _live(db: Session, wanted: Any) -> list[tuple[Any, ...]]:
    """Rows as SQLite would keep them, whichever database they come from."""
    connection = db.connection()
    rows = connection.execute(wanted.with_only_columns(*(_untyped(one) for one in wanted.selected_columns)))
    if connection.dialect.name == "sqlite":
        return [tuple(row) for row in rows]
    return [tuple(_raw(value) if isinstance(value, date) else value for value in row) for row in rows]


def _untyped(column: Any) -> Any:
    """The column as the driver gives it: nothing is made into an instant or read as JSON, only to be written again."""
    return type_coerce(column, NullType()).label(column.name)


def _former(db: Session, workspace_id: int, name: str, event_id: int, keeps: Keeps) -> list[dict[str, Any]]:
    """Rows that stood after the event and were changed or removed since."""
    rows = db.execute(
        select(Former.facts).where(
            Former.workspace_id == workspace_id,
            Former.entity == name,
            Former.ended_id > event_id,
            Former.begun_id <= event_id,
        )
    )
    times = _times(name)
    found = []
    for (facts,) in rows:
        row = json.loads(facts)
        for column in times:
            if isinstance(row.get(column), str):
                row[column] = _raw(datetime.fromisoformat(row[column]))
        if keeps(row):
            found.append(row)
    return found


@cache
def _times(name: str) -> tuple[str, ...]:
    return tuple(column.name for column in Base.metadata.tables[name].columns if isinstance(column.type, UtcDateTime))


def _raw(at: date) -> Any:
    return (at - EPOCH) // MICROSECOND if isinstance(at, datetime) else at.isoformat()


def _lists(table: Any, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """In the order of the table's columns."""
    blanks = {column.name: _blank(column) for column in table.columns}
    whole = (blanks | row for row in rows)
    return [tuple(one[name] for name in blanks) for one in whole]


def _blank(column: Column[Any]) -> Any:
    """What a row has that is older than the column: nothing, else what every row got when the column came."""
    given = getattr(column.default, "arg", None)
    if column.nullable or isinstance(given, int | float | str):
        return None if column.nullable else given
    said = str(getattr(column.server_default, "arg", "")).strip("'").lower()
    if column.type.python_type is str:
        return said
    return int(said) if said.isdigit() else int(said == "true")


def _put(past: Past, table: Any, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        past.connection.executemany(_insertion(table.name), rows)


@cache
def _insertion(name: str) -> str:
    columns = [column.name for column in Base.metadata.tables[name].columns]
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{name}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608  # nosec B608


def _copy_volumes(db: Session, past: Past, moment: Moment) -> None:
    """The hours of the last eight weeks as they had been counted, and the hour of the first message of all."""
    last = hour_of(moment.at)
    summed = func.sum(VolumeMove.count)
    cells = select(VolumeMove.workspace_id, VolumeMove.hour, VolumeMove.account_id, VolumeMove.hours, summed)
    here = (VolumeMove.workspace_id == moment.workspace_id, VolumeMove.event_id <= moment.event_id)
    by_cell = (VolumeMove.workspace_id, VolumeMove.hour, VolumeMove.account_id, VolumeMove.hours)
    rows = db.execute(
        cells.where(*here, VolumeMove.hours != SPAM, VolumeMove.hour >= last - VOLUMES, VolumeMove.hour <= last)
        .group_by(*by_cell)
        .having(summed != 0)
    )
    totals = [(home, _raw(hour), account, hours, int(count)) for home, hour, account, hours, count in rows]
    past.connection.executemany("INSERT INTO hourly_total VALUES (?, ?, ?, ?, ?)", totals)
    first = db.scalar(
        select(VolumeMove.hour)
        .where(*here)
        .group_by(VolumeMove.hour)
        .having(summed > 0)
        .order_by(VolumeMove.hour)
        .limit(1)
    )
    if first is not None:
        past.connection.execute(
            "INSERT INTO hourly (workspace_id, hour, account_id, kind, hours, grade_id, topic_id, spam, count) "
            "VALUES (?, ?, 0, '', '', 0, 0, 0, 1)",
            (moment.workspace_id, _raw(first)),
        )
