"""Flags of people: from the workspace's list, on the record, and not undone by any rule."""

import pytest
from sqlalchemy import select

from data.flags import clear_flag, flag_words, set_flag
from models.audit import AuditEvent
from models.conversation import Conversation
from models.problems import NotFound, NotPermitted
from tests.arrivals import ANN, asks, edit, found
from tests.rows import NOW, add_conversation, add_member, add_user, add_workspace, open_database, scope_of


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def conversation(database, north):
    return add_conversation(database, north)


@pytest.fixture
def ann(database, north):
    return scope_of(north, add_member(database, north, "ann", "Operator"))


def raised(database, key):
    with database.read() as db:
        return db.get_one(Conversation, key).raised


def events(database, key):
    with database.read() as db:
        wanted = select(AuditEvent).where(AuditEvent.object == "conversation", AuditEvent.object_id == key)
        return [(one.action, one.before, one.after) for one in db.scalars(wanted.order_by(AuditEvent.id))][1:]


def test_flags_are_set_and_cleared_on_the_record(database, conversation, ann):
    set_flag(database, ann, conversation, "child", NOW)
    set_flag(database, ann, conversation, "vulnerable", NOW)
    assert raised(database, conversation) == ["child", "vulnerable"]
    clear_flag(database, ann, conversation, "child", NOW)
    clear_flag(database, ann, conversation, "vulnerable", NOW)
    assert raised(database, conversation) is None
    assert events(database, conversation) == [
        ("flag", {"flags": []}, {"flag": "child", "flags": ["child"]}),
        ("flag", {"flags": ["child"]}, {"flag": "vulnerable", "flags": ["child", "vulnerable"]}),
        ("unflag", {"flags": ["child", "vulnerable"]}, {"flag": "child", "flags": ["vulnerable"]}),
        ("unflag", {"flags": ["vulnerable"]}, {"flag": "vulnerable", "flags": []}),
    ]


def test_twice_changes_nothing(database, conversation, ann):
    clear_flag(database, ann, conversation, "child", NOW)
    set_flag(database, ann, conversation, "child", NOW)
    set_flag(database, ann, conversation, "child", NOW)
    assert len(events(database, conversation)) == 1


def test_a_word_that_is_not_in_the_list_is_refused(database, conversation, ann):
    with pytest.raises(NotFound):
        set_flag(database, ann, conversation, "<script>", NOW)
    assert raised(database, conversation) is None


def test_rules_that_run_again_leave_the_flags_of_people(database_url):
    opened = open_database(database_url)
    add_user(opened, "ann")
    town = found(opened)
    post = asks("a", 0, "fire")
    town.take(post)
    [row] = town.rows(Conversation)
    ben = scope_of(row.workspace_id, add_member(opened, row.workspace_id, "ben", "Operator"))
    set_flag(opened, ben, row.id, "child", NOW)
    town.take(edit(post, 5, "a car"))
    town.take(asks("b", -9, "lost", contact=ANN))
    town.take(asks("c", 30, "car", contact=ANN))
    [row] = town.rows(Conversation)
    opened.close()
    assert row.raised == ["child"]
    assert "car" in row.flags


@pytest.mark.parametrize("act", [set_flag, clear_flag])
@pytest.mark.parametrize("role", ["Auditor", "Analyst", "Administrator", "Content creator"])
def test_flags_need_a_desk(database, north, conversation, act, role):
    eve = scope_of(north, add_member(database, north, "eve", role), role)
    with pytest.raises(NotPermitted):
        act(database, eve, conversation, "child", NOW)


@pytest.mark.parametrize("act", [set_flag, clear_flag])
def test_another_workspace_flags_nothing(database, conversation, act):
    south = add_workspace(database, "south")
    with pytest.raises(NotFound):
        act(database, scope_of(south, add_member(database, south, "sam", "Operator")), conversation, "child", NOW)


def test_a_new_workspace_has_words_to_flag_with(database, north):
    with database.read() as db:
        assert "vulnerable" in flag_words(db, north)
        assert flag_words(db, 9_999) == ()
