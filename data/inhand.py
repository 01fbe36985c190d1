"""Messages and contacts of one fetched page, held in memory until everything about them is known."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from data.practice import Practice
from data.rollups import Cell
from models.calendars import HoursStatus
from models.posts import Author, Direction, Kind, Post
from models.rules import Arrival, Triage
from models.turns import Said, What

NO_TRIAGE = Triage()


@dataclass(slots=True)
class Version:
    """One version of a message: its text, when it was made and the urgency that rules gave it."""

    version_id: str
    text: str
    at: datetime
    rank: int | None
    stored: bool = False


@dataclass(slots=True)
class InHand:
    """A message as it will be stored. ``cell`` is how the volumes counted it before, None where they did not."""

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
    rank: int | None
    topic_id: int | None
    spam: bool
    automatic: bool
    hits: dict[str, Any] | None = None
    edited: datetime | None = None
    deleted: datetime | None = None
    user_id: int | None = None
    contact_id: int | None = None
    conversation_id: int | None = None
    turn_id: int | None = None
    new: bool = False
    changed: bool = False
    cell: Cell | None = None
    versions: dict[str, Version] = field(default_factory=dict)
    triage: Triage = NO_TRIAGE

    @property
    def inbound(self) -> bool:
        """From outside."""
        return self.direction is Direction.IN

    def said(self, lowest: int) -> Iterable[Said]:
        """What this message does to its conversation: nothing for listening, spam and automatic replies."""
        if self.kind is Kind.LISTENING:
            return
        if not self.inbound:
            if not self.automatic:
                yield Said(self.sent, What.REPLY, self.network_id, by=self.user_id)
            return
        if self.spam:
            return
        first, *later = self.ordered()
        yield Said(self.sent, What.INBOUND, self.network_id, rank=first.rank or lowest)
        for version in later:
            yield Said(version.at, What.REGRADE, self.network_id, rank=version.rank or lowest)

    def ordered(self) -> list[Version]:
        """Its versions, oldest first."""
        return sorted(self.versions.values(), key=_age) if self.versions else [self.shown]

    def counted(self, practice: Practice, account_id: int) -> Cell | None:
        """How the volumes count it: inbound only, spam apart."""
        if not self.inbound:
            return None
        grade_id = practice.grade_ids[self.rank or practice.lowest]
        return Cell(self.sent, account_id, self.kind, self.hours, grade_id, self.topic_id or 0, int(self.spam))


def _age(version: Version) -> tuple[datetime, str]:
    return version.at, version.version_id


class Reader:
    """Turns posts into messages in hand, and runs the rules over every new text."""

    def __init__(self, practice: Practice, channel: str, account_id: int) -> None:
        self.practice = practice
        self.channel = channel
        self.account_id = account_id

    def begin(self, post: Post, key: int, contact_is_new: bool) -> InHand:
        """A message that nobody has stored yet."""
        shown = Version(post.version_id, post.text, post.edited or post.sent, None)
        message = InHand(
            id=key,
            network_id=post.network_id,
            direction=post.direction,
            kind=post.kind,
            sent=post.sent,
            shown=shown,
            language=post.language,
            media=[[media.kind, media.description] for media in post.media],
            parent_id=post.parent_id,
            hours=self.practice.calendar.hours_status(post.sent),
            rank=None,
            topic_id=None,
            spam=False,
            automatic=post.automatic,
            edited=post.edited,
            new=True,
        )
        if post.edited is not None:
            message.versions[shown.version_id] = shown
        self._sort(message, shown, contact_is_new)
        return message

    def add_version(self, message: InHand, post: Post) -> None:
        """Another version of a message in hand. The latest one is shown; the most urgent grade of any stands."""
        if not message.versions:
            message.versions[message.shown.version_id] = message.shown
        version = Version(post.version_id, post.text, post.edited or post.sent, None)
        message.versions[version.version_id] = version
        if post.sent < message.sent:
            message.sent = post.sent
            message.hours = self.practice.calendar.hours_status(post.sent)
        message.changed = True
        if _age(version) > _age(message.shown):
            message.shown, message.edited = version, post.edited
            message.language = post.language or message.language
            message.media = [[media.kind, media.description] for media in post.media] or message.media
            self._sort(message, version, contact_is_new=False)
        else:
            version.rank = self._rank(self._triage(message, version, contact_is_new=False))
        message.rank = min((one.rank for one in message.versions.values() if one.rank), default=None)

    def _sort(self, message: InHand, version: Version, contact_is_new: bool) -> None:
        triage = self._triage(message, version, contact_is_new)
        version.rank = message.rank = self._rank(triage)
        message.triage = triage
        message.spam = triage.spam
        message.topic_id = self.practice.topics.get(triage.topic or "")
        message.hits = stored_hits(triage)

    def _rank(self, triage: Triage) -> int | None:
        return self.practice.rank_of(triage.grade) if triage.grade else None

    def _triage(self, message: InHand, version: Version, contact_is_new: bool) -> Triage:
        if not message.inbound:
            return NO_TRIAGE
        return self.practice.rules.triage(
            Arrival(
                text=version.text,
                channel=self.channel,
                kind=message.kind,
                account_id=self.account_id,
                language=message.language,
                contact_is_new=contact_is_new,
                hours=message.hours,
            )
        )


def stored_hits(triage: Triage) -> dict[str, Any] | None:
    """How a triage is kept with its message: which rules hit, on which words, and what they flagged."""
    if not triage.hits and not triage.flags:
        return None
    return {
        "flags": list(triage.flags),
        "team": triage.team,
        "assign": triage.assign,
        "rules": [
            {
                "id": hit.rule_id,
                "name": hit.rule_name,
                "words": list(hit.words),
                "spans": [[span.begin, span.end] for span in hit.spans],
            }
            for hit in triage.hits
        ],
    }


def recall(row: Any, versions: Iterable[Any], ranks: dict[int, int], practice: Practice) -> InHand:
    """A stored message in hand again. ``ranks`` maps grade ids to ranks; ``versions`` are its rows of ``message_version``."""
    shown = Version(row.version_id, row.text, row.edited or row.sent, ranks.get(row.grade_id), stored=True)
    kept = {
        one.version_id: Version(one.version_id, one.text, one.at, ranks.get(one.grade_id), stored=True)
        for one in versions
    }
    message = InHand(
        id=row.id,
        network_id=row.network_id,
        direction=Direction(row.direction),
        kind=Kind(row.kind),
        sent=row.sent,
        shown=kept.get(row.version_id, shown),
        language=row.language,
        media=row.media or [],
        parent_id=row.parent_id,
        hours=row.hours,
        rank=ranks.get(row.grade_id),
        topic_id=row.topic_id,
        spam=row.spam,
        automatic=row.automatic,
        hits=row.hits,
        edited=row.edited,
        deleted=row.deleted,
        user_id=row.user_id,
        contact_id=row.contact_id,
        conversation_id=row.conversation_id,
        turn_id=row.turn_id,
        versions=kept,
    )
    message.cell = message.counted(practice, row.account_id)
    return message


@dataclass(slots=True)
class Met:
    """A contact in hand."""

    id: int
    author: Author
    named_at: datetime
    first_seen: datetime
    new: bool = False
    changed: bool = False

    def meet(self, author: Author, at: datetime) -> None:
        """Seen again: the latest post's name stands, the first post's time stands.

        A network may tell only the id: a known name is never replaced by an empty one.
        """
        if at < self.first_seen:
            self.first_seen, self.changed = at, True
        named = replace(author, handle=author.handle or self.author.handle, name=author.name or self.author.name)
        if at >= self.named_at and named != self.author:
            author = named
            self.author, self.named_at, self.changed = author, at, True
