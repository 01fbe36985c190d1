"""The databases that tests are given: fresh, migrated, and nobody else's."""

import pytest
from sqlalchemy import create_engine, inspect, text


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


def test_a_tests_database_is_migrated(database_url):
    assert "alembic_version" in tables(database_url)


def test_an_empty_database_is_empty(empty_database_url):
    assert tables(empty_database_url) == set()


def test_the_database_is_of_the_kind_asked_for(database_url, database_kind):
    assert database_url.startswith({"sqlite": "sqlite:", "postgres": "postgresql+psycopg:"}[database_kind])
