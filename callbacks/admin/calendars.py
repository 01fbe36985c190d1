"""The calendar: add a version, change exceptions, take back a version that has not begun."""

from datetime import date
from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.calendars import Hours, add_version, change_exceptions, drop_version
from data.queries.admin.calendars import calendars
from layouts.admin import calendars as layout
from models.calendars import DatedException
from models.permissions import Scope
from models.problems import BadValue
from models.weeks import spans_from, week_from

MOST_EXCEPTIONS = 400


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(calendars(house().database, scope, house().clock()))


def add(scope: Scope, _of: str, fields: Fields) -> Done:
    begins, nation = fields.day("begins"), fields.text("nation")
    if begins is None:
        raise BadValue("in force from", "give the day on which it begins")
    hours = Hours(
        begins=begins,
        windows=week_from([fields.text(f"day{number}") for number in range(7)]),
        nation=None if nation == layout.NOBODYS else nation,
        closed_on_holidays=fields.flag("closed"),
        holiday_windows=spans_from(fields.text("holiday"), "hours on bank holidays"),
        exceptions=exceptions_from(fields.text("exceptions", 20_000)),
    )
    number = add_version(house().database, scope, hours, house().clock())
    return Done(f"Version {number} is added.", undo=("calendars.drop", number, {}))


def change(scope: Scope, of: str, fields: Fields) -> Done:
    wanted = exceptions_from(fields.text("exceptions", 20_000))
    change_exceptions(house().database, scope, key_of(of), wanted, house().clock())
    return Done("The exceptions are saved.")


def drop(scope: Scope, of: str, _fields: Fields) -> Done:
    drop_version(house().database, scope, key_of(of), house().clock())
    return Done("The version is taken back.")


def exceptions_from(text: str) -> tuple[DatedException, ...]:
    """Lines such as "2026-12-24 09:00-12:00 Christmas Eve". Raises ``BadValue`` with the line that cannot be read."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_EXCEPTIONS:
        raise BadValue("exceptions", f"give at most {MOST_EXCEPTIONS}")
    found = tuple(map(_exception, lines))
    if len({one.day for one in found}) < len(found):
        raise BadValue("exceptions", "a day stands there twice: put all of its hours in one line, with commas between")
    return found


def _exception(line: str) -> DatedException:
    day, _, rest = line.strip().partition(" ")
    hours, _, label = rest.strip().partition(" ")
    if hours.casefold() == "all" and label.casefold().startswith("day"):
        hours, label = "all day", label[3:]
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise BadValue("exceptions", f"“{line.strip()[:60]}” does not begin with a day such as 2026-12-24") from None
    if not label.strip():
        raise BadValue("exceptions", f"say why for {day}: everybody who looks at the calendar reads it")
    return DatedException(when, spans_from(hours, f"exceptions, {day}"), label.strip()[:100])


ACTS: dict[str, Act] = {"calendars.add": add, "calendars.exceptions": change, "calendars.drop": drop}
