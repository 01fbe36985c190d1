"""What tells people at work that something changed, without saying what."""

from datetime import timedelta

import pytest

from data.audit import change
from data.pulse import pulse
from models.audit import COMMAND
from models.problems import NotFound
from models.workspace import Account, AccountPoll
from tests.rows import NOW, add_workspace, open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def account(database, north):
    with change(database, north, COMMAND, NOW) as c:
        made = Account(
            workspace_id=north, audit_id=c.audit_id, channel="x", connector="replay", handle="@north", created=NOW
        )
        c.db.add(made)
        c.db.flush()
        c.state("create", "account", made.id)
    return made.id


def test_a_commit_moves_the_revision_and_not_the_accounts(database, north, account):
    before = pulse(database, north, NOW)
    with change(database, north, COMMAND, NOW) as c:
        c.state("something done", "workspace", north)
    after = pulse(database, north, NOW)
    assert after.revision == before.revision + 1
    assert after.accounts == before.accounts


def test_a_poll_that_fails_moves_the_accounts_without_a_revision(database, north, account):
    before = pulse(database, north, NOW)
    with database.write() as db:
        db.add(AccountPoll(workspace_id=north, account_id=account, failures=1, reason="no answer"))
    after = pulse(database, north, NOW)
    assert after.revision == before.revision
    assert after.accounts != before.accounts


def test_a_paused_account_moves_the_accounts(database, north, account):
    before = pulse(database, north, NOW)
    with change(database, north, COMMAND, NOW) as c:
        c.db.get_one(Account, account).paused = True
        c.state("pause", "account", account)
    assert pulse(database, north, NOW).accounts != before.accounts


def test_states_that_are_reached_by_waiting_are_looked_at_every_minute(database, north, account):
    before = pulse(database, north, NOW)
    assert pulse(database, north, NOW.replace(second=59)) == before
    assert pulse(database, north, NOW + timedelta(minutes=1)).accounts != before.accounts


def test_another_workspaces_accounts_move_nothing_here(database, north, account):
    south = add_workspace(database, "south")
    before = pulse(database, south, NOW)
    with database.write() as db:
        db.add(AccountPoll(workspace_id=north, account_id=account, failures=1))
    assert pulse(database, south, NOW) == before


def test_there_is_no_pulse_without_a_workspace(database):
    with pytest.raises(NotFound):
        pulse(database, 999, NOW)
