"""Backups: a copy of the database as it stood at one instant, made while it is in use, and put back whole or not at all.

On SQLite a backup is a database file, by SQLite's own online copy. On Postgres it is a zip: ``about.json`` and one file
of COPY text for each table, read on one picture. Keys are not in it (``docs/settings.md``).
"""

import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import func, inspect, select, table, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from data.database import Database, migrate, schema_is_current
from data.election import seat_of
from data.verification import Verified, verify, verify_chains
from models.entities import Base
from models.problems import BackupRefused

SCHEMA_VERSION = "SELECT version_num FROM alembic_version"
ABOUT = "about.json"
CHUNK = 1 << 20
PAGES_AT_ONCE = 2_000

DAMAGE = (
    *(sqlite3.Error, zipfile.BadZipFile, zlib.error, psycopg.Error, SQLAlchemyError),
    *(EOFError, KeyError, NotImplementedError, OSError, ValueError),
)
"""What reading something else than a whole backup may raise."""

GUARDED = ("audit_event", "hourly", "hourly_total")
"""Tables with triggers that ask about rows put in or taken away."""

Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: where, how large (bytes), and what it holds."""

    path: Path
    size: int
    messages: int


def back_up(database: Database, path: Path, report: Report) -> BackedUp:
    """Write a backup to ``path``, which must not exist; nothing is there unless it is whole. Raises ``BackupRefused``."""
    if path.exists():
        raise BackupRefused(f"{path} exists already: give another name, or remove it")
    if not schema_is_current(database):
        raise BackupRefused("the database is not at the newest schema: run `flask --app app migrate` first")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        messages = (_copy_sqlite if database.sqlite else _copy_postgres)(database, draft, report)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be written ({error.strerror})") from None
    finally:
        draft.unlink(missing_ok=True)
    return BackedUp(path, path.stat().st_size, messages)


def restore(database: Database, path: Path, overwrite: bool, report: Report) -> tuple[Verified, ...]:
    """Put a backup in the place of everything in ``database``, and say how its audit chains stand.

    Refuses (``BackupRefused``) what is no backup or damaged, a chain that does not hold, a database in use by a server,
    and one that is not empty unless ``overwrite``. Until the last step nothing is changed.
    """
    seat = seat_of(database)
    if not seat.take():
        raise BackupRefused("a server collects posts on this database: stop it first")
    try:
        if _is_filled(database) and not overwrite:
            raise BackupRefused("the database is not empty: give --yes to replace everything in it")
        found = (_restore_sqlite if database.sqlite else _restore_postgres)(database, path, report)
    except DAMAGE as error:
        raise BackupRefused(f"{path} is no whole backup of this kind of database ({type(error).__name__})") from None
    finally:
        seat.give_up()
    return found


def _is_filled(database: Database) -> bool:
    """Whether anybody or anything is in it."""
    if "workspace" not in inspect(database.reader).get_table_names():
        return False
    with database.reader.connect() as connection:
        rows = (connection.scalar(select(func.count()).select_from(table(name))) for name in ("workspace", "user"))
        return any(rows)


def _sqlite_path(database: Database) -> Path:
    return Path(make_url(database.url).database or "").absolute()


def _copy_sqlite(database: Database, draft: Path, report: Report) -> int:
    with closing(sqlite3.connect(_sqlite_path(database))) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target, pages=PAGES_AT_ONCE, progress=partial(_told, report))
        target.execute("PRAGMA journal_mode=DELETE")
        return int(target.execute("SELECT count(*) FROM message").fetchone()[0])


def _told(report: Report, _status: int, remaining: int, total: int) -> None:
    report("Copying the database", 1 - remaining / max(total, 1))


def _restore_sqlite(database: Database, path: Path, report: Report) -> tuple[Verified, ...]:
    with tempfile.TemporaryDirectory(dir=_sqlite_path(database).parent, prefix=".restore-") as folder:
        copy = Path(folder) / "copy.db"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source:
            report("Looking at the backup", 0.0)
            if source.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise BackupRefused(f"{path} is damaged")
            source.execute(SCHEMA_VERSION).fetchone()[0]
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        migrate(f"sqlite:///{copy}")
        found = _checked(Database(f"sqlite:///{copy}", database.audit_key))
        database.close()
        report("Putting it in place", 0.5)
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(_sqlite_path(database))) as target:
            source.backup(target)
    return found


def _checked(copy: Database) -> tuple[Verified, ...]:
    """Its chains. Raises ``BackupRefused`` where one does not hold."""
    try:
        return _hold(verify(copy))
    finally:
        copy.close()


def _address(database: Database) -> str:
    return make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)


def _tables() -> list[str]:
    """Every table, parents before children."""
    return [table.name for table in Base.metadata.sorted_tables]


def _copy_postgres(database: Database, draft: Path, report: Report) -> int:
    with (
        psycopg.connect(_address(database)) as db,
        zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        version = _one(db, sql.SQL(SCHEMA_VERSION))
        names, counts = _tables(), {}
        for number, name in enumerate(names):
            report(f"Copying {name}", number / len(names))
            counts[name] = _one(db, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            columns = [column.name for column in Base.metadata.tables[name].columns]
            with (
                archive.open(f"{name}.copy", "w", force_zip64=True) as file,
                db.cursor() as cursor,
                cursor.copy(_copy(OUT.get(name, "COPY {} ({}) TO STDOUT"), name, columns)) as copy,
            ):
                for block in copy:
                    file.write(block)
        about = {"version": version, "tables": {name: counts[name] for name in names}, "columns": _columns(names)}
        archive.writestr(ABOUT, json.dumps(about))
    return int(counts["message"])


OUT = {"audit_event": "COPY (SELECT {1} FROM {0} ORDER BY workspace_id, sequence) TO STDOUT"}
"""In the order in which a chain is walked, so that it can be verified in the file itself."""


def _columns(names: list[str]) -> dict[str, list[str]]:
    return {name: [column.name for column in Base.metadata.tables[name].columns] for name in names}


def _copy(words: str, name: str, columns: list[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(words).format(sql.Identifier(name), listed)


def _one(db: "psycopg.Connection[Any]", query: sql.SQL | sql.Composed) -> Any:
    row = db.execute(query).fetchone()
    return row[0] if row else None


def _restore_postgres(database: Database, path: Path, report: Report) -> tuple[Verified, ...]:
    with zipfile.ZipFile(path) as archive:
        report("Looking at the backup", 0.0)
        if archive.testzip() is not None:
            raise BackupRefused(f"{path} is damaged")
        about = json.loads(archive.read(ABOUT))
        migrate(database.url)
        with database.writer.begin() as connection:
            version = connection.scalar(text(SCHEMA_VERSION))
            if about["version"] != version:
                raise BackupRefused("it is of another version of Watchroom: restore it with that one, then migrate")
            db = connection.connection.driver_connection
            assert isinstance(db, psycopg.Connection)  # noqa: S101 - says to mypy what the URL says
            _replace_all(db, archive, about, report)
            with Session(connection) as session:
                return _hold(verify_chains(session, database.audit_key))


def _replace_all(
    db: "psycopg.Connection[Any]", archive: zipfile.ZipFile, about: dict[str, Any], report: Report
) -> None:
    """In the caller's transaction. Audit events may not be emptied, and what comes back is not news: triggers stand aside."""
    for name in GUARDED:
        db.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(name)))
    db.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, _tables()))))
    for number, (name, count) in enumerate(about["tables"].items()):
        report(f"Restoring {name}", number / len(about["tables"]))
        with (
            archive.open(f"{name}.copy") as file,
            db.cursor() as cursor,
            cursor.copy(_copy("COPY {} ({}) FROM STDIN", name, about["columns"][name])) as copy,
        ):
            while block := file.read(CHUNK):
                copy.write(block)
        if _one(db, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))) != count:
            raise BackupRefused(f"the table {name} is not whole in it")
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in about["tables"]:
        if "id" in about["columns"][name]:
            db.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({name}, 'id'), (SELECT max(id) FROM {table}))"
                    " WHERE EXISTS (SELECT FROM {table})"
                ).format(name=sql.Literal(f'"{name}"'), table=sql.Identifier(name))
            )
    for name in GUARDED:
        db.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(name)))


def _hold(found: tuple[Verified, ...]) -> tuple[Verified, ...]:
    """The chains as they are. Raises ``BackupRefused`` at the first that does not hold."""
    for chain in found:
        if chain.bad is not None:
            raise BackupRefused(f"its audit does not hold at event {chain.bad.sequence}: {chain.bad.why}")
    return found
