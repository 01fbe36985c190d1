"""What several pages show: grades, workspaces, accounts, waits and stretches of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


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
class MajorMark:
    """The banner of a major incident. ``begun`` is when it was first put up, ``worded`` when ``by`` worded it so."""

    incident_id: int
    name: str
    summary: str
    lines: str
    begun: datetime
    worded: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What frames every page: who is signed in, where, which pages they may open, and how many notes and alarms call them.

    ``policy`` is the version that they have not acknowledged yet.
    """

    user: str
    workspace: WorkspaceMark | None
    workspaces: tuple[WorkspaceMark, ...]
    permissions: frozenset[str]
    demonstration: bool
    kiosk: bool = False
    theme: str = "dark"
    single_keys: bool = True
    unread: int = 0
    policy: int | None = None
    major: MajorMark | None = None
    alarms: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """One percentile of a wait. ``reached`` is False where it is only known to be longer ("> x", METRICS.md)."""

    length: timedelta
    reached: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open interval of time [begins, ends)."""

    begins: datetime
    ends: datetime


class WatchWord(StrEnum):
    """How an account is watched, worst first."""

    UNWATCHED = "unwatched"
    AGEING = "ageing"
    WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class WatchMark:
    """How an account is watched now: by ``people`` (how many, not who); ``since`` when it is unwatched, or the last act.

    ``month`` is how long nobody watched it in this calendar month, as far as that is known, and ``arrived`` how many messages
    came meanwhile; both None on the wall, which does not show them.
    """

    state: WatchWord
    since: datetime
    people: int = 0
    month: timedelta | None = None
    arrived: int | None = None


@dataclass(frozen=True, slots=True)
class AccountCell:
    """One official account and what its connector does; ``since`` is when that state began, where known.

    ``watch`` is None where it is not known, as in the past.
    """

    id: int
    handle: str
    channel: str
    state: AccountState
    since: datetime | None
    last_success: datetime | None
    last_message: datetime | None
    reason: str = ""
    watch: WatchMark | None = None
