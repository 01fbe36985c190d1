"""The register of accounts: state, budget, today's counts, and nobody else's accounts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from data.heartbeats import POLLER
from data.queries.accounts import accounts
from data.rollups import count_outcomes
from models.permissions import Permission, Scope
from models.problems import NotFound, NotPermitted
from models.snapshots import AccountState
from models.workspace import Heartbeat
from tests.histories import HOUR, History
from tests.rows import open_database

NOW = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
"""Past midnight in London, and still June in UTC."""
MINUTE = timedelta(minutes=1)
VIEWER = frozenset({Permission.VIEW_ACCOUNTS})


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return History(database)


def register(history, now=NOW):
    return accounts(history.database, Scope(history.id, history.slug, VIEWER), now)


def test_accounts_stand_by_channel_and_handle_and_only_our_own(north, database):
    for channel, handle in (("x", "@b"), ("x", "@a"), ("facebook", "North")):
        north.account(channel, handle=handle)
    History(database, "south").account("x", handle="@south")
    assert [one.cell.handle for one in register(north).rows] == ["North", "@a", "@b"]


def test_a_row_says_how_its_connector_does(north):
    account = north.account("x", handle="@north", interval_seconds=90, read_budget=500)
    values = {"last_attempt": NOW, "last_success": NOW - HOUR, "last_new": NOW - 2 * HOUR, "failures": 3}
    next_attempt = NOW + 5 * MINUTE
    failing = {"failing_since": NOW - MINUTE, "reason": "answered 503", "next_attempt": next_attempt}
    north.poll(account, **values, **failing, month="2026-06", reads=77)
    (row,) = register(north).rows
    assert (row.cell.id, row.cell.channel, row.cell.state) == (account, "x", AccountState.FAILING)
    assert (row.cell.since, row.cell.reason) == (NOW - MINUTE, "answered 503")
    assert (row.cell.last_success, row.cell.last_message) == (NOW - HOUR, NOW - 2 * HOUR)
    assert (row.connector, row.interval) == ("replay", timedelta(seconds=90))
    assert (row.reads, row.budget) == (77, 500)
    assert (row.last_attempt, row.next_attempt) == (NOW, next_attempt)


def test_the_reads_of_last_month_are_not_this_months(north):
    north.poll(north.account(), last_attempt=NOW, last_success=NOW, month="2026-05", reads=77)
    assert register(north).rows[0].reads == 0


def test_an_account_nobody_asked_yet_has_no_times(north):
    north.account(created=NOW)
    (row,) = register(north).rows
    assert row.cell.state is AccountState.NEW
    assert (row.cell.last_success, row.cell.last_message, row.last_attempt, row.next_attempt) == (None,) * 4
    assert (row.reads, row.budget, row.counts) == (0, None, ())


def test_a_paused_account_has_no_next_poll(north):
    north.poll(north.account(paused=True), last_attempt=NOW, next_attempt=NOW + MINUTE)
    (row,) = register(north).rows
    assert (row.cell.state, row.next_attempt) == (AccountState.PAUSED, None)


def test_todays_counts_are_those_of_the_local_day_in_a_fixed_order(north, database):
    first, second = north.account(handle="@a"), north.account(handle="@b")
    with database.write() as db:
        count_outcomes(db, north.id, first, "2026-07-01", {"rejected": 1, "stored": 40, "duplicate": 3})
        count_outcomes(db, north.id, first, "2026-06-30", {"stored": 999})
        count_outcomes(db, north.id, second, "2026-07-01", {"deleted": 2})
    found = register(north).rows
    assert found[0].counts == (("stored", 40), ("duplicate", 3), ("rejected", 1))
    assert found[1].counts == (("deleted", 2),)


def test_the_page_says_whether_anybody_polls(north, database):
    assert not register(north).poller_alive
    with database.write() as db:
        db.execute(insert(Heartbeat).values(name=POLLER, holder="one", at=NOW))
    found = register(north)
    assert (found.poller_alive, found.workspace.slug, found.as_at) == (True, "north", NOW)


def test_only_those_who_may_see_accounts_see_them(north):
    with pytest.raises(NotPermitted):
        accounts(north.database, Scope(north.id, "north", frozenset({Permission.READ})), NOW)


def test_a_workspace_that_is_not_there_is_not_found(database):
    with pytest.raises(NotFound):
        accounts(database, Scope(9, "gone", VIEWER), NOW)
