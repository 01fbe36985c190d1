"""The databases that tests are given: fresh, migrated, and nobody else's."""

from contextlib import suppress

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.rows import add_user, add_workspace, open_database


def leave_a_mark(url):
    engine = create_engine(url)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE a_mark (id INTEGER)"))
    engine.dispose()


def tables(url):
    engine = create_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_writes_no_other_test_sees(database_url, turn):
    assert "a_mark" not in tables(database_url)
    leave_a_mark(database_url)
    assert "a_mark" in tables(database_url)


@pytest.mark.parametrize("turn", ["first", "second", "third"])
def test_keys_begin_again_and_connections_left_open_hold_up_nobody(database_url, turn, leftovers):
    database = open_database(database_url)
    assert add_workspace(database) == 1
    assert add_user(database) == 1
    leftovers.append(database.write())
    leftovers[-1].__enter__().execute(text("INSERT INTO installation (key, value) VALUES ('left', 'open')"))


@pytest.fixture(scope="module")
def leftovers():
    """Transactions that stay open when their test is over."""
    held = []
    yield held
    for one in held:
        with suppress(DBAPIError):
            one.__exit__(None, None, None)


def test_a_tests_database_is_migrated(database_url):
    assert "alembic_version" in tables(database_url)


def test_an_empty_database_is_empty(empty_database_url):
    assert tables(empty_database_url) == set()


def test_the_database_is_of_the_kind_asked_for(database_url, database_kind):
    assert database_url.startswith({"sqlite": "sqlite:", "postgres": "postgresql+psycopg:"}[database_kind])
