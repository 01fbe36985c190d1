"""How a workspace works: its grades, targets, calendar and rules, read once and kept until one of them changes.

A rule, a version of the calendar or a zone that cannot be read is left out and named in ``faults`` and in the log: one bad
row must not stop intake for everybody.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from models.calendars import Calendar, CalendarVersion, NeverOpens
from models.claims import half, idle_time
from models.people import User
from models.problems import NotFound
from models.rules import Actions, Conditions, RuleFacts, RuleSet
from models.snapshots import GradeMark, WorkspaceMark
from models.waits import Clock, Target, due
from models.words import BadRule
from models.workspace import DEFAULT_ZONE, CalendarRow, Grade, Outcome, Rule, TargetTime, Team, Topic, Workspace

STAMPED: tuple[Any, ...] = (Workspace, Grade, TargetTime, CalendarRow, Rule, Topic, Team, Outcome)
DEFAULT_TARGET = Target(4 * 3600, Clock.STAFFED)

Stamp = tuple[tuple[int, int], ...]

log = structlog.get_logger()


@dataclass(frozen=True)
class Practice:
    """A workspace's configuration at one moment. ``grades`` are in order of rank; shared by threads, never changed.

    ``snooze_from`` is the most urgent rank that may be snoozed; ``holds`` says by rank for how long an assessment holds.
    """

    workspace_id: int
    mark: WorkspaceMark
    zone: ZoneInfo
    gap: timedelta
    aim: float
    grades: tuple[GradeMark, ...]
    grade_ids: Mapping[int, int]
    targets: Mapping[tuple[int, str], Target]
    idle: Mapping[int, Target]
    calendar: Calendar
    rules: RuleSet
    topics: Mapping[str, int]
    teams: Mapping[str, int]
    users: Mapping[str, int]
    left_out: frozenset[int]
    snooze_from: int
    holds: Mapping[int, timedelta]
    faults: tuple[str, ...] = ()

    @cached_property
    def ranks(self) -> Mapping[int, int]:
        """The rank of each grade by its key in the database."""
        return {grade_id: rank for rank, grade_id in self.grade_ids.items()}

    @cached_property
    def asks_for_newcomers(self) -> bool:
        """Whether any rule wants to know if a contact is new."""
        return any(rule.conditions.contact != "any" for rule in self.rules.rules)

    @property
    def lowest(self) -> int:
        """The rank of the least urgent grade: what a message has that no rule graded."""
        return self.grades[-1].rank

    def grade(self, rank: int) -> GradeMark:
        """The grade of a rank."""
        return next(mark for mark in self.grades if mark.rank == rank)

    def rank_of(self, word: str | None) -> int | None:
        """The rank of a grade named by its key or its word, None where there is no such grade."""
        return next((mark.rank for mark in self.grades if word in (mark.key, mark.word)), None)

    def target(self, rank: int, channel: str) -> Target:
        """The promised time: the channel's own, else the grade's."""
        grade_id = self.grade_ids[rank]
        return self.targets.get((grade_id, channel)) or self.targets.get((grade_id, "")) or DEFAULT_TARGET

    def due(self, started: datetime, rank: int, channel: str, paused: int = 0) -> datetime:
        """When a turn of this grade is due (METRICS.md, Due); a calendar that never opens promises on the public clock.

        ``paused`` are the staffed seconds for which it was with a partner: they are added to what was promised.
        """
        promised = self.target(rank, channel)
        return self.after(started, Target(promised.seconds + paused, promised.clock))

    def lapses(self, acted: datetime, rank: int) -> datetime:
        """When a claim of this grade lapses whose holder acted last at ``acted``."""
        return self.after(acted, self.idle[rank])

    def idle_from(self, acted: datetime, rank: int) -> datetime:
        """From when on anybody may take such a claim over."""
        return self.after(acted, half(self.idle[rank]))

    def after(self, started: datetime, target: Target) -> datetime:
        """When this time is used up on its clock; a calendar that never opens counts as the public clock."""
        try:
            return due(self.calendar, started, target)
        except NeverOpens:
            return started + target.amount


_kept: WeakKeyDictionary[Engine, dict[int, tuple[Stamp, Practice]]] = WeakKeyDictionary()
_guard = threading.Lock()


def practice(db: Session, workspace_id: int) -> Practice:
    """The workspace's practice as this transaction sees it. Raises ``NotFound`` where there is no such workspace."""
    stamp = _stamp(db, workspace_id)
    with _guard:
        kept = _kept.setdefault(db.get_bind().engine, {})
    found = kept.get(workspace_id)
    if found is None or found[0] != stamp:
        found = kept[workspace_id] = (stamp, _read(db, workspace_id))
    return found[1]


