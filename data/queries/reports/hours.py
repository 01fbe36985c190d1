"""Out-of-hours share of a period, and demand against opening windows by hour of the week, from roll-ups."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.queries.reports.activity import HOUR, collected_hours, hour_counts, week_of
from data.queries.reports.ground import Ground, ground
from data.queries.surge import handling_time
from data.queries.volumes import judged
from models.calendars import Calendar
from models.permissions import Scope
from models.reporting import ReportFilters
from models.rollups import Daily
from models.snapshots import Bucket, HoursBucket, HoursReport, OutOfHours, Staffing
from models.staffing import Week, needed_by_hour

WEEK = timedelta(days=7)

Days = Mapping[date, Mapping[str, int]]


def hours_report(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> HoursReport:
    """How much comes when nobody is there. Raises ``NotPermitted`` and ``NotFound``."""
    with database.read() as db:
        on = ground(db, scope, filters, now)
        days = _days(db, on, filters.first, filters.last)
        total = _judged(on, filters.first, filters.last, days)
        first, last = filters.before
        earlier = _judged(on, first, last, _days(db, on, first, last)).share if on.collected(first, last) else None
        hours = list(collected_hours(on))
        outside = sum(counts.get("out", 0) for counts in days.values())
        week = week_of(on, hour_counts(db, on))
        weeks = len(hours) * HOUR / WEEK
        return HoursReport(
            head=on.head,
            by_bucket=tuple(_bucket(on, bucket, days) for bucket in on.buckets()),
            n=total.n,
            outside=outside,
            share=total.share,
            rate_ratio=total.rate_ratio,
            before=earlier,
            a_week=outside / weeks if weeks and total.share is not None else None,
            week=week,
            open_share=open_share(on, hours),
            staffing=_staffing(db, on, week),
        )


def _staffing(db: Session, on: Ground, week: Week) -> Staffing | None:
    """People by hour, for the target of the most urgent grade; None where too few answers say how long one takes."""
    handling = handling_time(db, on.ways.workspace_id, on.now)
    if handling is None:
        return None
    target = on.ways.target(on.ways.grades[0].rank, on.filters.channel).amount
    return Staffing(needed_by_hour(week, handling, target, on.ways.aim), handling, target, on.ways.aim)


def _days(db: Session, on: Ground, first: date, last: date) -> Days:
    rows = db.connection().execute(
        select(Daily.day, Daily.hours, func.sum(Daily.count))
        .where(
            Daily.workspace_id == on.ways.workspace_id,
            Daily.day.between(first.isoformat(), last.isoformat()),
            Daily.spam == 0,
            *on.narrowed(Daily.account_id),
        )
        .group_by(Daily.day, Daily.hours)
    )
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, hours, count in rows:
        found[date.fromisoformat(day)][hours] = int(count)
    return found


def _judged(on: Ground, first: date, last: date, days: Days) -> OutOfHours:
    counts: Counter[str] = Counter()
    for day, found in days.items():
        if first <= day <= last:
            counts.update(found)
    begins, ends = on.instants(first, last)
    return judged(on.ways.calendar, begins, max(begins, min(ends, on.now)), counts)


def _bucket(on: Ground, bucket: Bucket, days: Days) -> HoursBucket:
    found = _judged(on, bucket.first, bucket.last, days)
    return HoursBucket(bucket, found.n, found.share, found.rate_ratio)


def open_share(on: Ground, hours: Sequence[datetime]) -> tuple[tuple[float | None, ...], ...]:
    """How much of each local hour of the week lay inside opening windows, over the hours that were collected.

    None throughout without a calendar: nothing is known to be closed.
    """
    occurred: Counter[tuple[int, int]] = Counter()
    opened: dict[tuple[int, int], timedelta] = defaultdict(timedelta)
    windows = _Windows(on.ways.calendar, hours)
    for hour in hours if on.ways.calendar.versions else ():
        local = hour.astimezone(on.ways.zone)
        place = (local.weekday(), local.hour)
        occurred[place] += 1
        opened[place] += windows.within(hour)
    return tuple(
        tuple(
            opened[(day, hour)] / (occurred[(day, hour)] * HOUR) if occurred[(day, hour)] else None
            for hour in range(24)
        )
        for day in range(7)
    )


class _Windows:
    """Opening windows of the period, walked once beside its hours."""

    def __init__(self, calendar: Calendar, hours: Sequence[datetime]) -> None:
        self._left = list(calendar.open_windows(hours[0], hours[-1] + HOUR))[::-1] if hours else []

    def within(self, hour: datetime) -> timedelta:
        """How much of this hour is inside a window. Hours must come in order."""
        found, ends = timedelta(), hour + HOUR
        while self._left and self._left[-1][1] <= hour:
            self._left.pop()
        for opens, closes in reversed(self._left):
            if opens >= ends:
                break
            found += min(closes, ends) - max(opens, hour)
        return found
