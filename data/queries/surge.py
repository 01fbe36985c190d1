"""The surge that goes on in a workspace: what comes against what this hour brings, and whether the desk keeps up."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data.practice import Practice
from data.queries.lengths import length_between
from data.queries.volumes import past_counts
from data.queries.waits import FEWEST, unanswered
from data.rollups import hour_of
from data.takers import claimants
from models.conversation import Message, Turn
from models.people import SignedIn
from models.permissions import Permission, Scope
from models.posts import Direction, Kind
from models.resemblance import alike
from models.snapshots import GradeCount, Surge, SurgeGroup
from models.surges import FEWEST as FEWEST_MESSAGES
from models.surges import HOUR, LOOK_BACK, MINUTE, Desk, Expected, breach, burst, expected

AT_WORK = timedelta(minutes=15)
"""How long after the last thing that somebody did they count as being on the desk."""
ANSWERS = timedelta(days=28)
"""How far back it is read how long an answer takes."""
MOST_ANSWERS = 500
MOST_COMPARED = 2_000
"""Messages of a surge that are compared with one another: the newest."""
MOST_GROUPS = 10


def surge_now(db: Session, ways: Practice, began: datetime | None, now: datetime) -> Surge | None:
    """The surge that goes on, None without one."""
    return surge(db, ways, began, None, now)


def surge(
    db: Session, ways: Practice, began: datetime | None, waiting: Sequence[GradeCount] | None, now: datetime
) -> Surge | None:
    """The same, where it is known already who is ``waiting``. ``began`` is the hour of the first message ever stored."""
    rows = db.connection().execute(
        select(Message.sent, Message.turn_id, Message.kind, Message.grade_id)
        .where(*_inbound(ways.workspace_id, now - LOOK_BACK, now))
        .order_by(Message.sent)
    )
    arrived = [_Arrived(*row) for row in rows]
    if len(arrived) < FEWEST_MESSAGES:
        return None
    found = burst([one.sent for one in arrived], now, _Hours(db, ways, began, now))
    if found is None:
        return None
    people, handling = _people(db, ways.workspace_id, now), handling_time(db, ways.workspace_id, now)
    ends = None
    if handling is not None:
        queue = sum(one.count for one in (waiting if waiting is not None else unanswered(db, ways).waiting))
        recent = [one for one in arrived if one.sent > now - found.window and one.kind != Kind.LISTENING]
        desk = Desk(queue, people, handling, _target(ways, recent))
        ends = breach(desk, len({one.turn_id for one in recent}) * (HOUR / found.window), now)
    return Surge(found.since, found.count, found.window, found.expected, people, handling is not None, ends)


class _Arrived(NamedTuple):
    sent: datetime
    turn_id: int | None
    kind: str
    grade_id: int | None


def _target(ways: Practice, recent: Sequence[_Arrived]) -> timedelta:
    """The promised time of the grade that most of it has."""
    grades = Counter(one.grade_id for one in recent if one.grade_id is not None and one.grade_id in ways.ranks)
    most = grades.most_common(1)
    return ways.target(ways.ranks[most[0][0]] if most else ways.lowest, "").amount


class _Hours:
    """What the hour of an instant brings, by the same hour and those beside it in past weeks."""

    def __init__(self, db: Session, ways: Practice, began: datetime | None, now: datetime) -> None:
        present = hour_of(now)
        last = int(LOOK_BACK / HOUR) + 2
        hours = [present + number * HOUR for number in range(-last, 2)]
        self._past = past_counts(db, ways, hours, began)
        self._kept: dict[datetime, Expected | None] = {}

    def __call__(self, at: datetime) -> Expected | None:
        hour = hour_of(at)
        if hour not in self._kept:
            counts = [count for beside in (-1, 0, 1) for count in self._past[hour + beside * HOUR]]
            self._kept[hour] = expected(counts) if self._past[hour] else None
        return self._kept[hour]


def _inbound(home: int, after: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.workspace_id == home,
        Message.sent > after,
        Message.sent <= until,
        Message.direction == Direction.IN,
        Message.spam.is_(False),
    )


def _people(db: Session, home: int, now: datetime) -> int:
    """Who may claim here and did something in the last quarter of an hour."""
    at_work = select(SignedIn.user_id).where(SignedIn.ended.is_(None), SignedIn.last_active > now - AT_WORK)
    return len(set(db.scalars(at_work)) & claimants(db, home).keys())


def handling_time(db: Session, home: int, now: datetime) -> timedelta | None:
    """The median time from claim to reply of the latest answers; None where too few are known."""
    rows = db.scalars(
        select(length_between(Turn.claimed, Turn.replied))
        .where(
            Turn.workspace_id == home,
            Turn.started > now - ANSWERS,
            Turn.replied > Turn.claimed,
            Turn.elsewhere.is_(False),
        )
        .order_by(Turn.started.desc())
        .limit(MOST_ANSWERS)
    )
    lengths = [int(row) for row in rows]
    return max(timedelta(microseconds=median(lengths)), MINUTE) if len(lengths) >= FEWEST else None


def said_alike(db: Session, scope: Scope, found: Surge, now: datetime) -> tuple[SurgeGroup, ...]:
    """The messages of a surge that say much the same, the largest group first. Words only for those who may read messages."""
    rows = (
        db.connection()
        .execute(
            select(Message.text, Message.conversation_id)
            .where(*_inbound(scope.workspace_id, found.since - MINUTE, now))
            .order_by(Message.sent.desc(), Message.id.desc())
            .limit(MOST_COMPARED)
        )
        .all()[::-1]
    )
    groups = alike([row[0] for row in rows])[:MOST_GROUPS]
    may_read = scope.may(Permission.READ)
    return tuple(
        SurgeGroup(len(one), rows[one[0]][0] if may_read else "", rows[one[0]][1] if may_read else None)
        for one in groups
    )
