"""Accounts as an administrator keeps them: every change is one event, and no credential is ever seen again."""

import json

import pytest
from sqlalchemy import select

from data.accounts import (
    NewAccount,
    add_account,
    change_pace,
    change_settings,
    pause_account,
    resume_account,
    rotate_credentials,
)
from data.accounts import test_account as try_account
from data.channels.contract import Unreachable
from data.credentials import CredentialsBox
from data.verification import verify
from models.audit import COMMAND, AuditEvent
from models.problems import BadValue, CredentialsLocked, NotFound
from models.workspace import Account, AccountPoll
from tests import rows
from tests.fakes import NOON, SetClock

BOX = CredentialsBox("k" * 32)
SECRET = "a-bearer-token-that-nobody-may-see"


@pytest.fixture
def database(database_url):
    opened = rows.open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def workspace_id(database):
    return rows.add_workspace(database, at=NOON)


@pytest.fixture
def posts(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("sent,text\n2026-11-23T09:00:00Z,Hello\n")
    return str(path)


@pytest.fixture
def add(database, workspace_id, clock):
    def add_one(connector="x", handle="@northshire", **facts):
        facts = {"credentials": {"bearer_token": SECRET}} | facts if connector == "x" else facts
        return add_account(database, BOX, workspace_id, NewAccount(connector, handle, **facts), clock, COMMAND)

    return add_one


def account(database, account_id):
    with database.read() as db:
        return db.get_one(Account, account_id)


def events(database):
    with database.read() as db:
        wanted = select(AuditEvent).where(AuditEvent.object == "account").order_by(AuditEvent.id)
        return [(event.action, event.before, event.after) for event in db.scalars(wanted)]


def test_an_account_is_added_with_its_credentials_locked(database, add):
    row = account(database, add(interval=120, budget=500))
    assert (row.channel, row.connector, row.interval_seconds, row.read_budget) == ("x", "x", 120, 500)
    assert SECRET not in row.credentials
    assert BOX.unlock(row.credentials) == {"bearer_token": SECRET}
    ((action, _, after),) = events(database)
    assert action == "account.add"
    assert after["credentials"] == ["bearer_token"]
    assert SECRET not in json.dumps(after)


def test_a_channel_of_ones_own_may_run_on_any_connector(database, add, posts):
    row = account(database, add("replay", "Northshire Police", channel="facebook", settings={"path": posts}))
    assert (row.channel, row.connector, row.credentials) == ("facebook", "replay", None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"handle": "  "}, "handle"),
        ({"connector": "telegraph"}, "connector"),
        ({"interval": 4}, "interval"),
        ({"budget": 0}, "budget"),
        ({"connector": "replay"}, "path"),
        ({"settings": {"colour": "red"}}, "colour"),
        ({"settings": {"page_size": "many"}}, "page_size"),
        ({"credentials": {"password": "p"}}, "password"),
    ],
)
def test_what_cannot_work_is_refused_by_name(add, facts, field):
    with pytest.raises(BadValue) as refused:
        add(**facts)
    assert refused.value.field == field


def test_a_workspace_has_an_account_once(add):
    add()
    with pytest.raises(BadValue, match="has that account already"):
        add()


def test_new_credentials_take_the_place_of_the_old_ones(database, workspace_id, add, clock):
    account_id = add()
    with database.write() as db:
        db.add(AccountPoll(workspace_id=workspace_id, account_id=account_id, next_attempt=NOON, refused=True))
    rotate_credentials(database, BOX, workspace_id, account_id, {"bearer_token": "another"}, clock, COMMAND)
    assert BOX.unlock(account(database, account_id).credentials) == {"bearer_token": "another"}
    with database.read() as db:
        assert db.scalars(select(AccountPoll)).one().next_attempt is None
    assert events(database)[-1] == ("account.rotate", None, {"credentials": ["bearer_token"]})


def test_empty_credentials_put_nothing_in_the_place_of_the_old_ones(database, workspace_id, add, clock):
    account_id = add()
    with pytest.raises(BadValue):
        rotate_credentials(database, BOX, workspace_id, account_id, {"bearer_token": ""}, clock, COMMAND)
    assert BOX.unlock(account(database, account_id).credentials) == {"bearer_token": SECRET}


def test_pausing_and_resuming_are_events_with_before_and_after(database, workspace_id, add):
    account_id = add()
    pause_account(database, workspace_id, account_id, NOON, COMMAND)
    assert account(database, account_id).paused
    resume_account(database, workspace_id, account_id, NOON, COMMAND)
    assert not account(database, account_id).paused
    off, on = {"paused": False}, {"paused": True}
    assert events(database)[1:] == [("account.pause", off, on), ("account.resume", on, off)]


def test_another_pace_is_an_event_with_before_and_after(database, workspace_id, add, clock):
    account_id = add()
    change_pace(database, workspace_id, account_id, 300, 1000, clock, COMMAND)
    before, after = {"interval": 60, "budget": None}, {"interval": 300, "budget": 1000}
    assert events(database)[-1] == ("account.pace", before, after)


def test_other_settings_begin_reading_again(database, workspace_id, add, clock, posts):
    account_id = add("replay", settings={"path": posts})
    with database.write() as db:
        db.add(AccountPoll(workspace_id=workspace_id, account_id=account_id, cursor="far along"))
    change_settings(database, workspace_id, account_id, {"path": posts, "speed": "60"}, clock, COMMAND)
    assert account(database, account_id).settings == {"path": posts, "speed": "60"}
    with database.read() as db:
        assert db.scalars(select(AccountPoll)).one().cursor is None
    with pytest.raises(BadValue):
        change_settings(database, workspace_id, account_id, {"speed": "60"}, clock, COMMAND)


def test_testing_an_account_says_whose_it_is(database, workspace_id, add, clock, posts):
    account_id = add("replay", settings={"path": posts})
    assert try_account(database, BOX, workspace_id, account_id, clock, COMMAND) == "northshire"
    assert events(database)[-1] == ("account.test", None, {"answer": "answered"})


def test_a_test_that_failed_is_an_event_too(database, workspace_id, add, clock, tmp_path):
    account_id = add("replay", settings={"path": str(tmp_path / "gone.csv")})
    with pytest.raises(Unreachable):
        try_account(database, BOX, workspace_id, account_id, clock, COMMAND)
    assert events(database)[-1] == ("account.test", None, {"answer": "Unreachable"})


def test_another_key_is_a_named_problem_and_not_a_traceback(database, workspace_id, add, clock):
    account_id = add()
    with pytest.raises(CredentialsLocked):
        try_account(database, CredentialsBox("x" * 32), workspace_id, account_id, clock, COMMAND)


def test_an_account_of_another_workspace_is_not_found(database, add, clock):
    account_id, elsewhere = add(), rows.add_workspace(database, "south", at=NOON)
    for act in (
        lambda: pause_account(database, elsewhere, account_id, NOON, COMMAND),
        lambda: change_pace(database, elsewhere, account_id, 60, None, clock, COMMAND),
        lambda: rotate_credentials(database, BOX, elsewhere, account_id, {"bearer_token": "b"}, clock, COMMAND),
        lambda: try_account(database, BOX, elsewhere, account_id, clock, COMMAND),
        lambda: change_settings(database, elsewhere, account_id, {}, clock, COMMAND),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_chain_holds_after_all_of_it(database, workspace_id, add, clock):
    account_id = add()
    pause_account(database, workspace_id, account_id, NOON, COMMAND)
    assert [chain.bad for chain in verify(database)] == [None, None]
