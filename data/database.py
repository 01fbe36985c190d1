"""The database: two engines on SQLite (readers never wait for the writer), one history of migrations for both kinds."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from models.problems import DatabaseBusy, DatabaseFull, NotSaved

MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"
BUSY_MILLISECONDS = 5000
SAMPLE = 1000
"""Rows of each index that SQLite looks at to learn how many it finds: some milliseconds, whatever the size."""
REFUSALS: dict[str, type[DatabaseBusy | DatabaseFull]] = {
    "SQLITE_BUSY": DatabaseBusy,
    "SQLITE_FULL": DatabaseFull,
    "40001": DatabaseBusy,
    "40P01": DatabaseBusy,
    "55P03": DatabaseBusy,
    "53100": DatabaseFull,
}
"""What SQLite and Postgres (SQLSTATE) say when the fault is not ours: another try, or more room, puts it right."""

Listener = Callable[[int, int], None]
"""Told of every commit here: workspace id and its new revision."""


class Database:
    """The way in to one database: ``read()`` for pictures, ``write()`` for changes (use ``data.audit.change`` for those).

    Safe to share between threads; every ``Session`` it gives belongs to one thread. ``audit_key`` signs audit events and is
    kept outside the database.
    """

    def __init__(self, url: str, audit_key: bytes) -> None:
        self.url = url
        self.audit_key = audit_key
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.sqlite:
            _make_file(url)
        self.writer = _engine(url, self.sqlite, "IMMEDIATE")
        self.reader = _engine(url, self.sqlite, "DEFERRED") if self.sqlite else self.writer
        self._write = sessionmaker(self.writer, autoflush=False, expire_on_commit=False)
        self._read = sessionmaker(self.reader, autoflush=False, expire_on_commit=False)
        self._listeners: list[Listener] = []
        self._guard = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading, on one consistent picture; whatever it did is rolled back."""
        with self._read() as db:
            if not self.sqlite:
                db.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
            yield db
            db.expunge_all()  # what was read stays readable: ending the transaction would empty the entities
            db.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on any error.

        On SQLite the transaction begins as the only writer (``BEGIN IMMEDIATE``), so what is read in it stays true. Raises
        ``DatabaseBusy`` and ``DatabaseFull``.
        """
        try:
            with self._write() as db, db.begin():
                yield db
        except DBAPIError as error:
            refusal = refusal_of(error.orig)
            if refusal is None:
                raise
            raise refusal from error

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` after every commit that raised a revision in this process."""
        with self._guard:
            self._listeners.append(listener)

    def announce(self, workspace_id: int, revision: int) -> None:
        """Tell the listeners of a commit."""
        for listener in tuple(self._listeners):
            listener(workspace_id, revision)

    def analyse(self) -> None:
        """Let SQLite count how many rows an index finds, by a sample; without it any index is as good as another to it.

        Connections read these figures when they are opened, so new ones take the place of those in the pool. Postgres
        does this by itself.
        """
        if not self.sqlite:
            return
        with self.writer.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit = {SAMPLE}")
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        self.close()

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()
        self.reader.dispose()


def refusal_of(error: object) -> NotSaved | None:
    """The problem that a driver's error means, None where it is a fault of another kind."""
    name = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
    kind = next((kind for start, kind in REFUSALS.items() if name.startswith(start)), None)
    return kind() if kind else None


def _make_file(url: str) -> None:
    """The empty file of a new database, for us alone to read; what SQLite puts beside it gets the same mode."""
    name = make_url(url).database
    if name and name != ":memory:":
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch(mode=0o600)


def _engine(url: str, sqlite: bool, begin: str) -> Engine:
    if not sqlite:
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = create_engine(url, pool_size=10, max_overflow=40, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA cache_size=-32768")
        cursor.execute("PRAGMA mmap_size=268435456")
        if begin == "DEFERRED":
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest revision of the schema. May run again; several may run at once."""
    if make_url(url).get_backend_name() == "sqlite":
        _make_file(url)
    command.upgrade(_config(url), "head")


def schema_is_current(database: Database) -> bool:
    """Whether the database stands at the newest migration."""
    with database.reader.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(ScriptDirectory.from_config(_config(database.url)).get_heads())
