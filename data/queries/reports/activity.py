"""Inbound activity and volume of a period, from the daily and hourly roll-ups: the cost grows with days, not messages."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.queries.reports.ground import Ground, ground, places_of
from data.queries.surge import said_alike, surge_now
from data.queries.volumes import past_counts
from data.rollups import hour_of
from models.base import MICROSECOND
from models.permissions import Scope
from models.reporting import ReportFilters
from models.rollups import Daily, HourlyTotal
from models.snapshots import ActivityReport, Bucket, Part, UsualHour
from models.usual import usual
from models.workspace import Topic

HOUR = timedelta(hours=1)
NO_TOPIC = ""
"""The key of the line for messages without a topic."""

Cells = list[tuple[date, int, str, int, int, int]]
"""Day, account, kind, grade, topic, count: without spam."""


def activity_report(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> ActivityReport:
    """What came in, when, on what and about what. Raises ``NotPermitted`` and ``NotFound``."""
    with database.read() as db:
        on = ground(db, scope, filters, now)
        surge = surge_now(db, on.ways, on.began, now) if on.is_open else None
        cells, spam = _cells(db, on, filters.first, filters.last)
        first, last = filters.before
        earlier = _cells(db, on, first, last)[0] if on.collected(first, last) else None
        named = {one.id: one for one in on.head.accounts}
        channels = {one.id: one.channel for one in on.head.accounts}
        buckets = on.buckets()
        shown = tuple(dict.fromkeys(channels[account] for _, account, *_ in cells))
        topics = {row.id: row.word for row in db.scalars(select(Topic).where(Topic.workspace_id == scope.workspace_id))}
        grades = {on.ways.grade_ids[mark.rank]: mark.key for mark in on.ways.grades}
        return ActivityReport(
            head=on.head,
            buckets=buckets,
            channels=tuple(sorted(shown)),
            counts=_counts(cells, buckets, channels, sorted(shown)),
            total=sum(cell[-1] for cell in cells),
            before=None if earlier is None else sum(cell[-1] for cell in earlier),
            spam=spam,
            by_channel=_split(cells, earlier, 1, channels),
            by_account=_split(cells, earlier, 1, {key: str(one.id) for key, one in named.items()}),
            by_kind=_split(cells, earlier, 2, {}),
            by_grade=_split(cells, earlier, 3, grades),
            by_topic=_split(cells, earlier, 4, topics | {0: NO_TOPIC}),
            week=week_of(on, hour_counts(db, on)),
            hours=hours_of(db, on),
            surge=surge,
            alike=said_alike(db, scope, surge, now) if surge is not None else (),
        )


def _cells(db: Session, on: Ground, first: date, last: date) -> tuple[Cells, int]:
    """The daily roll-up of these days without spam, and how many spam messages there were beside it."""
    rows = db.connection().execute(
        select(
            Daily.day, Daily.account_id, Daily.kind, Daily.grade_id, Daily.topic_id, Daily.spam, func.sum(Daily.count)
        )
        .where(
            Daily.workspace_id == on.ways.workspace_id,
            Daily.day.between(first.isoformat(), last.isoformat()),
            *on.narrowed(Daily.account_id),
        )
        .group_by(Daily.day, Daily.account_id, Daily.kind, Daily.grade_id, Daily.topic_id, Daily.spam)
    )
    cells: Cells = []
    spam = 0
    for day, account, kind, grade, topic, is_spam, count in rows:
        if is_spam:
            spam += int(count)
        else:
            cells.append((date.fromisoformat(day), account, kind, grade, topic, int(count)))
    return cells, spam


def _counts(
    cells: Cells, buckets: Sequence[Bucket], channels: Mapping[int, str], shown: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    place = places_of(buckets)
    found: Counter[tuple[int, str]] = Counter()
    for day, account, *_, count in cells:
        found[(place[day], channels[account])] += count
    return tuple(tuple(found[(index, channel)] for channel in shown) for index in range(len(buckets)))


def _split(cells: Cells, earlier: Cells | None, by: int, names: Mapping[int, str]) -> tuple[Part, ...]:
    """Sums by one field of the cells, the largest first; what was there before and is no more has a line too."""
    now, then = _summed(cells, by, names), _summed(earlier or [], by, names)
    keys = sorted(now.keys() | then.keys(), key=lambda key: (-now[key], -then[key], key))
    return tuple(Part(key, now[key], None if earlier is None else then[key]) for key in keys)


def _summed(cells: Cells, by: int, names: Mapping[int, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell in cells:
        key = cell[by]
        found[names.get(key, str(key)) if isinstance(key, int) else str(key)] += cell[-1]
    return found


def hours_of(db: Session, on: Ground) -> tuple[UsualHour, ...]:
    """The whole hours of the period's last local day, each beside what is usual for it (METRICS.md, Usual)."""
    begins, ends = on.instants(on.filters.last, on.filters.last)
    hours = [begins + number * HOUR for number in range((ends - begins) // HOUR)]
    past = past_counts(db, on.ways, hours, on.began, on.chosen)
    counts = hour_counts(db, on, on.filters.last)
    gone = {hour for hour in hours if on.began is not None and on.began <= hour and hour + HOUR <= on.now}
    return tuple(
        UsualHour(hour, counts.get(hour, 0) if hour in gone else None, usual(past[hour]) if past[hour] else None)
        for hour in hours
    )


def hour_counts(db: Session, on: Ground, first: date | None = None) -> dict[datetime, int]:
    """Messages by UTC hour of the period, or from the local day ``first`` of it on; spam left out."""
    begins, ends = on.instants(first or on.filters.first, on.filters.last)
    rows = db.connection().execute(
        select(HourlyTotal.hour, func.sum(HourlyTotal.count))
        .where(
            HourlyTotal.workspace_id == on.ways.workspace_id,
            HourlyTotal.hour >= begins,
            HourlyTotal.hour < ends,
            *on.narrowed(HourlyTotal.account_id),
        )
        .group_by(HourlyTotal.hour)
    )
    return {hour: int(count) for hour, count in rows}


def week_of(on: Ground, counts: Mapping[datetime, int]) -> tuple[tuple[float | None, ...], ...]:
    """Messages an hour by local weekday and hour of the day: an hour that was not collected, or has not come, is not one.

    The hours that a clock change doubles count twice, those it leaves out not at all.
    """
    totals: Counter[tuple[int, int]] = Counter()
    occurred: Counter[tuple[int, int]] = Counter()
    for hour in collected_hours(on):
        local = hour.astimezone(on.ways.zone)
        occurred[(local.weekday(), local.hour)] += 1
        totals[(local.weekday(), local.hour)] += counts.get(hour, 0)
    return tuple(
        tuple(totals[(day, hour)] / occurred[(day, hour)] if occurred[(day, hour)] else None for hour in range(24))
        for day in range(7)
    )


def collected_hours(on: Ground) -> Iterator[datetime]:
    """The whole UTC hours of the period that have gone by since collecting began."""
    begins, ends = on.instants(on.filters.first, on.filters.last)
    if on.began is None:
        return
    hour = hour_of(max(begins, on.began) + HOUR - MICROSECOND)
    while hour + HOUR <= min(ends, on.now):
        yield hour
        hour += HOUR
