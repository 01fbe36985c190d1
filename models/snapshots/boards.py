"""What the boards of the wall show. Nothing of a contact."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.snapshots.marks import AccountCell, GradeMark, Period, Wait, WorkspaceMark


@dataclass(frozen=True, slots=True)
class MostOverdue:
    """Of the unanswered turns, the one most over its due time, or nearest to it."""

    conversation_id: int
    grade: GradeMark
    channel: str
    account: str
    started: datetime
    due: datetime
    target: timedelta
    clock: str


@dataclass(frozen=True, slots=True)
class GradeCount:
    """Unanswered turns of one grade, and when the oldest of them started."""

    grade: GradeMark
    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """Public wait of first turns that started in the period (METRICS.md). Below n = 20 the range stands instead."""

    n: int
    unanswered: int
    elsewhere: int
    median: Wait | None
    p90: Wait | None
    shortest: timedelta | None
    longest: timedelta | None


@dataclass(frozen=True, slots=True)
class GradeShare:
    """Share of turns of one grade within target; ``share`` is None where n is 0."""

    grade: GradeMark
    share: float | None
    n: int


@dataclass(frozen=True, slots=True)
class WithinTarget:
    """Service level of turns that started in the period (METRICS.md)."""

    n: int
    unanswered: int
    share: float | None
    grades: tuple[GradeShare, ...]
    aim: float


@dataclass(frozen=True, slots=True)
class OutOfHours:
    """Out-of-hours share and rate ratio of messages sent since ``begins``; None without a calendar or messages."""

    begins: datetime
    n: int
    share: float | None
    rate_ratio: float | None


@dataclass(frozen=True, slots=True)
class InboundHour:
    """Inbound messages by ``sent`` in one hour: ``counts`` in the order of ``Inbound.channels``; usual is a median."""

    begins: datetime
    counts: tuple[int, ...]
    usual: float | None


@dataclass(frozen=True, slots=True)
class Inbound:
    """Inbound activity of the last 24 hours, oldest first; the last hour is still open."""

    hours: tuple[InboundHour, ...]
    channels: tuple[str, ...]
    total: int
    usual_total: float | None
    out_of_hours: tuple[Period, ...]
    gaps: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class AccountStrip:
    """The worst accounts first, at most four, and how many more there are."""

    worst: tuple[AccountCell, ...]
    others: int
    others_well: bool


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A lockdown that holds: on ``accounts`` many accounts (None: on all), until when at the latest."""

    accounts: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Surge:
    """A surge that goes on: so many messages in ``window`` where so many are ``expected``.

    ``people`` are on the desk now. ``breach`` is when a wait passes the target first at this rate: None where they keep up, or
    where too few answers are known to tell (``forecast`` is then false).
    """

    since: datetime
    count: int
    window: timedelta
    expected: float
    people: int
    forecast: bool
    breach: datetime | None


@dataclass(frozen=True, slots=True)
class Wallboard:
    """Everything the main board shows. Holds nothing of a contact."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    calendar_version: int | None
    demonstration: bool
    poller_alive: bool
    most_overdue: MostOverdue | None
    waiting: tuple[GradeCount, ...]
    first_response: FirstResponse
    within_target: WithinTarget
    out_of_hours: OutOfHours
    inbound: Inbound
    accounts: AccountStrip
    held_back: HeldBack | None = None
    surge: Surge | None = None


@dataclass(frozen=True, slots=True)
class DayHours:
    """Out-of-hours share of one local day; ``open`` days are still filling."""

    day: date
    n: int
    share: float | None
    rate_ratio: float | None
    open: bool


@dataclass(frozen=True, slots=True)
class DayResponse:
    """First response (public wait) of turns that started on one local day; points below n = 20, in seconds."""

    day: date
    n: int
    unanswered: int
    median: Wait | None
    p90: Wait | None
    points: tuple[timedelta, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class HoursBoard:
    """The board `hours`: one bar a day, newest last."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    calendar_version: int | None
    demonstration: bool
    days: tuple[DayHours, ...]
    total: OutOfHours


@dataclass(frozen=True, slots=True)
class ResponseBoard:
    """The board `response`: median and p90 of first response by day, newest last."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    calendar_version: int | None
    demonstration: bool
    days: tuple[DayResponse, ...]
    total: FirstResponse
