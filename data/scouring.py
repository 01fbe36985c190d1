"""What a database keeps of erased text after the transaction: free pages, dead rows, the index of words, the log of writes.

Outside any transaction, and it may run again. It needs room for another copy of what it cleans. Every erasure asks for it;
the elected process does it soon after, for a large database at night.
"""

import sqlite3
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from data.clock import Clock
from data.database import Database, refusal_of
from data.polling import Chore
from models.erased import TO_SCOUR, may_scour
from models.problems import DatabaseBusy
from models.search_index import SOURCES
from models.workspace import Installation

EVERY = timedelta(minutes=1)
TOUCHED = (
    *(
        "assessment",
        "contact",
        "contact_merge",
        "conversation",
        "conversation_merge",
        "decision",
        "draft",
        "former",
        "hand_over",
    ),
    *("message", "message_version", "methane", "methane_draft", "note", "note_version", "outgoing", "quarantine"),
    *("major_incident", "saved_view", "shift_handover", "tombstone"),
)
"""Tables from which an erasure takes text."""


def chores(database: Database, clock: Clock) -> list[Chore]:
    """What the elected process does."""
    return [("scour", EVERY, partial(look, database, clock))]


def look(database: Database, clock: Clock) -> None:
    """One round: clean what was asked for, unless the database is large and it is day."""
    with database.read() as db:
        asked, size = asked_for(db), _size(db)
    if asked and may_scour(size, clock()):
        scour(database)


def ask(db: Session, at: datetime) -> None:
    """Old pages are in the files from now on: have them cleaned. In the transaction of the erasure."""
    row = db.get(Installation, TO_SCOUR)
    if row is None:
        db.add(Installation(key=TO_SCOUR, value=at.isoformat()))
    else:
        row.value = at.isoformat()


def asked_for(db: Session) -> str:
    """When cleaning was asked for last; empty where the files hold nothing of what was erased."""
    row = db.get(Installation, TO_SCOUR)
    return row.value if row is not None else ""


def scour(database: Database) -> bool:
    """Write the touched tables anew, so that their old pages are gone. False where others used the database all the while:
    then it holds old pages until this is run again. Raises ``DatabaseFull``.
    """
    with database.read() as db:
        asked = asked_for(db)
    clean = _scour_sqlite(database) if database.sqlite else _scour_postgres(database)
    if clean and asked:
        with database.write() as db:
            db.execute(delete(Installation).where(Installation.key == TO_SCOUR, Installation.value == asked))
    return clean


def _size(db: Session) -> int:
    """Bytes of the database."""
    if db.get_bind().dialect.name == "sqlite":
        pages, size = (db.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "page_size"))
        return int(pages or 0) * int(size or 0)
    return int(db.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def _scour_postgres(database: Database) -> bool:
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in TOUCHED:
            connection.execute(text(f'VACUUM FULL "{name}"'))
    return True


def _scour_sqlite(database: Database) -> bool:
    with database.writer.connect() as connection:
        # Of the driver itself: whatever goes through the engine begins a transaction, and these refuse to run in one.
        driver: Any = connection.connection.driver_connection
        try:
            for source in SOURCES:
                driver.execute(f"INSERT INTO {source.index} ({source.index}) VALUES ('optimize')")  # noqa: S608  # nosec B608
            driver.execute("VACUUM")
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            refusal = refusal_of(error)
            if isinstance(refusal, DatabaseBusy):
                return False
            raise (refusal or error) from error
    return not busy
