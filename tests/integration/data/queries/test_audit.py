"""The search of the audit: by person, action, thing and time, a page at a time, in one's own workspace only."""

from datetime import date, timedelta

import pytest

from data.audit import change
from data.queries.audit import PAGE, all_of, audit
from models.audit import COMMAND, Actor
from models.auditing import AuditFilters
from models.problems import NotPermitted
from tests.rows import NOW, add_user, add_workspace, open_database, scope_of

ALL = AuditFilters(period="all")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def home(database):
    home, other = add_workspace(database), add_workspace(database, "south")
    user_id = add_user(database)
    ann = Actor("Ann", user_id, 4, "192.0.2.1")
    for number in range(120):
        stated(database, home, ann if number % 4 else COMMAND, NOW + number * MINUTE, number)
    stated(database, other, ann, NOW + MINUTE, 7)
    return home


def stated(database, home, actor, at, number):
    with change(database, home, actor, at) as c:
        action = "claim" if number % 2 else "release"
        c.state(action, "conversation" if number % 3 else "topic", number, after={"holder": actor.user_id}, reason="so")


def asked(database, home, filters=ALL):
    return audit(database, scope_of(home, 1, "Auditor"), filters, NOW + timedelta(days=1))


def test_pages_hold_everything_once_newest_first(database, home):
    keys, before = [], None
    while True:
        found = asked(database, home, AuditFilters(period="all", before=before))
        keys += [row.id for row in found.rows]
        before = found.older
        assert len(found.rows) <= PAGE
        if before is None:
            break
    assert len(keys) == len(set(keys)) == 121
    assert keys == sorted(keys, reverse=True)
    oldest_first = [row.id for row in all_of(database, scope_of(home, 1, "Auditor"), ALL)]
    assert oldest_first == keys[::-1]


def test_each_filter_narrows(database, home):
    everything = list(all_of(database, scope_of(home, 1, "Auditor"), ALL))
    for filters, fits in (
        ({"person": "Ann"}, lambda row: row.actor == "Ann"),
        ({"action": "claim"}, lambda row: row.action == "claim"),
        ({"kind": "conversation"}, lambda row: row.kind == "conversation"),
        ({"kind": "conversation", "number": 7}, lambda row: row.kind == "conversation" and row.key == 7),
        ({"person": "Ann", "action": "release"}, lambda row: (row.actor, row.action) == ("Ann", "release")),
        ({"person": "nobody"}, lambda row: False),
    ):
        found = list(all_of(database, scope_of(home, 1, "Auditor"), AuditFilters(period="all", **filters)))
        assert found == [row for row in everything if fits(row)], filters


def test_days_are_those_of_the_workspace(database, home):
    begins = NOW.replace(hour=0, minute=0)
    for day, hour in ((1, 0), (1, 1), (2, 0)):
        stated(database, home, COMMAND, begins + timedelta(days=day, hours=hour), 1)
    tomorrow = date(2026, 11, 24)
    found = asked(database, home, AuditFilters(period="custom", first=tomorrow, last=tomorrow))
    assert [row.at for row in found.rows] == [begins + timedelta(days=1, hours=1), begins + timedelta(days=1)]
    assert (
        asked(database, home, AuditFilters(period="custom", first=date(2020, 1, 1), last=date(2020, 1, 2))).rows == ()
    )


def test_a_clock_that_was_put_back_hides_no_event(database, home):
    stated(database, home, COMMAND, NOW + timedelta(days=1), 1)
    stated(database, home, COMMAND, NOW + timedelta(days=1) - 10 * MINUTE, 2)
    day = date(2026, 11, 24)
    assert len(asked(database, home, AuditFilters(period="custom", first=day, last=day)).rows) == 2


def test_what_the_chain_knows_is_offered_and_named(database, home):
    found = asked(database, home)
    assert found.people == ("Ann", "command")
    assert found.actions == ("claim", "create", "release")
    assert found.kinds == ("conversation", "topic", "workspace")
    assert found.named[("user", 1)] == "Ann"
    assert (found.rows[0].address, found.rows[0].session, found.rows[0].reason) == ("192.0.2.1", 4, "so")


def test_only_those_who_may_read_it_do(database, home):
    for role in ("Operator", "Supervisor", "Administrator"):
        with pytest.raises(NotPermitted):
            audit(database, scope_of(home, 1, role), ALL, NOW)
        with pytest.raises(NotPermitted):
            all_of(database, scope_of(home, 1, role), ALL)