_STAMP = union_all(
    *(
        select(func.coalesce(func.max(entity.audit_id), 0), func.count()).where(
            (entity.id if entity is Workspace else entity.workspace_id) == bindparam("workspace_id")
        )
        for entity in STAMPED
    ),
    select(func.coalesce(func.max(User.audit_id), 0), func.count()).select_from(User),
)


def _stamp(db: Session, workspace_id: int) -> Stamp:
    """The newest event and the number of rows of everything a practice is made of: any change moves it."""
    rows = db.connection().execute(_STAMP, {"workspace_id": workspace_id})
    return tuple((int(newest), int(count)) for newest, count in rows)


def _read(db: Session, workspace_id: int) -> Practice:
    home = db.get(Workspace, workspace_id)
    if home is None:
        raise NotFound
    grades = _rows(db, Grade, workspace_id, Grade.rank)
    marks = tuple(GradeMark(grade.key, grade.word, grade.rank, grade.look) for grade in grades)
    faults: list[str] = []
    zone = _zone(home.zone, faults)
    rules = _rules(db, workspace_id, marks, faults)
    calendar = _calendar(db, workspace_id, faults)
    if faults:
        log.error("parts of a workspace cannot be read and are left out", workspace=home.slug, counts=len(faults))
    return Practice(
        workspace_id=workspace_id,
        mark=WorkspaceMark(home.slug, home.name, zone.key),
        zone=zone,
        gap=timedelta(seconds=home.gap_seconds),
        aim=home.aim,
        grades=marks,
        grade_ids={grade.rank: grade.id for grade in grades},
        targets={
            (row.grade_id, row.channel): Target(row.seconds, Clock(row.clock))
            for row in _rows(db, TargetTime, workspace_id, TargetTime.id)
        },
        idle={grade.rank: idle_time(grade.rank, grade.idle_seconds, grade.idle_clock) for grade in grades},
        calendar=calendar,
        rules=rules,
        topics={row.word: row.id for row in _rows(db, Topic, workspace_id, Topic.id)},
        teams={row.name: row.id for row in _rows(db, Team, workspace_id, Team.id)},
        users={user.sign_in: user.id for user in db.scalars(select(User))},
        left_out=frozenset(row.id for row in _rows(db, Outcome, workspace_id, Outcome.id) if row.left_out),
        snooze_from=home.snooze_from,
        holds={row.rank: timedelta(seconds=row.reassess_seconds) for row in grades if row.reassess_seconds},
        faults=(*faults, *rules.faults),
    )


def _rows(db: Session, entity: Any, workspace_id: int, order: Any) -> list[Any]:
    return list(db.scalars(select(entity).where(entity.workspace_id == workspace_id).order_by(order)))


def _zone(name: str, faults: list[str]) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, LookupError, ValueError):
        faults.append(f"the time zone {name!r} is not known: {DEFAULT_ZONE} stands in for it")
        return ZoneInfo(DEFAULT_ZONE)


def _calendar(db: Session, workspace_id: int, faults: list[str]) -> Calendar:
    versions = []
    for row in _rows(db, CalendarRow, workspace_id, CalendarRow.number):
        try:
            versions.append(CalendarVersion.from_json(row.facts))
        except (KeyError, TypeError, ValueError):
            faults.append(f"version {row.number} of the calendar cannot be read: the one before it stands")
    return Calendar(tuple(versions))


def _rules(db: Session, workspace_id: int, grades: tuple[GradeMark, ...], faults: list[str]) -> RuleSet:
    facts = []
    for row in _rows(db, Rule, workspace_id, Rule.position):
        try:
            conditions, actions = Conditions.from_json(row.conditions), Actions.from_json(row.actions)
        except BadRule as problem:
            faults.append(f"rule {row.name!r}: {problem}")
            continue
        if row.enabled:
            facts.append(RuleFacts(row.id, row.name, conditions, actions))
    ranks = {name: mark.rank for mark in grades for name in (mark.key, mark.word)}
    return RuleSet(facts, ranks)
