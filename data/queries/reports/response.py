"""First and next response of a period, from the turns that started in it, counting those that nobody answered."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import Practice
from data.queries.lengths import length_between
from data.queries.reports.ground import Ground, ground
from data.queries.waits import FEWEST, turn_values
from models.base import MICROSECOND, UtcDateTime
from models.conversation import Message, Position, Turn
from models.parts import Milestones, WaitPart, parts_of
from models.permissions import Scope
from models.posts import Direction
from models.quantiles import Quantile, product_limits
from models.reporting import ReportFilters
from models.snapshots import (
    GradeMark,
    PartShare,
    ResponseBucket,
    ResponseGroup,
    ResponseReport,
    ServiceLevel,
    Wait,
    Waits,
)

QS = (0.5, 0.9, 0.95)


class Row(NamedTuple):
    """One turn: lengths in microseconds, from the period's beginning, and of both waits until answered or now."""

    offset: int
    grade_id: int
    position: str
    answered: bool
    public: int
    staffed: int
    elsewhere: bool
    open: bool
    in_time: bool
    over: bool
    out_of_hours: bool


def response_report(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> ResponseReport:
    """How long people waited, by grade and clock. Raises ``NotPermitted`` and ``NotFound``."""
    with database.read() as db:
        on = ground(db, scope, filters, now)
        begins, ends = on.instants(filters.first, filters.last)
        rows = _turns(db, on, begins, ends)
        first, last = filters.before
        earlier = _turns(db, on, *on.instants(first, last)) if on.collected(first, last) else None
        answered = sum(row.answered for row in rows)
        return ResponseReport(
            head=on.head,
            groups=tuple(_groups(on.ways, rows)),
            before=None if earlier is None else _group(None, Position.FIRST, _of(earlier, Position.FIRST)),
            by_bucket=tuple(_by_bucket(on, _of(rows, Position.FIRST), begins)),
            elsewhere=sum(row.answered and row.elsewhere for row in rows) / answered if answered else None,
            answered=answered,
            out_of_hours=sum(row.out_of_hours for row in rows),
            parts=_parts(db, on, begins, ends),
        )


def answers(db: Session, on: Ground) -> tuple[ResponseGroup, int, int]:
    """First responses of the period in all grades, and how many turns were answered and were not."""
    rows = _turns(db, on, *on.instants(on.filters.first, on.filters.last))
    answered = sum(row.answered for row in rows)
    return _group(None, Position.FIRST, _of(rows, Position.FIRST)), answered, len(rows) - answered


def _turns(db: Session, on: Ground, begins: datetime, ends: datetime) -> list[Row]:
    """The turns that started in [``begins``, ``ends``) and count: none that was closed as needing no reply."""
    now, origin = literal(on.now, UtcDateTime()), literal(begins, UtcDateTime())
    columns = (
        length_between(origin, Turn.started),
        Turn.grade_id,
        Turn.position,
        Turn.replied.is_not(None),
        length_between(Turn.started, func.coalesce(Turn.replied, now)),
        Turn.staffed,
        Turn.elsewhere,
        Turn.replied.is_(None) & Turn.ended.is_(None),
        func.coalesce(Turn.replied <= Turn.due, False),
        Turn.replied.is_(None) & (Turn.due < now),
        Turn.started,
        Turn.replied,
    )
    found = db.connection().execute(select(*columns).where(*_counted(on, begins, ends)))
    return [_row(on, *row) for row in found]


def _counted(on: Ground, begins: datetime, ends: datetime) -> list[Any]:
    left_out = turn_values(on.ways, begins, ends, on.now)["left_out"]
    return [
        Turn.workspace_id == on.ways.workspace_id,
        Turn.started >= begins,
        Turn.started < min(ends, on.now + MICROSECOND),
        or_(Turn.outcome_id.is_(None), Turn.outcome_id.not_in(left_out)),
        *on.narrowed(Turn.account_id),
    ]


def _row(on: Ground, *values: Any) -> Row:
    """A turn's row; what nobody answered has waited until now on the staffed clock too."""
    *before, staffed, elsewhere, still_open, in_time, over, started, replied = values
    if replied is None:
        staffed = on.ways.calendar.open_between(started, max(started, on.now)) // MICROSECOND
    outside = replied is not None and not staffed and not on.ways.calendar.is_open(replied)
    offset, grade_id, position, answered, public = before
    waits = (bool(answered), public, staffed or 0)
    return Row(
        offset, grade_id, position, *waits, bool(elsewhere), bool(still_open), bool(in_time), bool(over), outside
    )


def _of(rows: Iterable[Row], position: Position) -> list[Row]:
    return [row for row in rows if row.position == position]


def _groups(ways: Practice, rows: Sequence[Row]) -> Iterable[ResponseGroup]:
    """First then next responses: all of them, then each grade."""
    for position in (Position.FIRST, Position.NEXT):
        these = _of(rows, position)
        yield _group(None, position, these)
        by_grade = defaultdict(list)
        for row in these:
            by_grade[row.grade_id].append(row)
        for mark in ways.grades:
            yield _group(mark, position, by_grade[ways.grade_ids[mark.rank]])


def _group(grade: GradeMark | None, position: Position, rows: Sequence[Row]) -> ResponseGroup:
    judged = sum(row.answered or row.over for row in rows)
    good = sum(row.in_time for row in rows)
    return ResponseGroup(
        grade=grade,
        position=position,
        public=_waits([(row.public, row.answered) for row in rows]),
        staffed=_waits([(row.staffed, row.answered) for row in rows]),
        service=ServiceLevel(good / judged if judged else None, judged),
    )


def _waits(lengths: Sequence[tuple[int, bool]]) -> Waits:
    """A group's figures. Below ``FEWEST`` the range stands: the longest counts waits that are not over."""
    answered = [length for length, replied in lengths if replied]
    waiting = [length for length, replied in lengths if not replied]
    few = len(lengths) < FEWEST
    median, p90, p95 = (None, None, None) if few else map(_wait, product_limits(answered, waiting, QS))
    longest = max(lengths, default=None)
    return Waits(
        n=len(lengths),
        unanswered=len(waiting),
        median=median,
        p90=p90,
        p95=p95,
        shortest=Wait(timedelta(microseconds=min(answered)), reached=True) if few and answered else None,
        longest=Wait(timedelta(microseconds=longest[0]), longest[1]) if few and longest else None,
    )


def _wait(found: Quantile | None) -> Wait | None:
    return Wait(timedelta(microseconds=found.value), found.reached) if found is not None else None


def _by_bucket(on: Ground, rows: Sequence[Row], begins: datetime) -> Iterable[ResponseBucket]:
    """A bucket is open, too, while somebody of it still waits: an answer would change its figures."""
    buckets = on.buckets()
    edges = [(on.instants(one.first, one.first)[0] - begins) // MICROSECOND for one in buckets]
    cohorts: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        cohorts[bisect_right(edges, row.offset) - 1].append(row)
    for index, bucket in enumerate(buckets):
        these = cohorts[index]
        waits = _waits([(row.public, row.answered) for row in these])
        yield ResponseBucket(bucket, waits, waits_open=bucket.open or any(row.open for row in these))


def _parts(db: Session, on: Ground, begins: datetime, ends: datetime) -> tuple[PartShare, ...]:
    """Which share of all the time waited went where, over the turns that were answered here or elsewhere."""
    oldest = (
        select(
            Message.turn_id.label("turn_id"),
            func.min(Message.stored).label("stored"),
            func.min(Message.seen).label("seen"),
        )
        .join(Turn, Turn.id == Message.turn_id)
        .where(Message.direction == Direction.IN, *_counted(on, begins, ends), Turn.replied.is_not(None))
        .group_by(Message.turn_id)
        .subquery()
    )
    steps = (Turn.started, Turn.replied, oldest.c.stored, oldest.c.seen)
    later = (Turn.assessed, Turn.claimed, Turn.queued, Turn.approved)
    rows = db.connection().execute(select(*steps, *later).join(oldest, oldest.c.turn_id == Turn.id))
    sums = dict.fromkeys(WaitPart, timedelta())
    for row in rows:
        for part, length in parts_of(Milestones(*row)).items():
            sums[part] += length
    whole = sum(sums.values(), timedelta())
    return tuple(PartShare(str(part), length, length / whole if whole else None) for part, length in sums.items())
