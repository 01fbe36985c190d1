"""How many messages came, when, and how many of them out of hours: figures over roll-ups, to METRICS.md.

Inbound activity is every distinct inbound message by ``sent``: public, private and listening (METRICS.md, Volume), spam
left out. Listening enters none of the figures of ``waits``.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from data.practice import Practice
from data.rollups import hour_of
from models.calendars import Calendar
from models.rollups import HourlyTotal
from models.snapshots import Inbound, InboundHour, OutOfHours, Period
from models.workspace import Account

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
WEEKS = 8
FEWEST_WEEKS = 4
"""METRICS.md, Usual: the last 8 weeks; blank under 4."""
SHOWN = 24

_BETWEEN = (
    HourlyTotal.workspace_id == bindparam("home"),
    HourlyTotal.hour >= bindparam("begins"),
    HourlyTotal.hour <= bindparam("last"),
)
_BY_CHANNEL = (
    select(HourlyTotal.hour, Account.channel, func.sum(HourlyTotal.count))
    .join(Account, Account.id == HourlyTotal.account_id)
    .where(*_BETWEEN)
    .group_by(HourlyTotal.hour, Account.channel)
)
_BY_HOURS = select(HourlyTotal.hours, func.sum(HourlyTotal.count)).where(*_BETWEEN).group_by(HourlyTotal.hours)


def _by_hour(*narrowed: ColumnElement[bool]) -> CompoundSelect[datetime, int]:
    """One stretch of hours in each week: two values a week instead of one for each of two hundred hours."""
    return union_all(
        *(
            select(HourlyTotal.hour, func.sum(HourlyTotal.count))
            .where(
                HourlyTotal.workspace_id == bindparam("home"),
                HourlyTotal.hour >= bindparam(f"begins_{week}"),
                HourlyTotal.hour <= bindparam(f"last_{week}"),
                *narrowed,
            )
            .group_by(HourlyTotal.hour)
            for week in range(1, WEEKS + 1)
        )
    )


_BY_HOUR = _by_hour()
_BY_HOUR_OF = _by_hour(HourlyTotal.account_id.in_(bindparam("accounts", expanding=True)))


def inbound(
    db: Session,
    ways: Practice,
    now: datetime,
    channels: Sequence[str],
    began: datetime | None,
    silent_since: datetime | None,
) -> Inbound:
    """The last 24 whole hours and the present one, by channel.

    ``began`` is the hour of the first stored message (None: there is none), ``silent_since`` from when on no account
    has answered, where that is so. Both make gaps: what happened then is not known. ``total`` is the sum of the bars;
    ``usual_total`` is the sum of the usual, with as much of the present hour as has gone by, so that like stands beside
    like, and is None where an hour's usual is.
    """
    present = hour_of(now)
    hours = [present - number * HOUR for number in range(SHOWN, -1, -1)]
    values = {"home": ways.workspace_id, "begins": hours[0], "last": present}
    counts = {
        (hour, channel): int(count) for hour, channel, count in db.connection().execute(_BY_CHANNEL, values).all()
    }
    usual = _usual(db, ways, hours, began)
    bars = tuple(
        InboundHour(hour, tuple(counts.get((hour, channel), 0) for channel in channels), usual[hour]) for hour in hours
    )
    return Inbound(
        hours=bars,
        channels=tuple(channels),
        total=sum(sum(bar.counts) for bar in bars),
        usual_total=_usual_total(bars, now),
        out_of_hours=closed(ways.calendar, hours[0], present + HOUR),
        gaps=_gaps(hours[0], now, began, silent_since),
    )


def _usual(
    db: Session, ways: Practice, hours: Sequence[datetime], began: datetime | None
) -> dict[datetime, float | None]:
    """For each hour the median of the same local hour of the week over the last 8 weeks, None under 4 weeks.

    A week counts once the workspace had begun to collect; an hour without a message then counts as 0. Where a clock
    change doubles the local hour both count, where it leaves it out that week has none.
    """
    return {
        hour: float(median(found)) if found else None for hour, found in past_counts(db, ways, hours, began).items()
    }


def past_counts(
    db: Session,
    ways: Practice,
    hours: Sequence[datetime],
    began: datetime | None,
    accounts: Sequence[int] | None = None,
) -> dict[datetime, list[int]]:
    """For each hour the counts of the same local hour in the last 8 weeks; nothing where fewer than 4 are known.

    ``accounts`` narrows them. A week counts once the workspace had begun to collect, which was at ``began``.
    """
    alike, values = _alike(ways.zone, tuple(hours))
    if began is None:
        return {hour: [] for hour in hours}
    asked: dict[str, Any] = {**values, "home": ways.workspace_id}
    if accounts is None:
        rows = db.connection().execute(_BY_HOUR, asked)
    else:
        rows = db.connection().execute(_BY_HOUR_OF, asked | {"accounts": accounts})
    counts: dict[datetime, int] = {hour: int(count) for hour, count in rows}
    return {
        hour: _known([(counts.get(one, 0), week) for one, week in found if one >= began])
        for hour, found in alike.items()
    }


def _known(counts: Sequence[tuple[int, int]]) -> list[int]:
    weeks = {week for _, week in counts}
    return [count for count, _ in counts] if len(weeks) >= FEWEST_WEEKS else []


Alike = dict[datetime, tuple[tuple[datetime, int], ...]]


@lru_cache(maxsize=64)
def _alike(zone: ZoneInfo, hours: tuple[datetime, ...]) -> tuple[Alike, dict[str, datetime]]:
    """For each hour those like it, and the stretches of ``_BY_HOUR`` that hold them all. Not to be changed."""
    alike = {hour: same_hours(zone, hour) for hour in hours}
    values: dict[str, datetime] = {}
    for number in range(1, WEEKS + 1):
        found = [one for each in alike.values() for one, week in each if week == number]
        values |= {f"begins_{number}": min(found), f"last_{number}": max(found)}
    return alike, values


def same_hours(zone: ZoneInfo, hour: datetime) -> tuple[tuple[datetime, int], ...]:
    """The UTC hours of the eight weeks before with the local day of the week and hour of ``hour``, and how many ago."""
    local = hour.astimezone(zone)
    found: dict[datetime, int] = {}
    for week in range(1, WEEKS + 1):
        wall = local - week * WEEK
        for fold in (0, 1):
            at = wall.replace(fold=fold).astimezone(UTC)
            if at.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
                found[at] = week
    return tuple(found.items())


def _usual_total(bars: Sequence[InboundHour], now: datetime) -> float | None:
    parts = [(bar.usual, min((now - bar.begins) / HOUR, 1.0)) for bar in bars]
    known = [usual * part for usual, part in parts if usual is not None]
    return sum(known) if len(known) == len(parts) else None


def closed(calendar: Calendar, begins: datetime, ends: datetime) -> tuple[Period, ...]:
    """What lies out of hours between two instants, in order; nothing without a calendar."""
    edge, found = begins, []
    for opens, closes in calendar.open_windows(begins, ends):
        if opens > edge:
            found.append(Period(edge, opens))
        edge = closes
    return (*found, Period(edge, ends)) if edge < ends else tuple(found)


def _gaps(begins: datetime, now: datetime, began: datetime | None, silent_since: datetime | None) -> tuple[Period, ...]:
    """Before the first stored message, and since no account answers any more."""
    first = now if began is None else min(began, now)
    gaps = [Period(begins, first)] if first > begins else []
    silent_from = max(silent_since, first, begins) if silent_since is not None else now
    if silent_from < now:
        gaps.append(Period(silent_from, now))
    return tuple(gaps)


def out_of_hours(db: Session, ways: Practice, now: datetime) -> OutOfHours:
    """Share and rate ratio of the last 7 days.

    The window is the 168 whole UTC hours before the present one and what has gone by of the present one: it begins on
    the hour, so that the roll-up counts exactly the messages sent in it.
    """
    begins = hour_of(now) - WEEK
    values: dict[str, Any] = {"home": ways.workspace_id, "begins": begins, "last": hour_of(now)}
    counts = {hours: int(count) for hours, count in db.connection().execute(_BY_HOURS, values)}
    return judged(ways.calendar, begins, now, counts)


def judged(calendar: Calendar, begins: datetime, ends: datetime, counts: dict[str, int]) -> OutOfHours:
    """Share and rate ratio of messages counted by ``in``, ``out`` and ``none`` (sent while there was no calendar).

    Messages and hours without a calendar are left out of both. ``n`` is what the share is of; without a share, all
    messages. The ratio is None where it has no baseline: no hours or no messages in hours, or no hours out of them.
    """
    inside, outside = counts.get("in", 0), counts.get("out", 0)
    n = inside + outside
    if not n:
        return OutOfHours(begins, counts.get("none", 0), None, None)
    known_from = calendar.versions[0].begins if calendar.versions else ends
    start = min(max(known_from or begins, begins), ends)
    open_time = calendar.open_between(start, ends)
    closed_time = ends - start - open_time
    ratio = (
        (outside / closed_time.total_seconds()) / (inside / open_time.total_seconds())
        if (inside and open_time and closed_time)
        else None
    )
    return OutOfHours(begins, n, outside / n, ratio)
