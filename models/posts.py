"""What crosses the edge between a network and the control room, in the network's own terms.

A connector (``data/channels``) turns a network's answer into these values; intake turns them into messages.
They are frozen, hold no behaviour of a network, and every time in them is aware UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    """Whether a post came from outside or went out from one of our accounts."""

    IN = "in"
    OUT = "out"


class Kind(StrEnum):
    """How a post was addressed. Listening posts mention us nowhere: they never enter response metrics."""

    PUBLIC = "public"
    PRIVATE = "private"
    LISTENING = "listening"


@dataclass(frozen=True, slots=True)
class Author:
    """A person outside as the network knows them. ``network_id`` is the network's own, unique on that channel."""

    network_id: str
    handle: str
    name: str
    followers: int | None = None


class Attached(StrEnum):
    """What kinds of attachment there are for a rule."""

    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    AUDIO = "audio"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Media:
    """An attachment: its kind, as a rule one of ``Attached``, and its alternative text.

    Remote addresses are not kept: pages never hot-link.
    """

    kind: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One version of one post, mention, comment or direct message.

    ``network_id`` is the identity that never changes (for X the first id of the edit history); ``version_id`` names this
    version (equal to ``network_id`` where it was never edited). ``sent`` is when the post first appeared, by the network's
    clock; ``edited`` when this version was made (None for the first). ``contact`` is the person outside: the author of an
    inbound post, the addressee of an outbound one, None for a broadcast or an unknown author. ``parent_id`` is the post it
    answers (any version's id). ``deleted`` marks a tombstone: the post is gone, ``text`` is empty and ``sent`` may be the
    time it was found missing. ``automatic`` is an outbound post that no person wrote. ``language`` is BCP 47.
    """

    network_id: str
    sent: datetime
    text: str
    kind: Kind
    direction: Direction
    contact: Author | None = None
    version_id: str = ""
    parent_id: str | None = None
    language: str | None = None
    media: tuple[Media, ...] = ()
    edited: datetime | None = None
    deleted: datetime | None = None
    automatic: bool = False

    def __post_init__(self) -> None:
        """Refuse naive times and give the first version its name."""
        for at in (self.sent, self.edited, self.deleted):
            if at is not None and at.tzinfo is None:
                raise ValueError(f"post {self.network_id}: a time without a zone")
        if not self.version_id:
            object.__setattr__(self, "version_id", self.network_id)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A post that could not be read: the raw payload goes to quarantine with the reason, the poll goes on."""

    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One fetched page. ``cursor`` is where the next fetch starts (opaque to all but its connector).

    ``more`` says that the network has a further page at once. ``reads`` is what the page costs against the account's
    monthly read budget, in the network's own unit (posts for X). ``remaining``/``resets`` are the rate-limit headers.
    ``ours_read`` names the kinds of our own posts whose reading ends with this page, and when that reading began: all of
    ours that the network showed then has been given.
    """

    posts: tuple[Post, ...]
    cursor: str
    unreadable: tuple[Unreadable, ...] = ()
    more: bool = False
    reads: int = 0
    remaining: int | None = None
    resets: datetime | None = None
    ours_read: Mapping[Kind, datetime] = field(default_factory=dict)

    @property
    def fetched(self) -> int:
        """How many posts the network gave, readable or not."""
        return len(self.posts) + len(self.unreadable)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be sent: ``attempt_id`` is ours and never used twice."""

    attempt_id: str
    text: str
    kind: Kind
    contact: Author | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the network answered to an accepted reply."""

    network_id: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Engagement:
    """Cumulative figures of one of our posts; a figure that the network does not give is absent, never 0."""

    network_id: str
    figures: Mapping[str, int] = field(default_factory=dict)


def attached(media: Iterable[Sequence[str]] | None) -> frozenset[str]:
    """The kinds of stored attachments (kind, alternative text); a kind that only its network knows is a ``file``."""
    return frozenset(kind if kind in tuple(Attached) else Attached.FILE for kind, *_ in media or ())
