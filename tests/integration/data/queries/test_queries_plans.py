"""How the pages' figures are found: through indexes, so that years of history cost nothing. SQLite says how it would."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from data.queries.accounts import accounts
from data.queries.boards import hours_board, response_board
from data.queries.conversation import thread
from data.queries.queue import queue
from data.queries.wallboard import wallboard
from models.permissions import BUILT_IN_ROLES, Scope
from models.snapshots import QueueFilters
from tests.histories import HOUR, History
from tests.rows import open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
GROWING = ("message", "turn", "episode", "conversation", "contact", "audit_event", "hourly", "hourly_total", "daily")
"""Tables that grow with every day: none of them may be read from end to end."""

LONG = ("message", "turn", "episode", "contact", "audit_event")
"""Of these a workspace has a million: to find rows by the workspace alone is to read them all."""

FEW = ("ix_turn_unanswered",)
"""Indexes that hold only what is not dealt with yet."""


@pytest.fixture
def north(database_url, database_kind):
    if database_kind != "sqlite":
        pytest.skip("Postgres plans by its statistics")
    database = open_database(database_url)
    history = History(database)
    account = history.account()
    history.poll(account, last_attempt=NOW, last_success=NOW, last_new=NOW)
    history.messages([account], history.instants(80, NOW - 1500 * HOUR, NOW))
    history.conversation(account, since=NOW, due=NOW)
    history.turns([account], history.instants(20, NOW - 20 * HOUR, NOW), NOW)
    yield history
    database.close()


def plans(database, ask):
    """Each statement that ``ask`` runs, with how SQLite finds its rows."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_others):
        asked.append((statement, parameters))

    event.listen(database.reader, "before_cursor_execute", note)
    ask()
    event.remove(database.reader, "before_cursor_execute", note)
    with database.read() as db:
        plain = db.connection()
        return [
            (statement, [row[-1] for row in plain.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)])
            for statement, parameters in asked
            if statement.startswith("SELECT")
        ]


def pages(history):
    scope = Scope(history.id, "north", BUILT_IN_ROLES["Supervisor"], 1, "Ann")
    database = history.database
    views = ("needs", "mine", "nobody", "soon", "waiting", "open", "closed", "replies")
    return {
        "wallboard": lambda: wallboard(database, history.id, NOW),
        "hours": lambda: hours_board(database, history.id, NOW),
        "response": lambda: response_board(database, history.id, NOW),
        "accounts": lambda: accounts(database, scope, NOW),
        "conversation": lambda: thread(database, scope, 1, NOW),
        **{f"queue {view}": lambda view=view: queue(database, scope, QueueFilters(view=view), NOW) for view in views},
    }


PAGES = ("wallboard", "hours", "response", "accounts", "conversation", "queue needs", "queue mine", "queue nobody",
         "queue soon", "queue waiting", "queue open", "queue closed", "queue replies")  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_no_table_that_grows_is_read_from_end_to_end(north, name):
    found = plans(north.database, pages(north)[name])
    assert len(found) >= 3
    read = [line for _, plan in found for line in plan if line.split(" ")[0] in ("SCAN", "SEARCH")]
    assert [line for line in read if line.startswith("SCAN") and line.split(" ")[1] in GROWING] == []
    assert [line for line in read if line.startswith("SEARCH")]
    whole = [line for line in read if line.split(" ")[1] in LONG and line.endswith("(workspace_id=?)")]
    assert [line for line in whole if not any(index in line for index in FEW)] == []


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("wallboard", "turn USING COVERING INDEX ix_turn_started"),
        ("wallboard", "turn USING COVERING INDEX ix_turn_unanswered"),
        ("response", "turn USING COVERING INDEX ix_turn_started"),
        ("queue needs", "conversation USING COVERING INDEX ix_conversation_needs"),
        ("queue replies", "outgoing USING COVERING INDEX ix_outgoing_person"),
    ],
)
def test_what_many_rows_are_read_for_is_in_the_index(north, name, index):
    lines = [line for _, plan in plans(north.database, pages(north)[name]) for line in plan]
    assert [line for line in lines if index in line]


def test_the_wallboard_asks_few_questions(north):
    assert len(plans(north.database, lambda: wallboard(north.database, north.id, NOW))) <= 15


def test_the_queue_asks_few_questions(north):
    found = plans(north.database, pages(north)["queue needs"])
    assert len(found) <= 9
    first = next(plan for statement, plan in found if "first_line" in statement)
    assert not [line for line in first if "ORDER BY" in line and "SEARCH" in line]


@pytest.mark.parametrize("name", ["conversation", "wallboard", "queue needs"])
def test_what_sqlite_learnt_of_its_tables_leads_to_no_worse(north, name):
    north.database.analyse()
    test_no_table_that_grows_is_read_from_end_to_end(north, name)
