"""One history of the schema for both databases: it ends where the entities are, and may be walked again."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from data.database import MIGRATIONS, Database, migrate, schema_is_current
from models import entities
from models.entities import AUDITED, Base
from models.search_index import is_index


@pytest.fixture
def engine(empty_database_url):
    migrate(empty_database_url)
    found = create_engine(empty_database_url)
    yield found
    found.dispose()


def is_an_entity(_object, name, kind, *_others):
    """The index of words has its own tests (tests/integration/data/queries/test_search.py)."""
    return kind not in ("table", "index", "column") or not is_index(name)


def test_the_history_has_one_end():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_every_module_that_has_an_entity_is_among_the_entities():
    rooms = {path.stem for path in MIGRATIONS.parent.glob("*.py") if "(Base" in path.read_text(encoding="utf-8")}
    assert rooms <= set(entities.__all__)


def test_an_empty_database_becomes_what_the_entities_say(engine):
    with engine.connect() as connection:
        opts = {"compare_type": False, "include_object": is_an_entity}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_a_table_that_the_history_forgot_is_found(engine):
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE tombstone"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_an_entity})
        missing = compare_metadata(context, Base.metadata)
    assert [change[0] for change in missing] == ["add_table"]


def test_migrating_again_changes_nothing(empty_database_url, engine):
    tables = set(inspect(engine).get_table_names())
    migrate(empty_database_url)
    assert set(inspect(engine).get_table_names()) == tables


def test_a_database_without_its_schema_is_not_current(empty_database_url):
    database = Database(empty_database_url, b"k" * 32)
    try:
        assert not schema_is_current(database)
        migrate(empty_database_url)
        assert schema_is_current(database)
    finally:
        database.close()


def test_every_business_table_has_its_guard(engine, database_kind):
    query = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_audited'"
        if database_kind == "sqlite"
        else "SELECT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE '%_audited'"
    )
    with engine.connect() as connection:
        assert set(connection.scalars(text(query))) == set(AUDITED)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"])
def test_events_cannot_be_changed_or_deleted(engine, statement):
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_event (workspace_id, sequence, at, actor, address, action, object, reason, digest) "
                "VALUES (0, 1, :at, 'a', '', 'made', 'thing', '', 'd')"
            ),
            {"at": 0 if engine.dialect.name == "sqlite" else "2026-01-01T00:00:00+00:00"},
        )
    with pytest.raises(DatabaseError, match="never changed"), engine.begin() as connection:
        connection.execute(text(statement))


def test_migrations_lie_where_models_are():
    assert Path("models/migrations").resolve() == MIGRATIONS
