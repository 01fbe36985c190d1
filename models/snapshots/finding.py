"""Finding conversations again: what a search found, what can be chosen to narrow the queue, and views under a name."""

from dataclasses import dataclass
from datetime import datetime

from models.folding import Span


@dataclass(frozen=True, slots=True)
class Found:
    """Why a search found a conversation: ``where`` is the source (``message``, ``contact`` ...), the text is remote.

    ``at`` is when it was said; of a contact, when its conversation last moved.
    """

    where: str
    at: datetime
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the queue's filters offer, as pairs of key and words; what is done to many goes to ``people`` and ``groups``."""

    holders: tuple[tuple[str, str], ...] = ()
    teams: tuple[tuple[str, str], ...] = ()
    topics: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[int, str], ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    outcomes: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SavedViewMark:
    """A saved view: its fields as in the address. ``shared`` names the role it is shared with; ``may_change`` says whether
    the person who looks may rename and delete it. ``count`` stops at ``most``: there may be more.
    """

    id: int
    name: str
    fields: tuple[tuple[str, str], ...]
    shared: str | None
    may_change: bool
    count: int
    most: int
