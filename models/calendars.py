"""When a workspace is staffed: opening windows, bank holidays, dated exceptions, kept as versions. Pure arithmetic.

Definitions are METRICS.md, "Calendars". Windows are local wall time in the version's zone; every instant that comes out
is aware UTC. A ``Calendar`` never changes and may be shared by threads: what it works out is kept in bounded caches.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import accumulate, pairwise
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

import holidays

from models.problems import Problem

HoursStatus = Literal["in", "out", "none"]
Span = tuple[time, time]
Interval = tuple[datetime, datetime]

NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")
HORIZON = timedelta(days=400)

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_FOREVER = datetime.max.replace(tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_NO_TIME = timedelta()
_SHEET_DAYS = 28
_LAST_DAY = date.max.toordinal()


class NeverOpens(Problem):
    """The calendar does not open for long enough within 400 days beyond the time asked for."""

    def __init__(self, begin: datetime, amount: timedelta) -> None:
        """Keep what was asked: ``amount`` of open time from ``begin``."""
        super().__init__(f"no {amount} of open time follows {begin.isoformat()}")
        self.begin = begin
        self.amount = amount


@dataclass(frozen=True, slots=True)
class Window:
    """Open hours that begin on one weekday (Monday = 0), in local wall time.

    ``closes`` at or before ``opens`` means the next day (equal: 24 hours). The whole window belongs to the local date
    on which it opens.
    """

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuse a weekday that does not exist and times with a zone of their own (ValueError)."""
        if self.weekday not in range(7):
            raise ValueError(f"weekday {self.weekday}: Monday is 0 and Sunday 6")
        _check_spans(((self.opens, self.closes),))


