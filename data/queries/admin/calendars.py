"""The versions of the calendar, newest first."""

from datetime import date, datetime, timedelta

from data.database import Database
from data.practice import practice
from models.calendars import CalendarVersion, bank_holidays
from models.permissions import Permission, Scope
from models.snapshots.admin import CalendarsPage, VersionRow
from models.weeks import spans_text, week_texts

AHEAD = timedelta(days=366)


def calendars(database: Database, scope: Scope, now: datetime) -> CalendarsPage:
    """Every version, and the bank holidays of the twelve months to come. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        today = now.astimezone(ways.zone).date()
        held = ways.calendar.in_force(now)
        return CalendarsPage(
            workspace=ways.mark,
            today=today,
            versions=tuple(_row(one, held, now) for one in reversed(ways.calendar.versions)),
            holidays=_holidays(held, today),
        )


def _row(one: CalendarVersion, held: CalendarVersion | None, now: datetime) -> VersionRow:
    return VersionRow(
        number=one.number,
        begins=one.begins,
        zone=one.zone,
        week=week_texts(one.windows),
        nation=one.nation,
        closed_on_holidays=one.closed_on_holidays,
        holiday_hours=spans_text(one.holiday_windows),
        exceptions=tuple((each.day, spans_text(each.windows), each.label) for each in one.exceptions),
        in_force=one is held,
        to_come=one.begins is not None and one.begins > now,
    )


def _holidays(held: CalendarVersion | None, today: date) -> tuple[tuple[date, str], ...]:
    if held is None or held.nation is None:
        return ()
    return tuple(sorted(bank_holidays(held.nation, today, today + AHEAD).items()))
