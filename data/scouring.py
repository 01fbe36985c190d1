"""What a database keeps of erased text after the transaction: free pages, dead rows, the index of words, the log of writes.

Outside any transaction, and it may run again. It needs room for another copy of what it cleans.
"""

import sqlite3
from typing import Any

from sqlalchemy import text

from data.database import Database, refusal_of
from models.problems import DatabaseBusy
from models.search_index import SOURCES

TOUCHED = (
    *("assessment", "contact", "contact_merge", "conversation", "conversation_merge", "draft", "former", "hand_over"),
    *("message", "message_version", "methane", "methane_draft", "note", "note_version", "outgoing", "quarantine"),
    "tombstone",
)
"""Tables from which an erasure takes text."""


def scour(database: Database) -> bool:
    """Write the touched tables anew, so that their old pages are gone. False where others used the database all the while:
    then it holds old pages until this is run again. Raises ``DatabaseFull``.
    """
    if database.sqlite:
        return _scour_sqlite(database)
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
