"""Templates, blocked words and approval by grade: each change is one event, and what is retired is kept."""

import pytest
from sqlalchemy import delete, func, select

from data.audit import change
from data.reply_rules import (
    block_word,
    blocked_words,
    change_template,
    create_template,
    furnish,
    restore_template,
    retire_template,
    set_approval,
    templates,
    unblock_word,
)
from models.audit import COMMAND, AuditEvent
from models.problems import BadValue, NotFound
from models.templates import Template
from models.workspace import Grade
from tests.outbox import Desk
from tests.rows import NOW, add_workspace, open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


def names(database, home, retired=False):
    with database.read() as db:
        return [one.name for one in templates(db, home, retired)]


def actions(database):
    with database.read() as db:
        return list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))[2:]


def add(database, north, name="Greeting", text="Hello {contact}", **facts):
    return create_template(database, north, name, text, NOW, COMMAND, **facts)


def test_a_new_workspace_has_the_shipped_ones(database, north):
    assert names(database, north)[0] == "Emergency: call 999"
    assert len(names(database, north)) > 8


def test_one_is_made_changed_retired_and_offered_again(database, north):
    key = add(database, north)
    assert names(database, north)[-1] == "Greeting"
    change_template(database, north, key, "Welcome", "Good day {contact}", NOW, COMMAND)
    for _ in range(2):
        retire_template(database, north, key, NOW, COMMAND)
    assert names(database, north, retired=True) == ["Welcome"]
    for _ in range(2):
        restore_template(database, north, key, NOW, COMMAND)
    assert names(database, north)[-1] == "Welcome"
    assert actions(database) == ["template.create", "template.change", "template.retire", "template.restore"]


def test_names_are_unique_even_among_the_retired_and_whatever_their_case(database, north):
    retire_template(database, north, add(database, north), NOW, COMMAND)
    other = add(database, north, "Other")
    with pytest.raises(BadValue):
        add(database, north, "GREETING")
    with pytest.raises(BadValue):
        change_template(database, north, other, "greeting", "Hi", NOW, COMMAND)
    with pytest.raises(BadValue):
        add(database, north, "Klingon", language="tlh")


@pytest.mark.parametrize(
    "act",
    [
        lambda database, home, key: change_template(database, home, key, "A", "B", NOW, COMMAND),
        lambda database, home, key: retire_template(database, home, key, NOW, COMMAND),
        lambda database, home, key: restore_template(database, home, key, NOW, COMMAND),
        lambda database, home, _: unblock_word(database, home, "calm down", NOW, COMMAND),
        lambda database, home, _: set_approval(database, home, "nosuch", True, NOW, COMMAND),
    ],
)
def test_nothing_of_another_workspace_is_found(database, north, act):
    key = add(database, north)
    block_word(database, north, "calm down", NOW, COMMAND)
    with pytest.raises(NotFound):
        act(database, add_workspace(database, "south"), key)


def test_words_are_blocked_once_and_let_go(database, north):
    key = block_word(database, north, "Calm  down", NOW, COMMAND)
    assert block_word(database, north, "calm down", NOW, COMMAND) == key
    block_word(database, north, "numpty", NOW, COMMAND)
    with database.read() as db:
        assert blocked_words(db, north) == ["Calm down", "numpty"]
    unblock_word(database, north, "CALM DOWN", NOW, COMMAND)
    assert block_word(database, north, "calm down", NOW, COMMAND) == key
    assert actions(database) == [*["blocked word.add"] * 2, "blocked word.remove", "blocked word.add"]


def test_a_grade_asks_for_a_second_person(database):
    desk = Desk(database)
    assert desk.reply(desk.hand_in()).state == "queued"
    for _ in range(2):
        set_approval(database, desk.workspace, "standard", True, NOW, COMMAND)
    assert desk.reply(desk.hand_in("Second")).state == "draft"
    with database.read() as db:
        asking = list(db.scalars(select(Grade.key).where(Grade.needs_approval)))
        events = db.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "grade.approval"))
    assert (asking, events) == (["standard"], 1)


def test_a_workspace_of_before_gets_them_once(database, north):
    assert furnish(database, NOW) == 0
    with change(database, north, COMMAND, NOW) as c:
        c.db.execute(delete(Template))
        c.state("test", "template")
    assert furnish(database, NOW) == 1
    shipped = names(database, north)
    assert shipped[0] == "Emergency: call 999"
    with database.read() as db:
        every = [one.id for one in templates(db, north)]
    for key in every:
        retire_template(database, north, key, NOW, COMMAND)
    assert furnish(database, NOW) == 0
    assert names(database, north) == []
