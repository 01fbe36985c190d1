"""Who waits, and how long people waited: figures over turns, to METRICS.md.

A turn that was closed as needing no reply, spam or duplicate (an outcome that is left out) counts nowhere. One that was
closed otherwise without a human reply stays unanswered, and waits until now, never only until its closing. Listening
messages make no turns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from data.practice import Practice
from data.queries.lengths import length_between
from models.base import MICROSECOND, UtcDateTime
from models.comparing import share_of
from models.conversation import Position, Turn
from models.quantiles import Quantile, product_limits
from models.snapshots import FirstResponse, GradeCount, GradeShare, MostOverdue, Wait, WithinTarget
from models.workspace import Account

PERIOD = timedelta(hours=24)
"""METRICS.md, wallboard periods: first response and within target."""
FEWEST = 20
"""Below so many turns their range, or their points, stand in place of percentiles (METRICS.md, Statistics)."""

_OPEN = and_(Turn.replied.is_(None), Turn.ended.is_(None))
_HOME = Turn.workspace_id == bindparam("home")
_NOW = bindparam("now", type_=UtcDateTime())
_COUNTED = or_(Turn.outcome_id.is_(None), Turn.outcome_id.not_in(bindparam("left_out", expanding=True)))
_BEGINS = bindparam("begins", type_=UtcDateTime())
_WITHIN = and_(_HOME, Turn.started >= _BEGINS, Turn.started < bindparam("ends"), _COUNTED)

_WAITING = (
    select(Turn.grade_id, func.count(), func.min(Turn.started), func.min(Turn.due))
    .where(_HOME, _OPEN)
    .group_by(Turn.grade_id)
)
_OVERDUE = (
    select(
        Turn.conversation_id, Turn.started, Turn.due, Turn.target_seconds, Turn.clock, Account.channel, Account.handle
    )
    .join(Account, Account.id == Turn.account_id)
    .where(_HOME, _OPEN, Turn.grade_id == bindparam("grade"), Turn.due == bindparam("due"))
    .order_by(Turn.started, Turn.id)
    .limit(1)
)
FIRST_TURNS = select(
    length_between(_BEGINS, Turn.started).label("offset"),
    length_between(Turn.started, func.coalesce(Turn.replied, _NOW)).label("length"),
    Turn.replied.is_not(None).label("answered"),
    Turn.elsewhere,
    _OPEN.label("open"),
).where(_WITHIN, Turn.position == Position.FIRST)
"""First turns that started in [``begins``, ``ends``): offset from ``begins`` and public wait, in microseconds."""
_SERVICE = (
    select(
        Turn.grade_id,
        func.count().filter(Turn.replied.is_not(None)),
        func.count().filter(Turn.replied <= Turn.due),
        func.count().filter(Turn.replied.is_(None), Turn.due < _NOW),
    )
    .where(_WITHIN)
    .group_by(Turn.grade_id)
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The unanswered turns at one instant: the one most over its due time or nearest to it, and all of them by grade."""

    most_overdue: MostOverdue | None
    waiting: tuple[GradeCount, ...]


def unanswered(db: Session, ways: Practice) -> Unanswered:
    """Every turn nobody answered and nobody closed; each grade has its line, also where nobody waits."""
    found = {row[0]: row for row in db.connection().execute(_WAITING, {"home": ways.workspace_id})}
    waiting = []
    for mark in ways.grades:
        row = found.get(ways.grade_ids[mark.rank])
        waiting.append(GradeCount(mark, row[1] if row else 0, row[2] if row else None))
    if not found:
        return Unanswered(None, tuple(waiting))
    ranks = {grade_id: rank for rank, grade_id in ways.grade_ids.items()}
    due, rank = min((row[3], ranks[row[0]]) for row in found.values())
    values = {"home": ways.workspace_id, "grade": ways.grade_ids[rank], "due": due}
    most = db.connection().execute(_OVERDUE, values).one()
    overdue = MostOverdue(
        conversation_id=most.conversation_id,
        grade=ways.grade(rank),
        channel=most.channel,
        account=most.handle,
        started=most.started,
        due=most.due,
        target=timedelta(seconds=most.target_seconds),
        clock=most.clock,
    )
    return Unanswered(overdue, tuple(waiting))


