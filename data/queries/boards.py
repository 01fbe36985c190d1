"""The boards beside the main one: out-of-hours share and first response, by local day over four weeks."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from data.database import Database
from data.practice import Practice
from data.queries.heading import calendar_version, heading
from data.queries.volumes import judged, out_of_hours
from data.queries.waits import FEWEST, FIRST_TURNS, first_response, lengths, percentiles, turn_values
from data.rollups import day_bounds
from models.base import MICROSECOND
from models.rollups import Daily
from models.snapshots import DayHours, DayResponse, HoursBoard, ResponseBoard

DAYS = 28

_BY_DAY = (
    select(Daily.day, Daily.hours, func.sum(Daily.count))
    .where(Daily.workspace_id == bindparam("home"), Daily.day.between(bindparam("first"), bindparam("last")))
    .where(Daily.spam == 0)
    .group_by(Daily.day, Daily.hours)
)


def hours_board(database: Database, workspace_id: int, now: datetime) -> HoursBoard:
    """The last 28 local days, today open; ``total`` is the wallboard's figure of the last 7 days. Raises ``NotFound``."""
    with database.read() as db:
        head = heading(db, workspace_id, now)
        ways = head.ways
        days = list(_days(ways, now))
        values = {"home": workspace_id, "first": days[0], "last": days[-1]}
        counts: dict[str, dict[str, int]] = {day: {} for day in days}
        for day, hours, count in db.connection().execute(_BY_DAY, values):
            counts[day][hours] = int(count)
        return HoursBoard(
            workspace=ways.mark,
            as_at=now,
            revision=head.revision,
            calendar_version=calendar_version(ways, now),
            demonstration=head.demonstration,
            days=tuple(_day_hours(ways, day, now, counts[day]) for day in days),
            total=out_of_hours(db, ways, now),
        )


def _days(ways: Practice, now: datetime) -> Iterator[str]:
    """ISO dates in the workspace's zone, today last."""
    today = now.astimezone(ways.zone).date()
    return ((today - timedelta(days=number)).isoformat() for number in range(DAYS - 1, -1, -1))


def _day_hours(ways: Practice, day: str, now: datetime, counts: dict[str, int]) -> DayHours:
    begins, ends = day_bounds(day, ways.zone)
    found = judged(ways.calendar, begins, min(ends, now), counts)
    return DayHours(date.fromisoformat(day), found.n, found.share, found.rate_ratio, ends > now)


def response_board(database: Database, workspace_id: int, now: datetime) -> ResponseBoard:
    """First response of the last 28 local days by the day on which the turn started, exactly from the turns' rows.

    A day is open until it is over and none of its turns can be answered any more. ``points`` are the waits of a day
    with fewer than 20 turns, with those so far of the unanswered. ``total`` is the wallboard's figure of the last 24
    hours. Raises ``NotFound``.
    """
    with database.read() as db:
        head = heading(db, workspace_id, now)
        ways = head.ways
        days = list(_days(ways, now))
        begins = day_bounds(days[0], ways.zone)[0]
        rows = db.connection().execute(FIRST_TURNS, turn_values(ways, begins, now + MICROSECOND, now)).all()
        cohorts: dict[str, list[Any]] = {day: [] for day in days}
        edges = [(day_bounds(day, ways.zone)[0] - begins) // MICROSECOND for day in days]
        for row in rows:
            cohorts[days[bisect_right(edges, row[0]) - 1]].append(row)
        return ResponseBoard(
            workspace=ways.mark,
            as_at=now,
            revision=head.revision,
            calendar_version=calendar_version(ways, now),
            demonstration=head.demonstration,
            days=tuple(_day_response(day, rows, day == days[-1]) for day, rows in cohorts.items()),
            total=first_response(db, ways, now),
        )


def _day_response(day: str, rows: Sequence[Any], filling: bool) -> DayResponse:
    answered = [length for _, length, replied, _, _ in rows if replied]
    waiting = [length for _, length, replied, _, _ in rows if not replied]
    median, p90 = percentiles(answered, waiting)
    return DayResponse(
        day=date.fromisoformat(day),
        n=len(rows),
        unanswered=len(waiting),
        median=median,
        p90=p90,
        points=lengths((*answered, *waiting)) if len(rows) < FEWEST else (),
        open=filling or any(still_open for _, _, _, _, still_open in rows),
    )
