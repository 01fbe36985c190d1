"""What the audit pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.auditing import AuditFilters
from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event as it stands, with the names of those it speaks of by key. ``number`` is its place in the chain."""

    id: int
    number: int
    at: datetime
    actor: str
    address: str
    session: int | None
    action: str
    kind: str
    key: int | None
    before: Any
    after: Any
    reason: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the search, newest first. ``older`` is where the next one begins, None on the last.

    ``people``, ``actions`` and ``kinds`` are those that the workspace's chain knows; ``named`` are names of
    accounts and colleagues by kind and key.
    """

    workspace: WorkspaceMark
    as_at: datetime
    filters: AuditFilters
    rows: tuple[AuditRow, ...]
    older: int | None
    people: tuple[str, ...]
    actions: tuple[str, ...]
    kinds: tuple[str, ...]
    named: Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message of a conversation: when it was sent, when we had it, and by whom it is; never what it says."""

    id: int
    sent: datetime
    stored: datetime
    ours: bool
    author: str


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything on the record of one conversation, oldest first. ``later`` is where the next page begins."""

    workspace: WorkspaceMark
    as_at: datetime
    id: int
    contact: str
    account: str
    channel: str
    rows: tuple[AuditRow | Arrived, ...]
    later: int | None
    named: Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How far a walk through the workspace's chain is, and what came of the last one.

    ``problem`` is why the chain does not hold, in words; empty where it holds. ``anchored`` is when its end was last noted
    outside the database.
    """

    running: bool = False
    done: int = 0
    total: int = 0
    ended: datetime | None = None
    events: int = 0
    problem: str = ""
    stopped: bool = False
    anchored: datetime | None = None