def first_response(db: Session, ways: Practice, now: datetime) -> FirstResponse:
    """Public wait of the first turns that started within ``PERIOD`` before ``now``, both ends counted."""
    rows = db.connection().execute(FIRST_TURNS, _values(ways, now)).all()
    answered = [length for _, length, replied, _, _ in rows if replied]
    waiting = [length for _, length, replied, _, _ in rows if not replied]
    return summary(answered, waiting, sum(1 for _, _, _, elsewhere, _ in rows if elsewhere))


def summary(answered: Sequence[int], waiting: Sequence[int], elsewhere: int) -> FirstResponse:
    """Waits in microseconds as a tile shows them; ``waiting`` are the waits so far of the unanswered.

    Below ``FEWEST`` the range stands in place of percentiles: from the shortest answered wait to the longest of all,
    the waits so far too, so that leaving somebody unanswered never narrows it.
    """
    n = len(answered) + len(waiting)
    median, p90 = percentiles(answered, waiting)
    few = n < FEWEST
    return FirstResponse(
        n=n,
        unanswered=len(waiting),
        elsewhere=elsewhere,
        median=median,
        p90=p90,
        shortest=_length(min(answered)) if few and answered else None,
        longest=_length(max((*answered, *waiting))) if few and n else None,
    )


def percentiles(answered: Sequence[int], waiting: Sequence[int]) -> tuple[Wait | None, Wait | None]:
    """Median and p90 by the product-limit estimator, None below ``FEWEST``."""
    if len(answered) + len(waiting) < FEWEST:
        return None, None
    median, p90 = product_limits(answered, waiting, (0.5, 0.9))
    return _wait(median), _wait(p90)


def within_target(db: Session, ways: Practice, now: datetime) -> WithinTarget:
    """Service level of the turns that started within ``PERIOD`` before ``now``, on each target's own clock.

    Answered within target is ``replied <= due``; a turn that is neither answered nor past its due time does not count
    yet. ``unanswered`` are those of ``n`` that nobody answered.
    """
    kept = {row[0]: tuple(row[1:]) for row in db.connection().execute(_SERVICE, _values(ways, now))}
    by_grade = [(mark, kept.get(ways.grade_ids[mark.rank], (0, 0, 0))) for mark in ways.grades]
    answered, good, missed = (sum(column) for column in zip(*(counts for _, counts in by_grade), strict=True))
    return WithinTarget(
        n=answered + missed,
        unanswered=missed,
        share=share_of(good, answered + missed),
        grades=tuple(
            GradeShare(mark, share_of(one_good, one_answered + one_missed), one_answered + one_missed)
            for mark, (one_answered, one_good, one_missed) in by_grade
        ),
        aim=ways.aim,
    )


def turn_values(ways: Practice, begins: datetime, ends: datetime, now: datetime) -> dict[str, Any]:
    """What the statements over the turns that started in [begins, ends) are asked with."""
    return {"home": ways.workspace_id, "begins": begins, "ends": ends, "now": now, "left_out": sorted(ways.left_out)}


def lengths(waits: Iterable[int]) -> tuple[timedelta, ...]:
    """Microseconds as lengths of time, shortest first."""
    return tuple(_length(wait) for wait in sorted(waits))


def _values(ways: Practice, now: datetime) -> dict[str, Any]:
    return turn_values(ways, now - PERIOD, now + MICROSECOND, now)


def _length(microseconds: float) -> timedelta:
    return timedelta(microseconds=microseconds)


def _wait(found: Quantile | None) -> Wait | None:
    return Wait(_length(found.value), found.reached) if found is not None else None
