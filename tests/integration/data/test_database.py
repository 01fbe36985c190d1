"""A database that takes no changes just now: others write for too long, or the disk is full. Nothing is lost by it."""

import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url

from data import database as databases
from data.database import migrate, refusal_of
from data.queries.wallboard import wallboard
from data.readiness import takes_writes
from data.signing import keep_alive, remember_workspace, session_of, sign_in
from data.throttle import Throttle
from models.audit import AuditEvent
from models.conversation import Message
from models.problems import DatabaseBusy, DatabaseFull
from models.workspace import AccountPoll
from tests.arrivals import NOW, asks, found
from tests.rows import PASSWORD, add_member, open_database


@pytest.fixture
def database(database_url, monkeypatch):
    monkeypatch.setattr(databases, "BUSY_MILLISECONDS", 20)
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_only(database):
    if not database.sqlite:
        pytest.skip("how SQLite says it; what Postgres says is in the test of the names")


@pytest.fixture
def busy(database, sqlite_only):
    """Somebody else is writing and does not come to an end."""
    with closing(sqlite3.connect(make_url(database.url).database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (SimpleNamespace(sqlite_errorname="SQLITE_BUSY"), DatabaseBusy),
        (SimpleNamespace(sqlite_errorname="SQLITE_BUSY_SNAPSHOT"), DatabaseBusy),
        (SimpleNamespace(sqlite_errorname="SQLITE_FULL"), DatabaseFull),
        (SimpleNamespace(sqlstate="40P01"), DatabaseBusy),
        (SimpleNamespace(sqlstate="53100"), DatabaseFull),
        (SimpleNamespace(sqlstate="23505"), type(None)),
        (SimpleNamespace(sqlstate=None), type(None)),
        (None, type(None)),
    ],
)
def test_what_the_databases_say_has_a_name(error, kind):
    assert type(refusal_of(error)) is kind


def test_intake_that_finds_the_database_busy_stores_nothing_and_loses_nothing(database, sqlite_only):
    town = found(database)
    with closing(sqlite3.connect(make_url(database.url).database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            town.take(asks("1", 0))
    assert town.take(asks("1", 0)).stored == 1


def test_a_session_goes_on_reading_while_the_database_is_busy(database, sqlite_only):
    town = found(database)
    add_member(database, town.account.workspace_id, "ann", "Operator")
    token = sign_in(database, Throttle(), "ann", PASSWORD, "", NOW)
    later = NOW + timedelta(minutes=30)
    with closing(sqlite3.connect(make_url(database.url).database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        session = session_of(database, token, later)
        keep_alive(database, session, later)
        remember_workspace(database, session, town.account.workspace_id)
    assert session_of(database, token, later) == session


def test_a_readiness_check_says_that_a_busy_database_takes_no_writes(database, busy):
    assert takes_writes(database, NOW) is False


def test_a_full_disk_keeps_what_is_there_and_the_wall_stands(database, sqlite_only):
    town = found(database)
    town.take(asks("1", 0))
    before = counts(town)
    fill(database)
    with pytest.raises(DatabaseFull):
        town.take(*(asks(str(number), number, "a long story " * 200) for number in range(2, 80)), cursor="lost")
    assert counts(town) == before
    assert wallboard(database, town.account.workspace_id, NOW).waiting[-1].count == 1
    make_room(database)
    assert town.take(*(asks(str(number), number) for number in range(1, 80))).named() == {"stored": 78, "duplicate": 1}


def counts(town):
    with town.database.read() as db:
        many = [db.scalar(select(func.count()).select_from(entity)) for entity in (Message, AuditEvent)]
        return many, db.scalars(select(AccountPoll.cursor)).all()


def fill(database):
    """Let the database grow no more: a page count stands in for the disk."""
    with database.reader.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    database.writer.dispose()
    event.listen(database.writer, "connect", _narrow)
    _narrow.pages = pages


def make_room(database):
    event.remove(database.writer, "connect", _narrow)
    database.writer.dispose()


def _narrow(connection, _record):
    connection.execute(f"PRAGMA max_page_count={_narrow.pages}")


def test_a_new_database_is_for_us_alone_to_read(empty_database_url):
    if not empty_database_url.startswith("sqlite"):
        pytest.skip("Postgres keeps its own files")
    migrate(empty_database_url)
    opened = open_database(empty_database_url)
    found(opened)
    path = Path(make_url(empty_database_url).database)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.glob(f"{path.name}*")}
    opened.close()
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}


def test_sqlite_learns_how_many_rows_an_index_finds(database_url, database_kind):
    if database_kind != "sqlite":
        pytest.skip("Postgres learns by itself")
    opened = open_database(database_url)
    with opened.read() as db:
        assert db.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")) == 0
    opened.analyse()
    with opened.read() as db:
        assert db.scalar(text("SELECT count(*) FROM sqlite_stat1")) > 0
    opened.close()
