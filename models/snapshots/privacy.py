"""What a records officer sees: contacts, what is held of one, what stands in the way of erasing them."""

from dataclasses import dataclass
from datetime import datetime

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

    ``waiting`` are conversations in which a message waits for an answer, ``under_way`` replies that have not left.
    """

    row: ContactRow
    others: tuple[ContactRow, ...]
    conversations: tuple[int, ...]
    messages: int
    first: datetime | None
    last: datetime | None
    waiting: tuple[int, ...]
    under_way: int


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
