"""Alarms: what somebody must be told of at once, whom it is for, and how it climbs until one of them acknowledges it.

A *cause* is one thing that went wrong, told of once for ever by its key. An *alarm* is what people see: causes of one kind,
account and team share one until somebody acknowledges it. A cause of the top grade has an alarm of its own, always.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Float, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned, within
from models.moves import TOP
from models.problems import BadValue

BUDGET_PERIOD = timedelta(minutes=10)
"""What the alarm budget counts: alarms that one operator was given in so long."""
LONGEST_WORDS = 120
"""Characters of an alarm's own words: a rule's name, or what a surge is about. Never a message's text."""
DAY_SECONDS = 24 * 3600


class AlarmKind(StrEnum):
    """What an alarm is about."""

    SOON = "due soon"
    BREACHED = "breached"
    RISK = "risk"
    UNWATCHED = "unwatched"
    FAILING = "failing"
    SURGE = "surge"
    RULE = "rule"
    EXPERT = "expert"
    """Calls one person, who is named by an ``ExpertAsk``; nobody else can acknowledge it."""
    NO_EXPERT = "no expert"


class Step(StrEnum):
    """Who is called, in the order of the ladder."""

    TEAM = "team"
    SUPERVISOR = "supervisor"
    DUTY = "duty officer"


LADDER = tuple(Step)


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing to raise an alarm for. ``key`` names it once for ever in its workspace; the same key again is no alarm.

    ``fell`` is the instant at which it became true, ``known`` when the fact it rests on was stored, where that was later:
    detection lag counts from the later one. ``words`` hold nothing of a contact. With ``user_id`` it calls that person alone
    and does not climb.
    """

    kind: AlarmKind
    key: str
    fell: datetime
    rank: int | None = None
    account_id: int | None = None
    team_id: int | None = None
    conversation_id: int | None = None
    turn_id: int | None = None
    words: str = ""
    known: datetime | None = None
    user_id: int | None = None

    @property
    def alone(self) -> bool:
        """Whether it is never grouped with others."""
        return self.rank == TOP or self.kind in (AlarmKind.EXPERT, AlarmKind.NO_EXPERT)


@dataclass(frozen=True, slots=True)
class Person:
    """What decides which alarms are for somebody."""

    user_id: int
    teams: frozenset[int]
    claims: bool
    moves_work: bool


class AlarmWays(Owned, Audited, Base, kw_only=True):
    """How a workspace raises alarms; without a row, what stands here holds.

    ``soon_share`` is the part of the target that is left when something is due soon. ``supervisor_seconds`` and
    ``duty_seconds`` are how long an alarm waits unacknowledged on the first and on the second step of the ladder. The duty
    officers are the members of a team; without one the ladder ends at the supervisors. Quiet hours are local, from a minute
    of the day to another, and hold back alerts out below the top grade. ``budget`` is how many alarms an operator can bear
    in ten minutes.

    A watch is *watched* for ``fresh_seconds`` after the person's last act, then *ageing*, and none after ``valid_seconds``.
    """

    __tablename__ = "alarm_ways"
    __table_args__ = (*owned(("team", "duty_team_id")), UniqueConstraint("workspace_id"))

    soon_share: Mapped[float] = mapped_column(Float, default=1 / 3)
    supervisor_seconds: Mapped[int] = mapped_column(default=300)
    duty_seconds: Mapped[int] = mapped_column(default=600)
    duty_team_id: Mapped[int | None] = mapped_column(default=None)
    quiet_from: Mapped[int | None] = mapped_column(default=None)
    quiet_until: Mapped[int | None] = mapped_column(default=None)
    budget: Mapped[int] = mapped_column(default=10)
    fresh_seconds: Mapped[int] = mapped_column(default=120)
    valid_seconds: Mapped[int] = mapped_column(default=300)
    unwatched_seconds: Mapped[int] = mapped_column(default=120)
    failing_seconds: Mapped[int] = mapped_column(default=300)

    def check(self) -> None:
        """Raise ``BadValue`` for what makes no sense."""
        if not 0.05 <= self.soon_share <= 0.95:
            raise BadValue("due soon", "give a share of the target from 5 to 95 per cent")
        for name, seconds in (("supervisor", self.supervisor_seconds), ("duty officer", self.duty_seconds)):
            if not 30 <= seconds <= DAY_SECONDS:
                raise BadValue(name, "give a time of at least half a minute and at most a day")
        if not 1 <= self.budget <= 1000:
            raise BadValue("budget", "give a number from 1 to 1,000")
        if not 30 <= self.fresh_seconds <= self.valid_seconds <= 3600:
            raise BadValue("watch", "a watch ages before it ends, after at least half a minute and at most an hour")
        for name, seconds in (("unwatched", self.unwatched_seconds), ("failing", self.failing_seconds)):
            if not 0 <= seconds <= DAY_SECONDS:
                raise BadValue(name, "give a time of at most a day")
        minutes = [one for one in (self.quiet_from, self.quiet_until) if one is not None]
        if len(minutes) == 1 or not all(0 <= one < 24 * 60 for one in minutes):
            raise BadValue("quiet hours", "give both times, or none")


class Alarm(Owned, Audited, Base, kw_only=True):
    """What people see: one or several causes. Open until somebody acknowledges it or all its causes are over.

    ``rank`` and ``conversation_id`` are those of its first cause. ``climbs`` is when the next step of the ladder is called,
    unless somebody acknowledges it before. How many causes it has is counted: a cause that joins leaves it as it is.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        *owned(("account", "account_id"), ("team", "team_id"), ("conversation", "conversation_id")),
        ForeignKeyConstraint(["acknowledged_by"], ["user.id"]),
        Index("ix_alarm_raised", "workspace_id", "raised"),
        Index(
            "ix_alarm_open",
            "workspace_id",
            "kind",
            sqlite_where=text("acknowledged IS NULL AND cleared IS NULL"),
            postgresql_where=text("acknowledged IS NULL AND cleared IS NULL"),
        ),
        Index(
            "ix_alarm_climbs",
            "climbs",
            sqlite_where=text("climbs IS NOT NULL"),
            postgresql_where=text("climbs IS NOT NULL"),
        ),
    )

    kind: Mapped[str]
    rank: Mapped[int | None] = mapped_column(default=None)
    account_id: Mapped[int | None] = mapped_column(default=None)
    team_id: Mapped[int | None] = mapped_column(default=None)
    conversation_id: Mapped[int | None] = mapped_column(default=None)
    words: Mapped[str] = mapped_column(default="")
    raised: Mapped[datetime]
    step: Mapped[int] = mapped_column(default=0)
    climbs: Mapped[datetime | None] = mapped_column(default=None)
    acknowledged: Mapped[datetime | None] = mapped_column(default=None)
    acknowledged_by: Mapped[int | None] = mapped_column(default=None)
    cleared: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def open(self) -> bool:
        """Whether somebody is still to acknowledge it."""
        return self.acknowledged is None and self.cleared is None

    def acknowledge(self, by: int, at: datetime) -> bool:
        """Somebody has it in hand, and nobody else is called. False where that was so, or it was over, already."""
        if not self.open:
            return False
        self.acknowledged, self.acknowledged_by, self.climbs = at, by, None
        return True

    def clear(self, at: datetime) -> None:
        """All its causes are over."""
        if self.cleared is None:
            self.cleared, self.climbs = at, None

    def climb(self, ways: AlarmWays) -> Step:
        """Call the next step, from the instant at which that was due on."""
        if self.climbs is None or not self.open:
            raise ValueError("an alarm that nobody waits for does not climb")
        self.step += 1
        self.climbs = next_climb(self.step, self.climbs, ways)
        return LADDER[self.step]


