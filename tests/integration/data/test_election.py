"""One seat for each database, whoever else runs."""

import subprocess
import sys

import pytest

from data.election import AdvisorySeat, FileSeat, seat_of
from tests import postgres, rows

HOLD = """
import sys
from data.database import Database
from data.election import seat_of
seat = seat_of(Database(sys.argv[1], b"k" * 32))
print("held" if seat.take() else "taken", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def database(database_url):
    opened = rows.open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def other(database):
    """Another process that asked for the seat."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_two_processes_never_hold_the_seat_at_once(database, other):
    assert other.stdout.readline() == "held\n"
    seat = seat_of(database)
    assert not seat.take()
    assert not seat.is_held()


def test_a_killed_process_leaves_the_seat_free(database, other):
    assert other.stdout.readline() == "held\n"
    other.kill()
    other.wait()
    seat = seat_of(database)
    taken = any(seat.take() for _ in range(1_000))  # Postgres needs an instant to see that its client is gone
    assert taken and seat.is_held()
    seat.give_up()


def test_a_seat_given_up_is_free_for_others(database):
    first, second = seat_of(database), seat_of(database)
    assert first.take() and first.take()
    assert not second.take()
    first.give_up()
    first.give_up()
    assert any(second.take() for _ in range(1_000))
    second.give_up()


def test_a_lock_on_a_removed_file_is_no_seat(tmp_path):
    path = tmp_path / "poller.lock"
    first, second = FileSeat(path), FileSeat(path)
    assert first.take()
    path.unlink()
    assert second.take()
    assert not first.is_held()
    path.unlink()
    assert not second.is_held()


def test_the_lock_of_a_file_that_nobody_else_may_read(tmp_path):
    seat = FileSeat(tmp_path / "below" / "poller.lock")
    assert seat.take()
    assert (tmp_path / "below" / "poller.lock").stat().st_mode & 0o777 == 0o600
    seat.give_up()


def test_a_lost_connection_is_a_lost_seat(database, database_kind):
    if database_kind == "sqlite":
        pytest.skip("a file lock has no connection")
    seat = seat_of(database)
    assert seat.take()
    with postgres.connect(database.url) as db:
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    assert not seat.is_held()
    assert any(seat.take() for _ in range(1_000))
    seat.give_up()


def test_a_server_that_is_away_gives_no_seat(tmp_path):
    seat = AdvisorySeat(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    assert not seat.take()
    assert not seat.is_held()
