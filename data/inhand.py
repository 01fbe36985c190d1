"""Messages of one fetched page, held in memory until everything about them is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data.practice import Practice
from data.rollups import Cell
from models.calendars import HoursStatus
from models.posts import Direction, Kind
from models.rules import Hit
from models.turns import Said, What


@dataclass(slots=True)
class Version:
    """One version of a message: its text, when it was made and the urgency that rules gave it.

    ``row`` is its row in ``message_version``: messages that were never edited have none. ``calls`` are the hits of rules that
    raise an alarm for it, where rules were run over it now. ``media`` is what was attached to it, where it came now: stored
    versions keep their text alone, and rules read them with what the message shows.
    """

    version_id: str
    text: str
    at: datetime
    rank: int | None = None
    row: int | None = None
    changed: bool = False
    calls: tuple[Hit, ...] = ()
    media: list[list[str]] | None = None

    @property
    def age(self) -> tuple[datetime, str]:
        """Orders versions, the latest last."""
        return self.at, self.version_id


@dataclass(slots=True, eq=False)
class InHand:
    """A message as it will be stored.

    ``versions`` is empty until it is edited. ``cell`` is how the volumes counted it before, None where they did not.
    ``new`` ones have no row yet, ``changed`` ones have another than theirs, and ``retold`` ones changed in a way that
    makes their conversation unfold again. ``stored`` is when it was stored, None for what is being stored now.
    ``topic_set``: a person set its topic, which rules leave alone.
    """

    id: int
    network_id: str
    direction: Direction
    kind: Kind
    sent: datetime
    shown: Version
    language: str | None
    media: list[list[str]]
    parent_id: str | None
    hours: HoursStatus
    automatic: bool
    topic_id: int | None = None
    spam: bool = False
    hits: dict[str, Any] | None = None
    edited: datetime | None = None
    deleted: datetime | None = None
    user_id: int | None = None
    contact_id: int | None = None
    conversation_id: int | None = None
    turn_id: int | None = None
    stored: datetime | None = None
    topic_set: bool = False
    new: bool = False
    changed: bool = False
    retold: bool = False
    cell: Cell | None = None
    versions: dict[str, Version] = field(default_factory=dict)

    @property
    def inbound(self) -> bool:
        """From outside."""
        return self.direction is Direction.IN

    @property
    def addressed(self) -> bool:
        """From outside and to us: what we only listen to is not."""
        return self.inbound and self.kind is not Kind.LISTENING

    @property
    def moving(self) -> bool:
        """Its conversation must hear of it."""
        return (self.new or self.retold) and self.contact_id is not None and self.kind is not Kind.LISTENING

    @property
    def names(self) -> set[str]:
        """Every id by which a reply may call it its parent."""
        return {self.network_id, *self.versions}

    @property
    def place(self) -> tuple[datetime, str]:
        """Orders messages as they were sent."""
        return self.sent, self.network_id

    @property
    def rank(self) -> int | None:
        """The most urgent grade that rules gave any of its versions, None where they gave none."""
        if not self.versions:
            return self.shown.rank
        return min((one.rank for one in self.versions.values() if one.rank), default=None)

    @property
    def flags(self) -> list[str]:
        """What rules flagged."""
        return list((self.hits or {}).get("flags", ()))

    def retell(self) -> None:
        """Mark a change that its conversation must hear of."""
        self.changed = self.retold = True

    @property
    def told_now(self) -> bool:
        """The contact says something in it that nobody can have read yet: a new message, or new words of an old one."""
        return self.inbound and not self.spam and (self.new or any(one.row is None for one in self.versions.values()))

    def said(self, lowest: int, closings: Iterable[tuple[datetime, datetime | None]] = ()) -> Iterable[Said]:
        """What this message does to its conversation: nothing for listening, spam and automatic replies.

        ``closings`` are when people closed it, each with when that was written down: one that is stored later is unheard.
        """
        if not self.inbound:
            if not self.automatic:
                yield Said(self.sent, What.REPLY, self.network_id, by=self.user_id)
            return
        if self.spam:
            return
        first, *later = self.ordered()
        passed = [closed for closed, settled in closings if closed >= self.sent and self._unheard(settled)]
        unheard = max(passed, default=None)
        yield Said(self.sent, What.INBOUND, self.network_id, rank=first.rank or lowest, unheard=unheard)
        for version in later:
            yield Said(version.at, What.REGRADE, self.network_id, rank=version.rank or lowest)

    def _unheard(self, settled: datetime | None) -> bool:
        """Whether what was settled then could not know of it."""
        return settled is not None and (self.stored is None or self.stored > settled)

    def ordered(self) -> list[Version]:
        """Its versions, oldest first."""
        return sorted(self.versions.values(), key=lambda one: one.age) if self.versions else [self.shown]

    def counted(self, practice: Practice, account_id: int) -> Cell:
        """How the volumes count it, which is for inbound messages only: spam apart."""
        grade_id = practice.grade_ids[self.rank or practice.lowest]
        return Cell(self.sent, account_id, self.kind, self.hours, grade_id, self.topic_id or 0, int(self.spam))


def recall(row: Any, versions: Iterable[Any], practice: Practice) -> InHand:
    """A stored message in hand again; ``versions`` are its rows of ``message_version``."""
    kept = {one.version_id: _version(one, practice.ranks) for one in versions}
    shown = kept.get(row.version_id)
    if shown is None:
        shown = Version(row.version_id, row.text, row.edited or row.sent, practice.ranks.get(row.grade_id))
    message = InHand(
        id=row.id,
        network_id=row.network_id,
        direction=Direction(row.direction),
        kind=Kind(row.kind),
        sent=row.sent,
        shown=shown,
        language=row.language,
        media=row.media or [],
        parent_id=row.parent_id,
        hours=row.hours,
        automatic=row.automatic,
        topic_id=row.topic_id,
        spam=row.spam,
        hits=row.hits,
        edited=row.edited,
        deleted=row.deleted,
        user_id=row.user_id,
        contact_id=row.contact_id,
        conversation_id=row.conversation_id,
        turn_id=row.turn_id,
        stored=row.stored,
        topic_set=row.topic_set,
        versions=kept,
    )
    if message.inbound:
        message.cell = message.counted(practice, row.account_id)
    return message


def _version(row: Any, ranks: Mapping[int, int]) -> Version:
    return Version(row.version_id, row.text, row.at, ranks.get(row.grade_id), row.id)
