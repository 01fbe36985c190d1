from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from data import demonstration
from data.clock import utc_now
from data.demonstration import PASSWORD, is_demonstration
from data.signing import sign_in
from data.throttle import Throttle
from models.assessing import Assessment
from models.conversation import Conversation
from tests import rows


@pytest.fixture
def short_history(monkeypatch):
    """What takes its time is the history; that all of it is loaded is tested beside the demonstration itself."""
    monkeypatch.setattr(demonstration, "load", partial(demonstration.load, history=timedelta(hours=3)))


def test_the_demonstration_is_loaded_with_a_sign_in_for_each_role(run, empty_database_url, short_history):
    said = run("demo", WATCHROOM_DATABASE_URL=empty_database_url).stdout
    assert "Everything in this database is invented" in said
    for role in ("Operator", "Supervisor", "Analyst", "Auditor", "Content creator", "Administrator", "Installation"):
        assert role in said
    database = rows.open_database(empty_database_url)
    assert is_demonstration(database)
    with database.read() as db:
        states = set(db.scalars(select(Conversation.state)))
        assert db.scalar(select(Assessment.grade_id)) is not None
    assert {"snoozed", "with a partner"} <= states
    name = next(line.split()[0] for line in said.splitlines() if PASSWORD in line)
    assert sign_in(database, Throttle(), name, PASSWORD, "127.0.0.1", utc_now())
    database.close()
    run("demo", WATCHROOM_DATABASE_URL=empty_database_url)


def test_a_database_with_real_workspaces_is_never_made_a_demonstration(run, database):
    rows.add_workspace(database)
    assert "real workspaces" in run("demo", code=1).output
    assert not is_demonstration(database)
