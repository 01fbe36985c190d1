"""Every business table holds to the audit, whoever adds it: no change without a new event, one row at a time or many at once.

The tables are those of the entities, so that a new one is held to this by itself. One without events says why here.
"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import create_engine, inspect, text, update
from sqlalchemy.exc import DatabaseError

from data.database import migrate
from models.base import Base, Json, UtcDateTime
from models.entities import AUDITED

NOT_BUSINESS = {
    "account_watch": "how an account's watch stands, worked out whenever an open queue speaks",
    "account_poll": "where reading stands; moves at every poll, and says nothing that a decision rests on",
    "alert_out": "what is still to be told outside; the alarm has its events, and destinations have theirs",
    "api_token": "what programs show; making and revoking one are events of their own, its uses are not",
    "automatic_reply": "marks a reply as written by nobody; the reply has its events",
    "audit_event": "the events themselves",
    "audit_head": "the end of a chain",
    "daily": "sums of messages, moved in the transaction of the change",
    "deadline": "the instants that follow from a turn; the turn and the alarms have their events",
    "draft": "what somebody has begun to write and nobody has decided on",
    "former": "rows as they were, written by triggers",
    "heartbeat": "the poller's sign of life",
    "hold": "when a claim lapses; the claim, its end and why are the conversation's and events",
    "hourly": "sums of messages",
    "hourly_total": "sums of messages",
    "installation": "facts about the database itself",
    "key_challenge": "questions to security keys, each gone with its answer; the key and its uses have their events",
    "link_click": "sums of clicks that lead back to nobody",
    "methane_draft": "what somebody composes and has not kept yet; what they keep has its event",
    "minute": "what the main board said, to compare with",
    "own_read": "where reading our own posts stands",
    "post_figures": "what a network said of our own posts, only ever added",
    "presence": "who has a conversation on the screen now; views are events of their own",
    "pairing": "codes on screens that wait; whoever makes one a kiosk does it by an event",
    "quarantine": "posts that could not be read, only ever added",
    "response_sketch": "sums of turns",
    "revision": "a number that grows with every change",
    "session": "signed-in browsers; signing in and out are events of their own",
    "survey_asked": "digests of whom the survey asked; each question is an event of its own",
    "survey_count": "sums of a survey that lead back to nobody",
    "survey_due": "closings that the survey has yet to look at",
    "survey_link": "links that were not answered yet; no event may lead to an answer",
    "tally": "counts of what became of posts",
    "tombstone": "deletions that wait for their post",
    "watch": "who had which account on the screen, written by the pages themselves and never by a decision",
    "webhook_call": "what is still to be told outside, and the log of it; webhooks have their events",
    "watch_window": "open queues, of no lasting meaning",
    "volume_move": "how the sums of messages moved, written by triggers",
}
"""Tables without ``audit_id``, each with its reason."""


@pytest.fixture(scope="module")
def engine(template_database, database_kind):
    address = f"sqlite:///{template_database}" if database_kind == "sqlite" else template_database
    found = create_engine(address)
    yield found
    found.dispose()


@pytest.fixture
def unbound(engine):
    """A connection on which rows need no parents and meet no conditions but the triggers; all is taken back."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
            # The driver begins none for a DROP, and what it drops in the template every later test would miss.
            connection.exec_driver_sql("BEGIN")
        else:
            for table in inspect(engine).get_table_names():
                _free(connection, table)
        yield connection
        connection.rollback()


def _free(connection, table):
    """Take foreign keys and conditions off a table, for the length of the transaction."""
    names = connection.scalars(
        text("SELECT conname FROM pg_constraint WHERE conrelid = CAST(:name AS regclass) AND contype IN ('f', 'c') "),
        {"name": f'"{table}"'},
    ).all()
    for name in names:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')


def value_for(column, number):
    """Something that fits the column and differs from row to row."""
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 1, 1, number, tzinfo=UTC)
    if isinstance(column.type, Json):
        return {"n": number}
    kind = column.type.python_type
    if kind is bool:
        return bool(number % 2)
    if kind is date:
        return date(2026, 1, number)
    if kind is bytes:
        return bytes([number])
    if kind is float:
        return number / 10
    return number if kind is int else f"v{number}"


def filled(connection, table, rows=3):
    for number in range(1, rows + 1):
        values = {column.name: value_for(column, number) for column in table.columns}
        connection.execute(table.insert().values(values | {"audit_id": 10}))


