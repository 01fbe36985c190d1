"""Which of several processes on one database polls: whoever holds its seat, and nobody else.

On SQLite the seat is a lock on a file beside the database, on Postgres an advisory lock held by a connection of its own.
Both fall free by themselves when the process dies, however it dies.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy.engine import make_url

from data.database import Database

KEY = 7202212
"""Of the advisory lock; locks of other databases on the same server do not meet it."""
FIND_OUT = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
"""The server drops a connection whose machine has vanished within 15 s, and the seat with it."""


class Seat(Protocol):
    """To be used by one thread at a time."""

    def take(self) -> bool:
        """Take the seat where it is free. True where we hold it now."""

    def is_held(self) -> bool:
        """Whether it is still ours; one that was lost is given up."""

    def give_up(self) -> None:
        """Free it. May be called again."""


class FileSeat:
    """A lock on a file, which the kernel frees when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Lock the file, made where it is missing."""
        if self._file is not None:
            return self.is_held()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return self.is_held()

    def is_held(self) -> bool:
        """Ours, and still the file of that name: a lock on a removed file keeps nobody out."""
        if self._file is None:
            return False
        with suppress(OSError):
            if os.fstat(self._file).st_ino == self._path.stat().st_ino:
                return True
        self.give_up()
        return False

    def give_up(self) -> None:
        """Close the file, which frees the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class AdvisorySeat:
    """An advisory lock of a connection that does nothing else: a lost connection is a lost seat."""

    def __init__(self, url: str) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection | None = None

    def take(self) -> bool:
        """Connect and ask for the lock."""
        if self._connection is not None:
            return self.is_held()
        connection = None
        try:
            connection = psycopg.connect(
                self._address,
                autocommit=True,
                connect_timeout=5,
                options=FIND_OUT,
                keepalives_idle=5,
                keepalives_interval=5,
                keepalives_count=2,
                tcp_user_timeout=10_000,
            )
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (KEY,)).fetchone()
        except psycopg.Error:
            row = None
        if row is not None and row[0]:
            self._connection = connection
            return True
        if connection is not None:
            connection.close()
        return False

    def is_held(self) -> bool:
        """Whether the connection still answers."""
        if self._connection is None:
            return False
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            self.give_up()
            return False
        return True

    def give_up(self) -> None:
        """Close the connection, which frees the lock."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None


def seat_of(database: Database) -> Seat:
    """The poller's seat of a database."""
    if not database.sqlite:
        return AdvisorySeat(database.url)
    path = Path(make_url(database.url).database or "watchroom.db").absolute()
    return FileSeat(path.with_name(f"{path.name}-poller.lock"))
