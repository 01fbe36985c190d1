"""What people see of replies: those on their way, what one may be here, and what stands in one that is being written."""

from dataclasses import dataclass
from datetime import datetime

from models.disclosure import Finding
from models.lengths import Measure
from models.posts import Kind
from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class OutgoingReply:
    """A reply that is not a message yet, was taken back lately, or stands in another account's conversation.

    ``mine`` where the viewer wrote it. ``elsewhere`` is the account it went out as where that is not the one written to.
    ``written``, ``attempted`` and ``decided`` are ours. ``reason`` is plain words; it may hold what a colleague wrote.
    """

    id: int
    text: str
    kind: Kind
    state: str
    author: str
    mine: bool
    elsewhere: str
    approver: str | None
    written: datetime
    not_before: datetime | None
    attempted: datetime | None
    sent: datetime | None
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reply here. ``why`` says why it is not possible, empty where it is.

    ``usual`` and ``last`` are when the network's window runs out and when it closes; None where there is none.
    """

    kind: Kind
    why: str = ""
    usual: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Composer:
    """Where a reply is written. ``accounts`` are those of the network it may go out as (key, handle), theirs first.

    ``draft`` is the viewer's own, ``kept`` when it was; ``approval`` says that a second person has to let it go.
    ``held`` names the accounts that a lockdown holds, each with when it is over by itself.
    """

    user_id: int
    account_id: int
    accounts: tuple[tuple[int, str], ...]
    ways: tuple[Way, ...]
    approval: bool
    draft: str = ""
    draft_kind: Kind | None = None
    kept: datetime | None = None
    held: tuple[tuple[int, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What a composer stands in: of a ``Thread`` what it depends on, under the same names."""

    workspace: WorkspaceMark
    as_at: datetime
    channel: str
    holder: str | None
    mine: bool
    composer: Composer | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands in a reply that is being written; ``measure`` None where the network takes none of this kind.

    ``account_id`` is the account they wrote to; ``zone`` is the workspace's.
    """

    measure: Measure | None
    words: tuple[str, ...]
    found: tuple[Finding, ...]
    account_id: int = 0
    zone: str = "Europe/London"


@dataclass(frozen=True, slots=True)
class TemplateOffer:
    """A template filled in for one conversation; ``why`` says why it cannot be used here, empty where it can."""

    id: int
    name: str
    language: str
    text: str
    why: str = ""
