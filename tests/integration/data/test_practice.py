"""How a workspace works, read once and again whenever any part of it changes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from data.audit import change
from data.practice import practice
from data.queries.wallboard import wallboard
from models.audit import COMMAND
from models.calendars import CalendarVersion
from models.problems import NotFound
from models.waits import Clock, Target
from models.workspace import CalendarRow, Grade, Rule, TargetTime, Topic, Workspace
from tests.arrivals import MONDAY, NOW, asks, found
from tests.rows import add_user, open_database


@pytest.fixture
def town(database_url):
    opened = open_database(database_url)
    yield found(opened)
    opened.close()


def now(town):
    with town.database.read() as db:
        return practice(db, town.account.workspace_id)


def alter(town, do):
    with change(town.database, town.account.workspace_id, COMMAND, NOW) as c:
        do(c.db)
        c.state("alter", "workspace")


def rows(town, entity):
    return select(entity).where(entity.workspace_id == town.account.workspace_id)


def test_nothing_is_read_again_while_nothing_changes(town):
    first = now(town)
    alter(town, lambda db: None)
    assert now(town) is first


@pytest.mark.parametrize("entity", [Grade, TargetTime, Topic, Rule, CalendarRow])
def test_any_change_of_any_part_is_seen(town, entity):
    first = now(town)

    def touch(db):
        row = db.scalars(rows(town, entity)).first()
        name = {"Grade": "word", "TargetTime": "seconds", "Topic": "word", "Rule": "name", "CalendarRow": "number"}
        value = getattr(row, name[entity.__name__])
        setattr(row, name[entity.__name__], value + (7 if isinstance(value, int) else " and more"))

    alter(town, touch)
    assert now(town) is not first


BROKEN = {
    "a rule's words are a number": (Rule, {"conditions": {"words": {"any": 5}}}),
    "a rule of an unknown kind": (Rule, {"conditions": {"moon": "full"}}),
    "a rule does a list": (Rule, {"actions": ["grade"]}),
    "a calendar without parts": (CalendarRow, {"facts": {"x": 1}}),
    "a calendar that is a list": (CalendarRow, {"facts": []}),
    "a zone that is nowhere": (Workspace, {"zone": "Mars/Olympus"}),
    "a zone that is a path": (Workspace, {"zone": "../../etc/passwd"}),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_row_that_cannot_be_read_is_left_out_and_named_while_posts_come_in_and_the_wall_stands(town, name):
    entity, values = BROKEN[name]
    home = town.account.workspace_id
    before = len(now(town).rules.rules)

    def spoil(db):
        row = db.get(Workspace, home) if entity is Workspace else db.scalars(rows(town, entity)).first()
        for column, value in values.items():
            setattr(row, column, value)

    alter(town, spoil)
    assert town.take(asks("1", 0, "the car is on fire")).stored == 1
    assert (
        wallboard(town.database, home, NOW).waiting[0].count + wallboard(town.database, home, NOW).waiting[1].count == 1
    )
    found_now = now(town)
    assert len(found_now.faults) == 1
    assert len(found_now.rules.rules) == before - (entity is Rule)
    assert found_now.mark.zone == "Europe/London"


def test_a_row_that_is_taken_away_is_seen(town):
    first = now(town)
    alter(town, lambda db: db.delete(db.scalars(rows(town, Rule)).first()))
    assert len(now(town).rules.rules) == len(first.rules.rules) - 1


def test_a_new_colleague_is_seen(town):
    assert "zoe" not in now(town).users
    add_user(town.database, "zoe")
    assert "zoe" in now(town).users


def test_a_rule_that_is_switched_off_does_nothing(town):
    def switch_off(db):
        for rule in db.scalars(rows(town, Rule)):
            rule.enabled = False

    alter(town, switch_off)
    assert now(town).rules.rules == ()
    assert not now(town).asks_for_newcomers


def test_a_workspace_that_does_not_exist_has_no_practice(town):
    with pytest.raises(NotFound), town.database.read() as db:
        practice(db, 12345)


def test_grades_are_known_by_key_word_and_rank(town):
    ways = now(town)
    assert (ways.rank_of("emergency"), ways.rank_of("Emergency"), ways.rank_of("nothing"), ways.lowest) == (
        1,
        1,
        None,
        3,
    )
    assert ways.grade(2).key == "priority"
    assert {ways.ranks[key]: key for key in ways.ranks} == dict(ways.grade_ids)


def test_a_channel_may_have_a_promise_of_its_own(town):
    emergency = now(town).grade_ids[1]

    def promise(db):
        home = {"workspace_id": town.account.workspace_id, "audit_id": 0}
        db.add(TargetTime(grade_id=emergency, channel="x", seconds=60, clock="public", **home))

    alter(town, promise)
    assert now(town).target(1, "x") == Target(60, Clock.PUBLIC)
    assert now(town).target(1, "mastodon") == Target(300, Clock.PUBLIC)


def test_a_grade_without_a_promise_has_four_staffed_hours(town):
    def forget(db):
        for target in db.scalars(rows(town, TargetTime)):
            db.delete(target)

    alter(town, forget)
    assert now(town).target(1, "x") == Target(4 * 3600, Clock.STAFFED)


def test_where_the_calendar_never_opens_a_promise_is_kept_on_the_public_clock(town):
    def shut(db):
        row = db.scalars(rows(town, CalendarRow)).one()
        row.facts = CalendarVersion(1, None, "Europe/London", ()).to_json()

    alter(town, shut)
    assert now(town).due(MONDAY, 3, "x") == MONDAY + timedelta(hours=4)


def test_staffed_promises_fall_due_in_open_hours(town):
    assert now(town).due(MONDAY, 3, "x") == datetime.fromisoformat("2026-11-16T13:00:00+00:00")
