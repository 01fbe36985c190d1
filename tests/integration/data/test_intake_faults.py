"""Whatever fails while a page is stored, all of it is undone; whatever points across workspaces is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from data.audit import change
from data.intake import take
from data.reading import note_success
from models.audit import COMMAND
from models.base import Base
from models.conversation import Conversation, Episode, Message, Turn
from models.posts import Batch, Unreadable
from tests.arrivals import BEN, NOW, add_colleague, answers, asks, edit, found, gone, picture
from tests.rows import open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    add_colleague(opened)
    yield opened
    opened.close()


class Broken(Exception):
    """What the n-th statement raises."""


class Fault:
    """Makes the ``number``-th statement fail, or the commit after the last."""

    def __init__(self, number):
        self.left = number

    def __call__(self, *_args):
        self.left -= 1
        if self.left == 0:
            raise Broken


FIRST = asks("a", 10, "car")
PAGE = Batch(
    (
        asks("b", 20, "fire", BEN), answers("r", 15, "a"), asks("late", 5), edit(FIRST, 30, "fire"),
        gone(asks("c", 40), 41), gone(FIRST, 50), answers("child", 25, "b", None),
    ),
    "2", (Unreadable("{", "odd"),), reads=7,
)  # fmt: skip


def everything(database):
    """All rows of all tables."""
    with database.read() as db:
        return {name: sorted(map(repr, db.execute(select(table)))) for name, table in Base.metadata.tables.items()}


def survivors(town, store):
    """The numbers of those statements after whose failure something had been changed; the page is stored at last."""
    database, found_changed, number = town.database, [], 0
    before = everything(database)
    while True:
        number += 1
        fault = Fault(number)
        event.listen(database.writer, "before_cursor_execute", fault)
        event.listen(database.writer, "commit", fault)
        try:
            store()
        except Broken:
            if everything(database) != before:
                found_changed.append(number)
                before = everything(database)
        else:
            return found_changed, number
        finally:
            event.remove(database.writer, "before_cursor_execute", fault)
            event.remove(database.writer, "commit", fault)


def test_a_failure_at_any_statement_undoes_the_whole_page(database):
    town, calm = found(database, "north"), found(database, "south")
    for one in (town, calm):
        one.take(FIRST, cursor="1")
    changed, statements = survivors(town, lambda: take(database, town.account, PAGE, NOW, lambda: NOW))
    take(database, calm.account, PAGE, NOW, lambda: NOW)
    assert changed == []
    assert statements > 30
    assert picture(town) == picture(calm)


def test_a_cursor_that_moves_before_the_rows_is_found(database):
    """The planted mistake: where reading goes on is saved first, in a transaction of its own."""
    town = found(database)
    town.take(FIRST, cursor="1")

    def cursor_first():
        with database.write() as db:
            note_success(db, town.account.workspace_id, town.account.id, PAGE, 1, NOW)
        take(database, town.account, PAGE, NOW, lambda: NOW, polled=False)

    changed, _ = survivors(town, cursor_first)
    assert changed


def test_the_clock_runs_on_between_pages_and_nothing_else_moves(database):
    town = found(database)
    town.take(FIRST)
    before = picture(town)
    town.take(FIRST, at=NOW + timedelta(days=1))
    assert picture(town) == before


@pytest.fixture
def two_towns(database):
    north, south = found(database, "north"), found(database, "south")
    for town in (north, south):
        town.take(asks("a", 1, "fire"), answers("r", 2, "a"))
    return north, south


def columns_to_others():
    """Every column of these tables that points to a row of a workspace."""
    return [
        (entity, column.name)
        for entity in (Conversation, Episode, Turn, Message)
        for column in entity.__table__.columns
        if column.name in {"account_id", "contact_id", "conversation_id", "episode_id", "turn_id", "grade_id"}
    ]


@pytest.mark.parametrize(
    ("entity", "name"), columns_to_others(), ids=lambda value: getattr(value, "__tablename__", value)
)
def test_no_row_can_point_into_another_workspace(two_towns, entity, name):
    north, south = two_towns
    foreign = {getattr(row, name) for row in south.rows(entity)} - {None}
    mine = next(row for row in north.rows(entity) if getattr(row, name) is not None)
    with pytest.raises(IntegrityError), change(north.database, north.account.workspace_id, COMMAND, NOW) as c:
        values = {name: foreign.pop(), "audit_id": c.audit_id}
        c.db.execute(update(entity).where(entity.id == mine.id).values(values))
        c.state("meddle", "row")


@pytest.mark.parametrize("entity", [Conversation, Turn, Message, Episode])
def test_a_row_of_our_own_may_be_pointed_to(two_towns, entity):
    """So that the test above is refused for the right reason."""
    north, _ = two_towns
    mine = north.rows(entity)[0]
    with change(north.database, north.account.workspace_id, COMMAND, NOW) as c:
        name = "account_id" if hasattr(mine, "account_id") else "conversation_id"
        c.db.execute(
            update(entity).where(entity.id == mine.id).values({name: getattr(mine, name), "audit_id": c.audit_id})
        )
        c.state("meddle", "row")


def test_a_row_cannot_move_to_another_workspace(two_towns):
    north, south = two_towns
    mine = north.rows(Message)[0]
    values = {column.name: getattr(mine, column.name) for column in Message.__table__.columns} | {"network_id": "copy"}
    del values["id"]
    with pytest.raises(DBAPIError), change(north.database, south.account.workspace_id, COMMAND, NOW) as c:
        moved = values | {"workspace_id": south.account.workspace_id, "audit_id": c.audit_id}
        c.db.execute(insert(Message).values(moved))
        c.state("meddle", "row")
