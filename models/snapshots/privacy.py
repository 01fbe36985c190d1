"""What a records officer sees: contacts and what is held of one, legal holds, what is due for disposal, certificates."""

from dataclasses import dataclass
from datetime import datetime

from models.retention import ListeningDue
from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody outside, as one network knows them. ``called`` is what is typed to erase them."""

    id: int
    channel: str
    handle: str
    name: str
    called: str
    since: datetime
    conversations: int
    erased: bool


@dataclass(frozen=True, slots=True)
class ContactHeld:
    """What is held of one contact and of the identities merged with them (``others``).

    ``waiting`` are conversations in which a message waits for an answer, ``under_way`` replies that have not left, ``kept`` the
    reason of a legal hold.
    """

    row: ContactRow
    others: tuple[ContactRow, ...]
    conversations: tuple[int, ...]
    messages: int
    first: datetime | None
    last: datetime | None
    waiting: tuple[int, ...]
    under_way: int
    kept: str


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """Contacts found by ``search``; ``more``: there are others. ``cleaning``: old pages are still in the database's files.

    ``may_erase``: the asker holds the right.
    """

    workspace: WorkspaceMark
    as_at: datetime
    search: str
    rows: tuple[ContactRow, ...]
    more: bool
    chosen: ContactHeld | None
    cleaning: bool
    may_erase: bool


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A legal hold on a contact, a conversation or an incident (``kind`` and ``key``)."""

    id: int
    kind: str
    key: int
    reason: str
    begun: datetime
    by: str
    lifted: datetime | None
    lifted_by: str
    lifted_reason: str


@dataclass(frozen=True, slots=True)
class HoldsPage:
    """The holds that stand, and the latest that were lifted."""

    workspace: WorkspaceMark
    as_at: datetime
    standing: tuple[HoldRow, ...]
    over: tuple[HoldRow, ...]


@dataclass(frozen=True, slots=True)
class DueRow:
    """A conversation that is due to go. ``kept`` is the reason of a legal hold, ``deferred`` until when it was put off."""

    id: int
    conversation: int
    contact: str
    channel: str
    messages: int
    last: datetime
    rule: str
    kept: str
    deferred: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate: who took what, under which rule, and its place in the audit chain."""

    number: int
    made: datetime
    by: str
    rule: str
    reason: str
    contacts: int
    messages: int
    conversations: tuple[int, ...]
    event: int
    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class DisposalPage:
    """What is due now, what was put off or is held, and the certificates. ``total``: of what is due, also what is not shown.

    ``rules``: whether anything is ever due here; ``listening``: what is due of messages that belong to no conversation.
    """

    workspace: WorkspaceMark
    as_at: datetime
    due: tuple[DueRow, ...]
    total: int
    waiting: tuple[DueRow, ...]
    certificates: tuple[CertificateRow, ...]
    rules: bool
    may_erase: bool
    listening: ListeningDue | None = None


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """A rule of retention in words."""

    id: int
    name: str
    outcome: str
    topic: str
    kind: str
    length: int
    unit: str


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """The rules in the order in which they decide, and what they may name. ``days``: everything else, None for ever."""

    workspace: WorkspaceMark
    rows: tuple[RetentionRow, ...]
    days: int | None
    outcomes: tuple[str, ...]
    topics: tuple[str, ...]