def refused(connection, statement):
    with pytest.raises(DatabaseError, match="without its audit event"), connection.begin_nested():
        connection.execute(statement)


@pytest.mark.parametrize("name", AUDITED)
def test_no_row_of_a_business_table_changes_without_a_new_event(unbound, name):
    table = Base.metadata.tables[name]
    filled(unbound, table)
    column = [one for one in table.columns if one.name != "audit_id"][-1]
    same = {column.name: column}
    one = [key == value_for(key, 2) for key in table.primary_key.columns]
    refused(unbound, update(table).where(*one).values(same))
    refused(unbound, update(table).values(same))
    refused(unbound, update(table).values(same | {"audit_id": 10}))
    refused(unbound, update(table).values(same | {"audit_id": 9}))
    unbound.execute(update(table).where(*one).values(same | {"audit_id": 11}))
    refused(unbound, update(table).values(same | {"audit_id": 11}))
    unbound.execute(update(table).values(same | {"audit_id": 12}))


@pytest.mark.parametrize("name", AUDITED)
def test_a_row_that_is_written_over_is_a_change_too(unbound, name):
    """An upsert asks the same trigger; ours are never made with REPLACE, which asks none."""
    table = Base.metadata.tables[name]
    filled(unbound, table, rows=1)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    again = f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM "{table.name}" WHERE true '
    refused(unbound, text(f"{again} ON CONFLICT ({keys}) DO UPDATE SET audit_id = excluded.audit_id"))


def test_every_table_is_a_business_table_or_says_why_not():
    without = {name for name, table in Base.metadata.tables.items() if "audit_id" not in table.columns}
    assert without == set(NOT_BUSINESS)
    assert set(AUDITED) == set(Base.metadata.tables) - without


def test_a_table_without_its_trigger_would_be_found(unbound):
    """The planted fault: a migration that makes a table and forgets the guard."""
    dropped = 'DROP TRIGGER "topic_audited"' + (' ON "topic"' if unbound.dialect.name == "postgresql" else "")
    unbound.exec_driver_sql(dropped)
    table = Base.metadata.tables["topic"]
    filled(unbound, table)
    with pytest.raises(pytest.fail.Exception):
        refused(unbound, update(table).values(word=table.c.word))


def test_no_statement_of_ours_replaces_rows():
    """``INSERT OR REPLACE`` takes rows away behind the back of every trigger."""
    from tests.architecture import tree

    asking = [name for name in tree.python_in("models", "data") if "migrations" not in name]
    assert [
        name
        for name in asking
        if "insert or replace" in tree.text(name).lower() or 'prefix_with("OR' in tree.text(name)
    ] == []


def test_an_event_takes_nobodys_place(empty_database_url):
    """On SQLite a replaced row is deleted without a word; on Postgres there is no such statement."""
    migrate(empty_database_url)
    found = create_engine(empty_database_url)
    if found.dialect.name != "sqlite":
        found.dispose()
        pytest.skip("Postgres has no REPLACE")
    columns = "(id, workspace_id, sequence, at, actor, address, action, object, reason, digest)"
    with found.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO audit_event {columns} VALUES (1, 0, 1, 0, 'a', '', 'm', 't', '', 'd')")
    for place in ("1, 0, 2", "2, 0, 1"):
        with pytest.raises(DatabaseError, match="never changed"), found.begin() as connection:
            connection.exec_driver_sql(
                f"INSERT OR REPLACE INTO audit_event {columns} VALUES ({place}, 0, 'b', '', 'm', 't', '', 'd')"
            )
    found.dispose()


def test_an_event_that_was_filled_in_never_changes_again(empty_database_url):
    """On SQLite an event takes its place before it is filled in (docs/decisions/0002): once, and never after."""
    migrate(empty_database_url)
    found = create_engine(empty_database_url)
    if found.dialect.name != "sqlite":
        found.dispose()
        pytest.skip("on Postgres an event is written whole")
    with found.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_event (id, workspace_id, sequence, at, actor, address, action, object, reason, digest)"
            " VALUES (1, 0, 1, 0, 'a', '', '', '', '', '')"
        )
        connection.exec_driver_sql("UPDATE audit_event SET action = 'made', digest = 'd' WHERE id = 1")
    for change in ("action = 'other'", "digest = ''", "digest = 'e'", "id = 2"):
        with pytest.raises(DatabaseError, match="never changed"), found.begin() as connection:
            connection.exec_driver_sql(f"UPDATE audit_event SET {change} WHERE id = 1")
    found.dispose()
