"""Whether the audit chains are whole: every event's digest follows from the one before, and the head from the last.

A chain is read in order, an event at a time, as the driver gives it: no more than one event is in memory, and the text of
an event is sealed as it stands in its row, so that any byte of it counts.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from json.encoder import encode_basestring
from typing import Any

import psycopg
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.anchors import Anchored, heads_of
from data.database import Database
from models.audit import FIRST_DIGEST, AuditEvent, seal
from models.base import EPOCH

READ = (
    *("id", "workspace_id", "sequence", "at", "actor", "user_id", "session_id", "address", "action", "object"),
    *("object_id", "before", "after", "reason", "digest"),
)
"""The columns of an event in the order in which they are walked."""
TOLD_EVERY = 5_000
FETCHED_AT_ONCE = 5_000
CHANGED = "it was changed, or sealed with another WATCHROOM_AUDIT_KEY"

Report = Callable[[int, int], None]
"""Told how many events were looked at, of how many. It may raise to end the walk."""
Raw = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class BadEvent:
    """The first place at which a chain does not hold. ``event_id`` is None where an event is missing."""

    sequence: int
    event_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """One chain: ``workspace_id`` 0 is the installation's. ``bad`` is None where it is whole.

    ``anchored`` is when its end, or an earlier place of it, was last noted outside the database; None where it never was.
    """

    workspace_id: int
    events: int
    bad: BadEvent | None
    anchored: datetime | None = None


@dataclass(slots=True)
class Walk:
    """What all chains share on the way: the key, what was anchored, and whom to tell how far it is."""

    key: bytes
    anchored: Anchored = field(default_factory=Anchored)
    report: Report = lambda done, total: None
    total: int = 0
    done: int = 0

    def step(self) -> None:
        """One more event."""
        self.done += 1
        if self.done % TOLD_EVERY == 0:
            self.report(self.done, max(self.total, self.done))


@dataclass(frozen=True, slots=True)
class Source:
    """Where chains are read from: their heads, the workspaces that have events, and the rows of one chain in order."""

    heads: dict[int, tuple[int, str]]
    places: set[int]
    events: Callable[[int], Iterator[Raw]]


def verify(
    database: Database, anchored: Anchored | None = None, report: Report | None = None, only: int | None = None
) -> tuple[Verified, ...]:
    """Walk every chain, or ``only`` one, from its first event to its head, on one picture of the database."""
    with database.read() as db:
        return verify_chains(db, database.audit_key, anchored, report, only)


def verify_chains(
    db: Session,
    key: bytes,
    anchored: Anchored | None = None,
    report: Report | None = None,
    only: int | None = None,
) -> tuple[Verified, ...]:
    """Walk every chain that this transaction sees, those too that only an anchor still knows."""
    return verify_source(Source(heads_of(db), set(_places(db)), partial(events_of, db)), key, anchored, report, only)


def verify_source(
    source: Source,
    key: bytes,
    anchored: Anchored | None = None,
    report: Report | None = None,
    only: int | None = None,
) -> tuple[Verified, ...]:
    """Walk the chains of any source."""
    walk = Walk(key, anchored or Anchored())
    walk.report = report or walk.report
    places = set(source.heads) | source.places | set(walk.anchored.heads)
    if only is not None:
        places &= {only}
    walk.total = sum(_number(sequence) for home, (sequence, _) in source.heads.items() if home in places)
    return tuple(verify_chain(walk, home, source.events(home), source.heads.get(home)) for home in sorted(places))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _places(db: Session) -> Iterator[int]:
    """The workspaces that have events, by jumps through the index: a chain may be long."""
    last: int | None = db.scalar(select(func.min(AuditEvent.workspace_id)))
    while last is not None:
        yield last
        last = db.scalar(select(func.min(AuditEvent.workspace_id)).where(AuditEvent.workspace_id > last))


def verify_chain(walk: Walk, workspace_id: int, events: Iterable[Raw], head: tuple[int, str] | None) -> Verified:
    """Walk one chain: ``events`` are its rows in the order of ``READ``, by sequence."""
    known = walk.anchored.heads.get(workspace_id)
    anchored = known[2] if known else None
    digest, sequence, number = FIRST_DIGEST, 0, 0
    try:
        for event in events:
            bad = _breaks(walk, event, sequence, number, digest, known)
            if bad is not None:
                return Verified(workspace_id, sequence, bad, anchored)
            number, sequence, digest = event[0], event[2], event[14]
            walk.step()
    except UNREADABLE:
        return Verified(workspace_id, sequence, BadEvent(sequence + 1, None, "it cannot be read"), anchored)
    return Verified(workspace_id, sequence, _ending(sequence, digest, head, known), anchored)


UNREADABLE = (sqlite3.Error, psycopg.Error, UnicodeError)
"""What a driver says of a text that somebody has made unreadable."""


def _breaks(
    walk: Walk, event: Raw, sequence: int, number: int, before: str, known: tuple[int, str, datetime] | None
) -> BadEvent | None:
    """Why this event does not follow the one of ``sequence`` and ``number`` (its key), None where it does."""
    here = event[2]
    if not isinstance(here, int) or here <= sequence:
        return BadEvent(sequence + 1, event[0], "it stands where no event belongs")
    if here != sequence + 1:
        return BadEvent(sequence + 1, None, "an event is missing")
    if event[0] <= number or not _is_sealed(walk.key, before, event):
        return BadEvent(here, event[0], CHANGED)
    if known and here == known[0] and event[14] != known[1]:
        return BadEvent(here, event[0], f"it is not the event that was anchored at {known[2].isoformat()}")
    return None


def _ending(
    sequence: int, digest: str, head: tuple[int, str] | None, known: tuple[int, str, datetime] | None
) -> BadEvent | None:
    """Why a chain that ends here is not whole, None where it is."""
    if known and known[0] > sequence:
        why = f"the events after it are missing: {known[0]:,} were anchored at {known[2].isoformat()}"
        return BadEvent(sequence + 1, None, why)
    if head == (sequence, digest):
        return None
    kept = _number(head[0]) if head is not None else 0
    why = "the events after it are missing" if kept > sequence else "the chain's head was changed"
    return BadEvent(sequence + 1, None, why)


def _is_sealed(key: bytes, before: str, event: Raw) -> bool:
    """Whether the row's digest is that of ``models.audit.chain_digest``, the text put together from the row as it lies.

    Events of the first release do not seal their own number.
    """
    try:
        return event[14] in (seal(key, f"{before}\n{_stated(event, numbered)}") for numbered in (True, False))
    except (TypeError, ValueError, OverflowError):
        return False


def _stated(event: Raw, numbered: bool) -> str:
    (number, home, sequence, at, actor, user, session, address, action, about, about_id, before, after, reason, _) = (
        event
    )
    identity = f'"id":{_int(number)},' if numbered else ""
    return (
        f'{{"action":{encode_basestring(action)},"actor":{encode_basestring(actor)},'
        f'"address":{encode_basestring(address)},"after":{_json(after)},"at":"{_iso(at)}","before":{_json(before)},'
        f'{identity}"object":{encode_basestring(about)},"object_id":{_int(about_id)},'
        f'"reason":{encode_basestring(reason)},"sequence":{_int(sequence)},"session_id":{_int(session)},'
        f'"user_id":{_int(user)},"workspace_id":{_int(home)}}}'
    )


def _json(value: object) -> str:
    if value is None:
        return "null"
    if not isinstance(value, str):
        raise TypeError
    return value


def _int(value: object) -> str:
    if value is None:
        return "null"
    if type(value) is not int:
        raise TypeError
    return str(value)


def _iso(at: Any) -> str:
    """SQLite keeps microseconds since 1970, Postgres gives an instant in the session's zone."""
    instant = at.astimezone(UTC) if isinstance(at, datetime) else EPOCH + timedelta(microseconds=at)
    return str(instant.isoformat())


_NAMES = ", ".join(f'"{name}"' for name in READ)
SQLITE_CHAIN = f"SELECT {_NAMES} FROM audit_event WHERE workspace_id = ? ORDER BY sequence, id"  # noqa: S608  # nosec B608
_POSTGRES = f"SELECT {_NAMES} FROM audit_event WHERE workspace_id = %s ORDER BY sequence, id"  # noqa: S608  # nosec B608


def events_of(db: Session, workspace_id: int) -> Iterator[Raw]:
    """One chain as the driver gives it, in order, in the transaction of ``db``."""
    connection = db.connection().connection.driver_connection
    if isinstance(connection, sqlite3.Connection):
        with closing(connection.cursor()) as cursor:
            yield from cursor.execute(SQLITE_CHAIN, (workspace_id,))
        return
    assert isinstance(connection, psycopg.Connection)  # noqa: S101 - says to mypy what the other kind is
    with connection.cursor("audit") as served:
        served.itersize = FETCHED_AT_ONCE
        yield from served.execute(_POSTGRES, (workspace_id,))
