"""Saved views: one's own, or shared with a role; every change is one event, and nobody's view crosses a workspace."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.desk import claim, release
from data.people import grant
from data.queries.queue import queue
from data.views import change_view, delete_view, save_view
from models.audit import COMMAND, AuditEvent
from models.people import Role
from models.problems import BadValue, NotFound, NotPermitted
from models.snapshots import QueueFilters
from models.views import MOST_VIEWS, view_name
from tests.rows import NOW, add_conversation, add_member, add_workspace, open_database, scope_of

MEDIA = {"flag": "media", "page": "7", "q": "fire", "view": "open", "wrong": "x"}


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.fixture
def ann(database, north):
    return scope_of(north, add_member(database, north, "ann", "Operator"))


@pytest.fixture
def sue(database, north):
    return scope_of(north, add_member(database, north, "sue", "Supervisor"), "Supervisor")


def role(database, workspace_id, name="Operator"):
    with database.read() as db:
        return db.scalar(select(Role.id).where(Role.workspace_id == workspace_id, Role.name == name))


def views(database, scope):
    return queue(database, scope, QueueFilters(), NOW).saved


def names(database, scope):
    return [one.name for one in views(database, scope)]


def events(database, about="view"):
    with database.read() as db:
        return list(db.scalars(select(AuditEvent).where(AuditEvent.object == about).order_by(AuditEvent.id)))


def test_a_view_keeps_its_filters_and_is_ones_own(database, ann, sue):
    save_view(database, ann, "  With   media ", MEDIA, None, NOW)
    [view] = views(database, ann)
    assert (view.name, dict(view.fields)) == ("With media", {"flag": "media", "view": "open"})
    assert (view.shared, view.may_change, view.count) == (None, True, 0)
    assert views(database, sue) == ()
    assert [one.action for one in events(database)] == ["save"]


def test_a_view_counts_what_it_holds_up_to_a_bound(database, north, ann, monkeypatch):
    monkeypatch.setattr("data.queries.views.MOST_COUNTED", 2)
    for _ in range(3):
        add_conversation(database, north, NOW - timedelta(hours=1))
    save_view(database, ann, "Any", {"holder": "nobody"}, None, NOW)
    save_view(database, ann, "Held", {"holder": "me"}, None, NOW)
    assert [(one.name, one.count, one.most) for one in views(database, ann)] == [("Any", 2, 2), ("Held", 0, 2)]


def test_a_shared_view_of_ones_own_work_counts_for_each_person(database, north, ann, sue):
    mine = add_conversation(database, north, NOW - timedelta(hours=1))
    add_conversation(database, north, NOW - timedelta(hours=1))
    save_view(database, sue, "Ours", {"holder": "me"}, role(database, north), NOW)
    save_view(database, sue, "My view", {"view": "mine"}, role(database, north), NOW)
    save_view(database, sue, "Free", {"holder": "nobody"}, role(database, north), NOW)
    claim(database, ann, mine, NOW)
    counted = [{one.name: one.count for one in views(database, scope)} for scope in (ann, sue, ann)]
    assert counted == [{"Ours": 1, "My view": 1, "Free": 1}, {"Ours": 0, "My view": 0, "Free": 1}, counted[0]]
    release(database, ann, mine, NOW)
    assert {one.name: one.count for one in views(database, ann)} == {"Ours": 0, "My view": 0, "Free": 2}


def test_counts_of_views_are_let_go_when_there_are_many(database, ann, monkeypatch):
    monkeypatch.setattr("data.queries.views.MOST_KEPT", 1)
    for name, flag in (("One", "media"), ("Two", "repeat")):
        save_view(database, ann, name, {"flag": flag}, None, NOW)
    assert [one.count for one in views(database, ann)] == [0, 0]


def test_a_shared_view_is_seen_by_the_role_and_changed_by_those_who_move_work(database, north, ann, sue):
    key = save_view(database, sue, "Repeat contacts", {"flag": "repeat"}, role(database, north), NOW)
    for scope, may in ((ann, False), (sue, True)):
        assert [(one.name, one.shared, one.may_change) for one in views(database, scope)] == [
            ("Repeat contacts", "Operator", may)
        ]
    boss = scope_of(north, add_member(database, north, "bo", "Supervisor"), "Supervisor")
    grant(database, north, boss.user_id, "Operator", NOW, COMMAND)
    with pytest.raises(NotFound):
        change_view(database, ann, key, "Mine now", None, NOW)
    with pytest.raises(NotFound):
        delete_view(database, ann, key, NOW)
    change_view(database, boss, key, "Again and again", role(database, north), NOW)
    assert names(database, ann) == ["Again and again"]
    change_view(database, sue, key, "Again and again", None, NOW)
    assert names(database, ann) == []
    assert delete_view(database, sue, key, NOW) == "Again and again"
    assert names(database, sue) == []
    told = [(one.action, one.before, one.after) for one in events(database)]
    assert [action for action, _, _ in told] == ["save", "change", "change", "delete"]
    assert told[1][1]["name"] == "Repeat contacts"


def test_an_operator_shares_with_nobody(database, north, ann):
    with pytest.raises(NotPermitted):
        save_view(database, ann, "All of us", {}, role(database, north), NOW)
    key = save_view(database, ann, "Mine", {}, None, NOW)
    with pytest.raises(NotPermitted):
        change_view(database, ann, key, "Mine", role(database, north), NOW)


def test_no_view_crosses_a_workspace(database, north, sue):
    south = add_workspace(database, "south")
    tom = scope_of(south, add_member(database, south, "tom", "Supervisor"), "Supervisor", "south")
    with pytest.raises(NotFound):
        save_view(database, sue, "Theirs", {}, role(database, south), NOW)
    key = save_view(database, sue, "Ours", {}, role(database, north, "Supervisor"), NOW)
    for act in (lambda: change_view(database, tom, key, "x", None, NOW), lambda: delete_view(database, tom, key, NOW)):
        with pytest.raises(NotFound):
            act()
    assert views(database, tom) == ()


def test_a_name_is_taken_once_and_a_person_keeps_so_many(database, ann):
    for number in range(MOST_VIEWS):
        key = save_view(database, ann, f"View {number}", {}, None, NOW)
    with pytest.raises(BadValue, match="delete a view first"):
        save_view(database, ann, "One more", {}, None, NOW)
    with pytest.raises(BadValue, match="another name"):
        change_view(database, ann, key, "View 1", None, NOW)
    change_view(database, ann, key, f"View {MOST_VIEWS - 1}", None, NOW)


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\x00b", "a\u202eb"])
def test_a_name_must_be_one(name):
    with pytest.raises(BadValue):
        view_name(name)


def test_only_readers_keep_views(database, north, ann):
    analyst = scope_of(north, ann.user_id, "Analyst")
    with pytest.raises(NotPermitted):
        save_view(database, analyst, "x", {}, None, NOW)