@dataclass(frozen=True, slots=True)
class DatedException:
    """What holds on one local date in place of the week and of a bank holiday. No windows: closed all day."""

    day: date
    windows: tuple[Span, ...]
    label: str

    def __post_init__(self) -> None:
        """Refuse times with a zone of their own (ValueError)."""
        _check_spans(self.windows)


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """The hours in force from ``begins`` (None: since always) until the next version begins.

    ``nation`` names whose bank holidays apply (None: nobody's). On a bank holiday ``holiday_windows`` replace the week
    (none: closed), unless ``closed_on_holidays`` is false: then the week holds. Exceptions beat holidays beat the week.
    """

    number: int
    begins: datetime | None
    zone: str
    windows: tuple[Window, ...]
    nation: str | None = None
    closed_on_holidays: bool = True
    holiday_windows: tuple[Span, ...] = ()
    exceptions: tuple[DatedException, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could be read in two ways (ValueError): see the messages."""
        if self.begins is not None:
            object.__setattr__(self, "begins", as_utc(self.begins))
        _zone(self.zone)
        if self.nation is not None and self.nation not in NATIONS:
            raise ValueError(f"{self.nation!r} is not one of {', '.join(NATIONS)}")
        if self.holiday_windows and not (self.nation and self.closed_on_holidays):
            raise ValueError("hours for bank holidays need a nation and a week that does not hold on them")
        _check_spans(self.holiday_windows)
        days = [exception.day for exception in self.exceptions]
        if len(set(days)) < len(days):
            raise ValueError("two exceptions on one day")

    def to_json(self) -> dict[str, Any]:
        """Return a plain dict that ``json`` can write and ``from_json`` reads back to an equal version."""
        return {
            "number": self.number,
            "begins": self.begins and self.begins.isoformat(),
            "zone": self.zone,
            "windows": [[window.weekday, *_span_texts((window.opens, window.closes))] for window in self.windows],
            "nation": self.nation,
            "closed_on_holidays": self.closed_on_holidays,
            "holiday_windows": [_span_texts(span) for span in self.holiday_windows],
            "exceptions": [
                {
                    "day": exception.day.isoformat(),
                    "windows": [_span_texts(span) for span in exception.windows],
                    "label": exception.label,
                }
                for exception in self.exceptions
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what ``to_json`` wrote. Raises KeyError for a missing part, ValueError for one that makes no sense."""
        return cls(
            number=stored["number"],
            begins=datetime.fromisoformat(stored["begins"]) if stored["begins"] else None,
            zone=stored["zone"],
            windows=tuple(Window(weekday, *_span(texts)) for weekday, *texts in stored["windows"]),
            nation=stored["nation"],
            closed_on_holidays=stored["closed_on_holidays"],
            holiday_windows=tuple(map(_span, stored["holiday_windows"])),
            exceptions=tuple(
                DatedException(date.fromisoformat(one["day"]), tuple(map(_span, one["windows"])), one["label"])
                for one in stored["exceptions"]
            ),
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every version of a workspace's hours; each instant is judged by the version in force at that instant.

    Without versions, and before the first of them, there is no calendar: always open for waits, ``hours_status``
    "none". Of two versions that begin together the higher number holds. Methods refuse naive times (ValueError).
    """

    versions: tuple[CalendarVersion, ...] = ()
    _begins: tuple[datetime, ...] = field(init=False, repr=False, compare=False)
    _sheet: "Callable[[int], _Sheet]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the versions in order of their beginning and give this calendar its cache (128 sheets: ten years)."""
        ordered = tuple(sorted(self.versions, key=_order))
        object.__setattr__(self, "versions", ordered)
        object.__setattr__(self, "_begins", tuple(_order(version)[0] for version in ordered))
        object.__setattr__(self, "_sheet", lru_cache(maxsize=128)(partial(_sheet_of, ordered)))

    def in_force(self, at: datetime) -> CalendarVersion | None:
        """Return the version that holds at this instant, or None where there is no calendar yet."""
        place = bisect_right(self._begins, as_utc(at))
        return self.versions[place - 1] if place else None

    def is_open(self, at: datetime) -> bool:
        """Say whether the instant lies in an open window (its opening does, its closing does not)."""
        at = as_utc(at)
        return self._sheet(at.toordinal() // _SHEET_DAYS).is_open(at)

    def hours_status(self, at: datetime) -> HoursStatus:
        """Say "in" or "out" of hours, or "none" where there is no calendar to judge by."""
        at = as_utc(at)
        if not bisect_right(self._begins, at):
            return "none"
        return "in" if self._sheet(at.toordinal() // _SHEET_DAYS).is_open(at) else "out"

    def open_windows(self, begin: datetime, end: datetime) -> list[Interval]:
        """Return the open intervals within [begin, end] in order, clipped to it, with touching ones joined."""
        begin, end = _ordered(begin, end)
        sheets = range(begin.toordinal() // _SHEET_DAYS, end.toordinal() // _SHEET_DAYS + 1)
        found = (interval for number in sheets for interval in self._sheet(number).intervals())
        return _joined(_clipped(found, begin, end))

    def open_between(self, begin: datetime, end: datetime) -> timedelta:
        """Return the open time within [begin, end]. Raises ValueError where the end comes first."""
        begin, end = _ordered(begin, end)
        first, last = begin.toordinal() // _SHEET_DAYS, end.toordinal() // _SHEET_DAYS
        total = self._sheet(last).before(end) - self._sheet(first).before(begin)
        for number in range(first, last):
            total += self._sheet(number).total
        return total

    def add_open(self, begin: datetime, amount: timedelta) -> datetime:
        """Return the earliest t >= begin with ``open_between(begin, t) >= amount``.

        Raises NeverOpens where that lies more than 400 days beyond ``begin + amount``, ValueError where the amount is
        negative.
        """
        begin = as_utc(begin)
        if amount < _NO_TIME:
            raise ValueError(f"{amount} of open time cannot be added")
        if not amount:
            return begin
        first = begin.toordinal()
        last = min(first + (amount + HORIZON).days + 1, _LAST_DAY)
        wanted = amount + self._sheet(first // _SHEET_DAYS).before(begin)
        for number in range(first // _SHEET_DAYS, last // _SHEET_DAYS + 1):
            sheet = self._sheet(number)
            if sheet.total >= wanted:
                found = sheet.when(wanted)
                if found - begin <= amount + HORIZON:
                    return found
                break
            wanted -= sheet.total
        raise NeverOpens(begin, amount)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The open intervals of 28 UTC days, clipped to them; ``sums[i]`` is the open time before interval i."""

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    sums: tuple[timedelta, ...]
    total: timedelta

    def intervals(self) -> Iterator[Interval]:
        return zip(self.opens, self.closes, strict=True)

    def is_open(self, at: datetime) -> bool:
        place = bisect_right(self.opens, at)
        return place > 0 and at < self.closes[place - 1]

    def before(self, at: datetime) -> timedelta:
        """Return the sheet's open time before ``at``."""
        place = bisect_right(self.opens, at) - 1
        if place < 0:
            return _NO_TIME
        closes = self.closes[place]
        return self.sums[place] + ((at if at < closes else closes) - self.opens[place])

    def when(self, wanted: timedelta) -> datetime:
        """Return the first instant with ``before(instant) == wanted``; 0 < wanted <= total."""
        place = bisect_left(self.sums, wanted) - 1
        return self.opens[place] + (wanted - self.sums[place])


# Shared by calendars that are equal: one read again from the database starts warm.
@lru_cache(maxsize=1024)
def _sheet_of(versions: tuple[CalendarVersion, ...], number: int) -> _Sheet:
    """Work out one sheet: what each version opens, as far as that version is in force."""
    first, last = max(number * _SHEET_DAYS, 1), (number + 1) * _SHEET_DAYS
    begin = datetime.fromordinal(first).replace(tzinfo=UTC)
    end = datetime.fromordinal(last).replace(tzinfo=UTC) if last <= _LAST_DAY else _FOREVER
    edges = [*(_order(version)[0] for version in versions), end]
    found = list(_clipped([(begin, edges[0])], begin, end))
    for version, (start, until) in zip(versions, pairwise(edges), strict=True):
        if start < end and until > begin:
            # Two days before: a window may last until the day after next in UTC. Two days of slack at the ends of time.
            days = range(max(first - 2, 3), min(last, _LAST_DAY - 3) + 1)
            found += _clipped(_windows_of(version, days), max(start, begin), min(until, end))
    joined = _joined(sorted(found))
    sums = list(accumulate((closes - opens for opens, closes in joined), initial=_NO_TIME))
    return _Sheet(tuple(one[0] for one in joined), tuple(one[1] for one in joined), tuple(sums[:-1]), sums[-1])


def _windows_of(version: CalendarVersion, days: range) -> Iterator[Interval]:
    """Give every window that opens on these local dates (proleptic ordinals), as instants; they may overlap."""
    zone = _zone(version.zone)
    spans = {date.fromordinal(day): _week_spans(version, date.fromordinal(day)) for day in days}
    if version.nation and version.closed_on_holidays and spans:
        spans |= dict.fromkeys(bank_holidays(version.nation, min(spans), max(spans)), version.holiday_windows)
    spans |= {exception.day: exception.windows for exception in version.exceptions if exception.day in spans}
    for day, hours in spans.items():
        for opens, closes in hours:
            closing_day = day if closes > opens else day + _DAY
            yield (
                _instant(datetime.combine(day, opens), zone, fold=0),
                _instant(datetime.combine(closing_day, closes), zone, fold=1),
            )


def _week_spans(version: CalendarVersion, day: date) -> tuple[Span, ...]:
    return tuple((one.opens, one.closes) for one in version.windows if one.weekday == day.weekday())


def _instant(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """Turn local wall time into an instant: a doubled time by ``fold`` (0 first, 1 last), a missing one the change."""
    at = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    # In a gap fold 1 lies before the change and fold 0 at or after it; zones change on whole seconds.
    before = wall.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0, microsecond=0).astimezone(UTC) + _SECOND
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def bank_holidays(nation: str, first: date, last: date) -> dict[date, str]:
    """Return the bank holidays of one nation of the UK from ``first`` to ``last``, both included, with their names.

    These are the dates that government publishes: a holiday that falls on a weekend is given only on its substitute
    weekday. The ``holidays`` package lists the weekend day as well; it is left out, because no bank holiday of the four
    nations falls on one (docs/decisions/0003-bank-holidays.md; compared with the official list of 2019-2028 in
    tests/peers/test_bank_holidays.py). Raises ValueError for any other nation.
    """
    if nation not in NATIONS:
        raise ValueError(f"{nation!r} is not one of {', '.join(NATIONS)}")
    years = range(first.year, last.year + 1)
    return {day: name for year in years for day, name in _bank_holidays_in(nation, year) if first <= day <= last}


@lru_cache(maxsize=512)
def _bank_holidays_in(nation: str, year: int) -> tuple[tuple[date, str], ...]:
    listed = holidays.country_holidays("GB", subdiv=nation, years=year, expand=False, language="en_GB")
    named = ((day, name.replace("(observed)", "(substitute day)")) for day, name in sorted(listed.items()))
    return tuple((day, name) for day, name in named if day.weekday() < 5)


def as_utc(at: datetime) -> datetime:
    """Return the same instant in UTC. Raises ValueError for a time without a zone.

    Arithmetic on two times of one local zone counts wall time in Python, so everything is turned into UTC first.
    """
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no zone: give an aware time")
    return at.astimezone(UTC)


def _ordered(begin: datetime, end: datetime) -> Interval:
    begin, end = as_utc(begin), as_utc(end)
    if end < begin:
        raise ValueError(f"the end {end.isoformat()} comes before the beginning {begin.isoformat()}")
    return begin, end


def _clipped(intervals: Iterable[Interval], begin: datetime, end: datetime) -> Iterator[Interval]:
    """Give what lies within [begin, end] of each interval, leaving out what is then empty."""
    for opens, closes in intervals:
        clipped = max(opens, begin), min(closes, end)
        if clipped[0] < clipped[1]:
            yield clipped


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Merge overlapping and touching intervals, which come in order of opening."""
    joined: list[Interval] = []
    for opens, closes in intervals:
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def _order(version: CalendarVersion) -> tuple[datetime, int]:
    return (version.begins or _ALWAYS, version.number)


def _zone(name: str) -> ZoneInfo:
    """Return the zone of this IANA name. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, LookupError, ValueError) as problem:
        raise ValueError(f"{name!r} is no time zone: give a name such as Europe/London") from problem


def _check_spans(spans: Iterable[Span]) -> None:
    if any(at.tzinfo is not None for span in spans for at in span):
        raise ValueError("opening times are local wall time: give them without a zone")


def _span_texts(span: Span) -> list[str]:
    return [at.isoformat() for at in span]


def _span(texts: Iterable[str]) -> Span:
    opens, closes = texts
    return time.fromisoformat(opens), time.fromisoformat(closes)
