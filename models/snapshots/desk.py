"""What people at work see: the queue, a conversation, the register of accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.posts import Direction, Kind
from models.rules import Span
from models.snapshots.cases import Bonds, DecisionMark, IncidentCount, ThreadNote
from models.snapshots.claims import Claiming
from models.snapshots.finding import Found, SavedViewMark
from models.snapshots.marks import AccountCell, GradeMark, WorkspaceMark
from models.snapshots.replies import Composer, OutgoingReply
from models.snapshots.stands import Stands


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What the address bar says about the queue. Empty means any; ``page`` starts at 1.

    ``words`` are what somebody looks for, as typed: then the whole workspace is searched, whatever the view. ``holder`` is
    ``me``, ``nobody`` or the key of a colleague; ``flag`` a word of ``models/filters.py`` or a risk word.
    """

    view: str = "needs"
    channel: str = ""
    account: int | None = None
    grade: str = ""
    page: int = 1
    words: str = ""
    when: str = ""
    holder: str = ""
    team: int | None = None
    topic: int | None = None
    flag: str = ""
    incident: int | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One conversation on the queue. ``since`` is the oldest unanswered message; ``first_line`` is remote text.

    ``flags`` are people's, then the rules'. ``incident`` names the one that goes on and that it belongs to; ``merged`` ones are
    shown as one thread with others. ``again`` is from when on it is to be assessed again. ``assigned`` names who should answer,
    ``lapsed`` whose claim lapsed and was not taken up, ``offered`` that it is being handed over.
    """

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
    found: Found | None = None
    incident: str | None = None
    merged: bool = False
    state: str = "open"
    again: datetime | None = None
    partner: str = ""
    snoozed_until: datetime | None = None
    assigned: str | None = None
    lapsed: str | None = None
    offered: bool = False


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
    """One page of the queue, ordered by grade then due; of a search, the newest first.

    ``looked_at`` is how many messages a search looked at where it stopped before the end, else None.
    """

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
    saved: tuple[SavedViewMark, ...] = ()
    incidents: tuple[IncidentCount, ...] = ()
    looked_at: int | None = None


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
    that was written outside Watchroom; ``automatic`` one that no person wrote. ``place`` is our account that it was sent to
    or by, in a thread of several conversations.
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
    place: str = ""


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """Something that happened to a conversation, from the audit trail: a key of wording.py and what it needs."""

    at: datetime
    action: str
    who: str
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything between one contact and one account, oldest first (the newest page of it). ``erased``: the contact was."""

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
    notes: tuple[ThreadNote, ...] = ()
    decisions: tuple[DecisionMark, ...] = ()
    bonds: Bonds = Bonds()
    outgoing: tuple[OutgoingReply, ...] = ()
    composer: Composer | None = None
    claiming: Claiming = Claiming()
    stands: Stands = Stands()
    erased: bool = False


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """The register of official accounts of one workspace.

    ``months`` are the earlier ones whose unwatched time is known ("2026-10"), the newest first. ``unwatched`` is that of
    ``month``, empty where none is chosen.
    """

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    poller_alive: bool
    rows: tuple["AccountRow", ...]
    months: tuple[str, ...] = ()
    month: str = ""
    unwatched: tuple["UnwatchedMonth", ...] = ()


@dataclass(frozen=True, slots=True)
class UnwatchedMonth:
    """For how long nobody watched an account in one month, and how many messages came meanwhile.

    ``length`` is None where nothing is known of that month; ``known`` is from when on it is, where that lies within it.
    """

    channel: str
    handle: str
    length: timedelta | None
    arrived: int = 0
    known: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One official account with its connector's health, its read budget (posts this calendar month) and who keeps it."""

    cell: AccountCell
    connector: str
    interval: timedelta
    reads: int
    budget: int | None
    last_attempt: datetime | None
    next_attempt: datetime | None
    counts: tuple[tuple[str, int], ...]
    owner: str = ""
    purpose: str = ""
    watch_hours: str = ""
    call: str = ""