class AlarmCause(Owned, Audited, Base, kw_only=True):
    """One cause of an alarm (``Cause``), from ``raised`` until it was over. ``turn_id`` may name a turn that is no more."""

    __tablename__ = "alarm_cause"
    __table_args__ = (
        *owned(("alarm", "alarm_id"), ("account", "account_id"), ("conversation", "conversation_id")),
        UniqueConstraint("workspace_id", "key"),
        Index("ix_alarm_cause_alarm", "alarm_id"),
        Index("ix_alarm_cause_raised", "workspace_id", "raised"),
        Index(
            "ix_alarm_cause_open",
            "workspace_id",
            "kind",
            "turn_id",
            sqlite_where=text("cleared IS NULL"),
            postgresql_where=text("cleared IS NULL"),
        ),
    )

    alarm_id: Mapped[int]
    kind: Mapped[str]
    key: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(default=None)
    conversation_id: Mapped[int | None] = mapped_column(default=None)
    turn_id: Mapped[int | None] = mapped_column(default=None)
    fell: Mapped[datetime]
    known: Mapped[datetime]
    raised: Mapped[datetime]
    cleared: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def lag(self) -> timedelta:
        """How long after the instant, or after it could be known, the alarm was raised."""
        return max(self.raised - max(self.fell, self.known), timedelta())


class Deadline(Base, kw_only=True):
    """An unanswered turn's instants, worked out when it moves: ``soon`` and ``due``. Not a business row: its turn is.

    ``look`` is the next of them that nobody was told of, None when both were. ``known`` is when they were worked out.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        within("conversation", "conversation_id"),
        within("account", "account_id"),
        Index(
            "ix_deadline_look", "look", sqlite_where=text("look IS NOT NULL"), postgresql_where=text("look IS NOT NULL")
        ),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turn_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int]
    account_id: Mapped[int]
    rank: Mapped[int]
    soon: Mapped[datetime]
    due: Mapped[datetime]
    known: Mapped[datetime]
    look: Mapped[datetime | None] = mapped_column(default=None)

    def told_of(self, now: datetime) -> AlarmKind | None:
        """What is to be raised now; where both have passed, the breach alone."""
        if self.due <= now:
            return AlarmKind.BREACHED
        return AlarmKind.SOON if self.soon <= now else None


def next_climb(step: int, since: datetime, ways: AlarmWays) -> datetime | None:
    """When an alarm that has stood on this step since then calls the next one; None on the last."""
    if step == 0:
        return since + timedelta(seconds=ways.supervisor_seconds)
    if step == 1 and ways.duty_team_id is not None:
        return since + timedelta(seconds=ways.duty_seconds)
    return None


def is_for(step: int, team_id: int | None, duty_team_id: int | None, person: Person) -> bool:
    """Whether an alarm on this step calls the person: who was called before is called still."""
    first = person.claims if team_id is None else team_id in person.teams
    if first or step == 0:
        return first
    return person.moves_work or (step >= LADDER.index(Step.DUTY) and duty_team_id in person.teams)


def is_quiet(ways: AlarmWays, local: time) -> bool:
    """Whether a local time of day lies in the quiet hours, which may cross midnight."""
    if ways.quiet_from is None or ways.quiet_until is None:
        return False
    minute = local.hour * 60 + local.minute
    if ways.quiet_from <= ways.quiet_until:
        return ways.quiet_from <= minute < ways.quiet_until
    return minute >= ways.quiet_from or minute < ways.quiet_until


def given(
    alarms: Iterable[tuple[int, int | None]], duty_team_id: int | None, people: Iterable[Person]
) -> dict[int, int]:
    """How many of these alarms (step, team) each person was given, by their key."""
    told = list(alarms)
    return {one.user_id: sum(is_for(step, team_id, duty_team_id, one) for step, team_id in told) for one in people}
