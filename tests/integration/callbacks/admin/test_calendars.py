"""Versions of the calendar: what has begun stays."""

from datetime import timedelta

from sqlalchemy import select

from data.practice import practice
from tests.rows import NOW

WEEK = {f"day{number}": "09:00-17:00" if number < 5 else "" for number in range(7)}
NEW = WEEK | {"begins": "2026-12-01", "nation": "Scotland", "closed": True, "holiday": "10:00-12:00", "day5": "10-14"}


def calendar_of(database, home):
    with database.read() as db:
        return practice(db, home).calendar


def test_a_version_begins_later_and_can_be_taken_back_until_then(database, north, tom, clock):
    tom.tab = "calendars"
    said = tom.press(
        "calendars.add", fields=NEW | {"exceptions": "2026-12-24 09:00-12:00 Christmas Eve\n2026-12-31 all day Busy"}
    )
    assert "Version 2 is added" in said.notice
    version = calendar_of(database, north).in_force(NOW + timedelta(days=20))
    assert (version.number, version.nation, len(version.exceptions)) == (2, "Scotland", 2)
    assert "to come" in tom.look().body
    assert "taken back" in tom.press("calendars.drop", 2).notice
    tom.press("calendars.add", fields=NEW)
    clock.on(timedelta(days=10))
    tom.again("tom")
    assert "has begun" in tom.press("calendars.drop", 2).notice
    assert "has begun" in tom.press("calendars.drop", 1).notice


def test_a_version_of_today_begins_now(database, north, tom):
    tom.press("calendars.add", fields=NEW | {"begins": "2026-11-23"})
    assert [one.begins for one in calendar_of(database, north).versions] == [None, NOW]


def test_exceptions_to_come_may_change_and_those_gone_by_may_not(database, north, tom, clock):
    tom.tab = "calendars"
    lines = "2026-11-24 closed Training"
    assert "saved" in tom.press("calendars.exceptions", 1, {"exceptions": lines}).notice
    assert not calendar_of(database, north).is_open(NOW.replace(day=24, hour=12))
    clock.on(timedelta(days=1))
    tom.again("tom")
    assert "stay as they are" in tom.press("calendars.exceptions", 1, {"exceptions": ""}).notice
    more = f"{lines}\n2026-12-24 09:00-12:00,13:00-15:00 Christmas Eve"
    assert "saved" in tom.press("calendars.exceptions", 1, {"exceptions": more}).notice
    assert "Christmas Eve" in tom.look().body


def test_what_a_calendar_may_not_be(tom):
    for fields, said in (
        ({"begins": "2026-11-22"}, "today or a later day"),
        ({"begins": ""}, "give the day"),
        ({"day2": "9 to 5"}, "Wednesday"),
        ({"nation": "Atlantis"}, "is not one of"),
        ({"exceptions": "Christmas"}, "does not begin with a day"),
        ({"exceptions": "2026-12-24 closed"}, "say why"),
        ({"exceptions": "2026-12-24 closed A\n2026-12-24 closed B"}, "stands there twice"),
    ):
        assert said in tom.press("calendars.add", fields=NEW | fields).notice
    assert "There is no such thing" in tom.press("calendars.drop", 99).notice


def test_grades_have_words_times_and_approval(database, north, tom):
    from models.workspace import Grade

    tom.tab = "targets"
    with database.read() as db:
        grade = db.scalars(select(Grade.id).where(Grade.key == "priority")).one()
    fields = {
        "word": "High",
        "look": "priority",
        "minutes": "20",
        "clock": "public",
        "channel:x": "10",
        "needs_approval": True,
    }
    assert "saved" in tom.press("targets.change", grade, fields).notice
    with database.read() as db:
        ways = practice(db, north)
    assert ways.grade(2).word == "High"
    assert (ways.target(2, "x").seconds, ways.target(2, "facebook").seconds) == (600, 1200)
    tom.press("targets.change", grade, fields | {"channel:x": ""})
    with database.read() as db:
        assert practice(db, north).target(2, "x").seconds == 1200
    assert "added" in tom.press("targets.add", fields=fields | {"key": "Low", "word": "Low", "look": "unknown"}).notice
    with database.read() as db:
        assert practice(db, north).lowest == 4
    for wrong, said in (
        ({"minutes": "0"}, "Minutes: give"),
        ({"look": "pink"}, "Look: give one of"),
        ({"clock": "sun"}, "Target: give a time"),
        ({"word": " "}, "Word: give one"),
        ({"key": "low"}, "there is one called that"),
        ({"key": ""}, "give it one"),
    ):
        assert said in tom.press("targets.add", fields=fields | {"key": "other"} | wrong).notice
    assert "There is no such thing" in tom.press("targets.change", 999, fields).notice


def test_templates_and_blocked_words(database, tom):
    tom.tab = "templates"
    assert (
        "offered beside every reply"
        in tom.press("templates.create", fields={"name": "Hello", "text": "Hello {contact}.", "language": "en"}).notice
    )
    seen = tom.look().body
    assert "Hello {contact}." in seen
    from models.templates import Template

    with database.read() as db:
        key = db.scalars(select(Template.id).where(Template.name == "Hello")).one()
    assert "Change Hello" in tom.look(f"&template={key}").body
    tom.press("templates.change", key, {"name": "Hallo", "text": "Hallo."})
    assert "Undo" in tom.press("templates.retire", key).notice
    assert "retired" in tom.look().body
    tom.press("templates.restore", key)
    assert "Undo" in tom.press("templates.block", fields={"word": "guv"}).notice
    assert "guv" in tom.look().body
    tom.press("templates.allow", fields={"word": "guv"})
    assert "There is no such thing" in tom.press("templates.change", 999, {"name": "a", "text": "b"}).notice
    assert "Templates" in tom.look("&template=999").body
