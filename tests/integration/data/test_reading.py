"""Where reading an account stands: successes move it on, failures leave it where it was and say why."""

from datetime import timedelta

import pytest

from data.reading import note_failure, note_success, poll_of
from models.posts import Batch
from models.workspace import AccountPoll
from tests.arrivals import NOW, found
from tests.rows import open_database

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(database_url):
    opened = open_database(database_url)
    yield found(opened)
    opened.close()


def fail(town, at, reason="no answer", refused=False):
    with town.database.write() as db:
        note_failure(db, town.account.workspace_id, town.account.id, reason, refused, at)


def succeed(town, at, cursor="7", reads=0, stored=1):
    with town.database.write() as db:
        note_success(db, town.account.workspace_id, town.account.id, Batch((), cursor, reads=reads), stored, at)


def polled(town):
    [row] = town.rows(AccountPoll)
    return row


def test_an_account_that_was_never_read_begins_without_a_cursor(town):
    with town.database.write() as db:
        row = poll_of(db, town.account.workspace_id, town.account.id)
        assert poll_of(db, town.account.workspace_id, town.account.id) is row
    assert (polled(town).cursor, polled(town).failures) == (None, 0)


def test_failures_add_up_and_the_cursor_stays(town):
    succeed(town, NOW, "7")
    fail(town, NOW + MINUTE)
    fail(town, NOW + 2 * MINUTE, "refused", refused=True)
    row = polled(town)
    assert (row.cursor, row.failures, row.failing_since, row.last_attempt) == ("7", 2, NOW + MINUTE, NOW + 2 * MINUTE)
    assert (row.reason, row.refused, row.last_success) == ("refused", True, NOW)


def test_a_success_ends_the_failures(town):
    fail(town, NOW, refused=True)
    succeed(town, NOW + MINUTE, "8")
    row = polled(town)
    assert (row.cursor, row.failures, row.failing_since, row.refused, row.reason) == ("8", 0, None, False, "")
    assert row.last_success == row.last_attempt == row.last_new == NOW + MINUTE


def test_reads_are_counted_by_calendar_month(town):
    succeed(town, NOW, reads=10)
    succeed(town, NOW + MINUTE, reads=5)
    assert (polled(town).month, polled(town).reads) == ("2026-11", 15)
    succeed(town, NOW + timedelta(days=1), reads=4)
    assert (polled(town).month, polled(town).reads) == ("2026-12", 4)
