"""Hears of commits that other processes made: ``PRAGMA data_version`` on SQLite, LISTEN on Postgres."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

import psycopg
import structlog
from psycopg import sql
from sqlalchemy.engine import make_url

from data.audit import CHANNEL
from data.database import Database

RECONNECT_SECONDS = 1.0

log = structlog.get_logger()


class Commits:
    """A thread that calls ``heard`` after commits anywhere, our own included: what changed is for the caller to read.

    It is told of every commit at least once, and once for many where they come close together. After a lost connection
    ``heard`` is called too, because something may have been missed. ``every`` (seconds) is how often SQLite is asked;
    Postgres tells by itself, and this is how soon the thread sees that it is to stop.
    """

    def __init__(self, database: Database, heard: Callable[[], None], every: float) -> None:
        self._database = database
        self._heard = heard
        self._every = every
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._run, name="commits", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and wait for the thread to end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        follow = self._follow_sqlite if self._database.sqlite else self._follow_postgres
        while not self._stopping.is_set():
            try:
                follow()
            except (sqlite3.Error, psycopg.Error, OSError) as error:
                log.warning("commits of other processes are not heard", problem=type(error).__name__)
                self._stopping.wait(RECONNECT_SECONDS)

    def _follow_sqlite(self) -> None:
        """``data_version`` differs for a connection once any other connection has committed; it reads no page."""
        path = make_url(self._database.url).database or ""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            seen = None
            while not self._stopping.is_set():
                version = connection.execute("PRAGMA data_version").fetchone()[0]
                if version != seen:
                    seen = version
                    self._heard()
                self._stopping.wait(self._every)

    def _follow_postgres(self) -> None:
        address = make_url(self._database.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self._heard()
            while not self._stopping.is_set():
                if any(True for _ in connection.notifies(timeout=self._every, stop_after=1)):
                    self._heard()
