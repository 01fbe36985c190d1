"""Frozen pictures of what was true at one instant, handed to layouts.

No snapshot holds a database session, a clock or a right; every time is aware UTC and every duration a ``timedelta``.
What is not known is ``None``, never 0 (HOUSE.md, rule 17).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from models.posts import Direction, Kind
from models.rules import Span


class AccountState(StrEnum):
    """What a connector is doing now, worst first: the order of the account strip."""

    AUTH = "auth"
    DEAD = "dead"
    FAILING = "failing"
    QUIET = "quiet"
    LIVE = "live"
    PAUSED = "paused"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class GradeMark:
    """A grade as it is drawn. ``rank`` 1 is the most urgent; ``look`` names shape and colour in the tokens."""

    key: str
    word: str
    rank: int
    look: str


@dataclass(frozen=True, slots=True)
class WorkspaceMark:
    """A workspace as the shell names it."""

    slug: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What frames every page: who is signed in, where, and which pages they may open."""

    user: str
    workspace: WorkspaceMark | None
    workspaces: tuple[WorkspaceMark, ...]
    permissions: frozenset[str]
    demonstration: bool
    kiosk: bool = False
    theme: str = "dark"
    single_keys: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """One percentile of a wait. ``reached`` is False where it is only known to be longer ("> x", METRICS.md)."""

    length: timedelta
    reached: bool


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
class Period:
    """A half-open interval of time [begins, ends)."""

    begins: datetime
    ends: datetime


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
class AccountCell:
    """One official account and what its connector does; ``since`` is when that state began, where known."""

    id: int
    handle: str
    channel: str
    state: AccountState
    since: datetime | None
    last_success: datetime | None
    last_message: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccountStrip:
    """The worst accounts first, at most four, and how many more there are."""

    worst: tuple[AccountCell, ...]
    others: int
    others_well: bool


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


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What the address bar says about the queue. Empty means any; ``page`` starts at 1."""

    view: str = "needs"
    channel: str = ""
    account: int | None = None
    grade: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One conversation on the queue. ``since`` is the oldest unanswered message; ``first_line`` is remote text."""

    id: int
    grade: GradeMark
    channel: str
    account: str
    kind: Kind
    contact: str
    first_line: str
    since: datetime | None
    due: datetime | None
    holder: str | None
    mine: bool
    flags: tuple[str, ...]
    language: str | None
    media: bool
    contacts: int


@dataclass(frozen=True, slots=True)
class ViewCount:
    """A saved view of the queue, with how many conversations it holds."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class AccountCount:
    """An account in the queue's side list, with its conversations that need an answer."""

    id: int
    handle: str
    channel: str
    count: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, ordered by grade then due."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    filters: QueueFilters
    rows: tuple[QueueRow, ...]
    total: int
    pages: int
    views: tuple[ViewCount, ...]
    accounts: tuple[AccountCount, ...]
    grades: tuple[GradeMark, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Why a rule hit: its name, the words as written, and where they stand in the text."""

    rule: str
    words: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """What a message said before it was edited."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """One message of a thread. ``author`` is a colleague's name, ``None`` for the contact; ``elsewhere`` marks a reply
    that was written outside Watchroom; ``automatic`` one that no person wrote.
    """

    id: int
    direction: Direction
    kind: Kind
    text: str
    sent: datetime
    stored: datetime
    author: str | None
    elsewhere: bool
    automatic: bool
    edited: datetime | None
    deleted: datetime | None
    earlier: tuple[EarlierVersion, ...]
    language: str | None
    media: tuple[str, ...]
    grade: GradeMark | None
    matched: tuple[Matched, ...]


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """Something that happened to a conversation, from the audit trail: a key of wording.py and what it needs."""

    at: datetime
    action: str
    who: str
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything between one contact and one account, oldest first (the newest page of it)."""

    id: int
    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    grade: GradeMark
    state: str
    channel: str
    account: str
    contact: str
    handle: str
    followers: int | None
    contacts: int
    topic: str | None
    since: datetime | None
    due: datetime | None
    staffed: timedelta | None
    holder: str | None
    mine: bool
    held_since: datetime | None
    flags: tuple[str, ...]
    messages: tuple[ThreadMessage, ...]
    events: tuple[ThreadEvent, ...]
    more: int


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """The register of official accounts of one workspace."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    poller_alive: bool
    rows: tuple["AccountRow", ...]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One official account with its connector's health and read budget (posts this calendar month)."""

    cell: AccountCell
    connector: str
    interval: timedelta
    reads: int
    budget: int | None
    last_attempt: datetime | None
    next_attempt: datetime | None
    counts: tuple[tuple[str, int], ...]
