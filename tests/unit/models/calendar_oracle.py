"""A slow second opinion on calendars, minute by minute, and random calendars to ask both about.

It shares no arithmetic with ``models.calendars``: wall time is looked up in a table of every minute, and the bank holidays of
the months in question are written out.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from models.calendars import NATIONS, Calendar, CalendarVersion, DatedException, Window

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MARGIN = 3  # days of the table before and after the days asked about
ASKED = 4  # days asked about
ASKED_MINUTES = ASKED * 1440

# Clock changes in London and on Lord Howe (half an hour), and weeks with bank holidays.
BASES = [
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 4, 3, tzinfo=UTC),
    datetime(2026, 5, 2, tzinfo=UTC),
    datetime(2026, 8, 1, tzinfo=UTC),
    datetime(2026, 12, 25, tzinfo=UTC),
]
ZONES = ["Europe/London", "Europe/London", "Australia/Lord_Howe"]
EVERYWHERE = {date(2026, 4, 3), date(2026, 5, 4), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
EASTER_MONDAY = {date(2026, 4, 6)}
HOLIDAYS = {
    "England": EVERYWHERE | EASTER_MONDAY,
    "Wales": EVERYWHERE | EASTER_MONDAY,
    "Northern Ireland": EVERYWHERE | EASTER_MONDAY,
    "Scotland": EVERYWHERE | {date(2026, 8, 3)},
}


@cache
def wall_table(zone_name: str, base: datetime) -> tuple[list[datetime], dict[datetime, list[int]]]:
    """The local wall time of every minute, and at which minutes each wall time occurs."""
    zone = ZoneInfo(zone_name)
    begin = base - MARGIN * DAY
    walls = [(begin + n * MINUTE).astimezone(zone).replace(tzinfo=None) for n in range((2 * MARGIN + ASKED) * 1440)]
    occurs: dict[datetime, list[int]] = {}
    for minute, wall in enumerate(walls):
        occurs.setdefault(wall, []).append(minute)
    return walls, occurs


def minute_of(zone_name: str, base: datetime, wall: datetime, which: int) -> int:
    """The minute at which a window opens (which = 0: first occurrence) or closes (-1: last); a missing one: the change."""
    walls, occurs = wall_table(zone_name, base)
    if wall in occurs:
        return occurs[wall][which]
    return next(minute for minute, one in enumerate(walls) if one > wall)


def spans_on(version: CalendarVersion, day: date) -> list[tuple[time, time]]:
    for exception in version.exceptions:
        if exception.day == day:
            return list(exception.windows)
    if version.nation and version.closed_on_holidays and day in HOLIDAYS[version.nation]:
        return list(version.holiday_windows)
    return [(one.opens, one.closes) for one in version.windows if one.weekday == day.weekday()]


def version_minutes(version: CalendarVersion, base: datetime) -> bytearray:
    opened = bytearray((2 * MARGIN + ASKED) * 1440)
    for offset in range(-MARGIN + 1, ASKED + MARGIN - 1):
        day = base.date() + offset * DAY
        for opens, closes in spans_on(version, day):
            until = day if closes > opens else day + DAY
            first = minute_of(version.zone, base, datetime.combine(day, opens), 0)
            last = minute_of(version.zone, base, datetime.combine(until, closes), -1)
            for minute in range(first, last):
                opened[minute] = 1
    return opened


def open_minutes(calendar: Calendar, base: datetime) -> list[int]:
    """1 for each of the asked minutes that is open, else 0; -1 where there is no calendar."""
    begins = [version.begins or datetime.min.replace(tzinfo=UTC) for version in calendar.versions]
    opened = [version_minutes(version, base) for version in calendar.versions]
    answer = []
    for minute in range(ASKED_MINUTES):
        place = bisect_right(begins, base + minute * MINUTE)
        answer.append(opened[place - 1][minute + MARGIN * 1440] if place else -1)
    return answer


times = st.one_of(
    st.sampled_from([time(0), time(1), time(1, 30), time(2), time(8), time(18)]),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
spans = st.tuples(times, times)
bases = st.sampled_from(BASES)


@st.composite
def versions(draw: st.DrawFn, base: datetime, number: int, begins: datetime | None) -> CalendarVersion:
    nation = draw(st.sampled_from([None, *NATIONS]))
    closed = draw(st.booleans())
    few_days = st.integers(-1, ASKED).map(lambda offset: base.date() + offset * DAY)
    exceptions = draw(
        st.lists(
            st.builds(DatedException, few_days, st.lists(spans, max_size=2).map(tuple), st.just("open day")),
            max_size=2,
            unique_by=lambda one: one.day,
        )
    )
    return CalendarVersion(
        number=number,
        begins=begins,
        zone=draw(st.sampled_from(ZONES)),
        windows=tuple(draw(st.lists(st.builds(Window, st.integers(0, 6), times, times), max_size=8))),
        nation=nation,
        closed_on_holidays=closed,
        holiday_windows=tuple(draw(st.lists(spans, max_size=1))) if nation and closed else (),
        exceptions=tuple(exceptions),
    )


@st.composite
def calendars(draw: st.DrawFn, base: datetime) -> Calendar:
    """A calendar of none to three versions, the first with or without a beginning, at whole minutes."""
    minutes = sorted(draw(st.lists(st.integers(0, ASKED_MINUTES), max_size=3, unique=True)))
    begins: list[datetime | None] = [base + minute * MINUTE for minute in minutes]
    if begins and draw(st.booleans()):
        begins[0] = None
    return Calendar(tuple(draw(versions(base, number, begin)) for number, begin in enumerate(begins, start=1)))
