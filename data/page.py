"""Sorting a fetched page: which posts are new, known, edited or deleted, whose they are, and where they belong."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from data.audit import Change
from data.ids import Ids
from data.inhand import InHand, Met, Reader, recall
from data.practice import Practice, practice
from data.threads import Held, Threads
from models.conversation import Contact, Conversation, Message, MessageVersion, Tombstone
from models.posts import Author, Direction, Kind, Post, Unreadable

MOST_RAW = 20_000
"""Characters of an unreadable payload that quarantine keeps."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Which account a page was fetched from."""

    workspace_id: int
    id: int
    channel: str


@dataclass(slots=True)
class Counts:
    """What became of a page; the five sum to what was fetched."""

    stored: int = 0
    duplicate: int = 0
    edited: int = 0
    deleted: int = 0
    rejected: int = 0

    @property
    def fetched(self) -> int:
        """All of them."""
        return self.stored + self.duplicate + self.edited + self.deleted + self.rejected

    @property
    def changed(self) -> int:
        """Those that left something to see."""
        return self.fetched - self.duplicate

    def named(self) -> dict[str, int]:
        """By name, without those that did not happen."""
        counts = {name: getattr(self, name) for name in ("stored", "duplicate", "edited", "deleted", "rejected")}
        return {name: number for name, number in counts.items() if number}


@dataclass(slots=True)
class FetchedPage:
    """One page under way: what its posts are, and whose conversations they belong to."""

    change: Change
    account: AccountFacts
    fetched: datetime
    sent_by: Mapping[str, int]
    counts: Counts = field(default_factory=Counts)
    messages: dict[str, InHand] = field(default_factory=dict)
    contacts: dict[str, Met] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)
    tombstones: dict[str, datetime] = field(default_factory=dict)
    new_tombstones: list[dict[str, Any]] = field(default_factory=list)
    quarantined: list[dict[str, Any]] = field(default_factory=list)
    parents: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_contact: dict[int, Held] = field(default_factory=dict)
    db: Session = field(init=False)
    practice: Practice = field(init=False)
    ids: Ids = field(init=False)
    reader: Reader = field(init=False)
    threads: Threads = field(init=False)
    ranks: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.db = self.change.db
        self.practice = practice(self.db, self.account.workspace_id)
        self.ids = Ids(self.db)
        self.reader = Reader(self.practice, self.account.channel, self.account.id)
        self.threads = Threads(self.db, self.practice, self.account.channel, self.ids)
        self.ranks = self.threads.ranks

    def read(self, posts: Iterable[Post]) -> None:
        """Sort every post into what it is, then put it with its contact and its conversation."""
        ordered = sorted(posts, key=lambda post: (post.deleted is not None, post.edited or post.sent, post.version_id))
        self._recall_messages({post.network_id for post in ordered})
        self._recall_contacts({post.contact for post in ordered if post.contact is not None})
        keys = self.ids.take(Message, len({post.network_id for post in ordered} - set(self.messages)))
        for post in ordered:
            if post.deleted is not None:
                self._bury(post.network_id, post.deleted)
            else:
                self._take_post(post, keys)
        self._find_parents()
        self._adopt_orphans()
        self._hold()

    def _recall_messages(self, network_ids: set[str]) -> None:
        rows = list(
            self.db.execute(
                select(Message.__table__).where(
                    Message.account_id == self.account.id, Message.network_id.in_(network_ids)
                )
            )
        )
        versions = self._versions([row.id for row in rows if row.edited is not None])
        for row in rows:
            self.messages[row.network_id] = recall(row, versions.get(row.id, ()), self.ranks, self.practice)
        found = select(Tombstone.network_id, Tombstone.deleted).where(
            Tombstone.account_id == self.account.id, Tombstone.network_id.in_(network_ids)
        )
        self.tombstones = {row.network_id: row.deleted for row in self.db.execute(found)}

    def _versions(self, message_ids: list[int]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        if message_ids:
            for row in self.db.execute(
                select(MessageVersion.__table__).where(MessageVersion.message_id.in_(message_ids))
            ):
                found.setdefault(row.message_id, []).append(row)
        return found

    def _recall_contacts(self, authors: set[Author]) -> None:
        wanted = {author.network_id for author in authors}
        rows = self.db.execute(
            select(Contact.__table__).where(
                Contact.workspace_id == self.account.workspace_id,
                Contact.channel == self.account.channel,
                Contact.network_id.in_(wanted),
            )
        )
        for row in rows:
            author = Author(row.network_id, row.handle, row.name, row.followers)
            self.contacts[row.network_id] = Met(row.id, author, row.named_at, row.first_seen)

    def _take_post(self, post: Post, keys: list[int]) -> None:
        message = self.messages.get(post.network_id)
        if message is None:
            is_new = post.contact is not None and post.contact.network_id not in self.contacts
            message = self.reader.begin(post, keys.pop(0), is_new)
            message.deleted = self.tombstones.get(post.network_id)
            message.user_id = self.sent_by.get(post.network_id)
            self.messages[post.network_id] = message
            self.counts.stored += 1
        elif post.version_id == message.shown.version_id or post.version_id in message.versions:
            self.counts.duplicate += 1
        else:
            self.reader.add_version(message, post)
            self.counts.edited += 1
        if post.contact is not None:
            message.contact_id = self._meet(post.contact, post.edited or post.sent).id

    def _meet(self, author: Author, at: datetime) -> Met:
        met = self.contacts.get(author.network_id)
        if met is None:
            met = self.contacts[author.network_id] = Met(self.ids.one(Contact), author, at, at, new=True)
        else:
            met.meet(author, at)
        return met

    def _bury(self, network_id: str, deleted: datetime) -> None:
        message = self.messages.get(network_id)
        known = message.deleted if message is not None else self.tombstones.get(network_id)
        if known is not None:
            self.counts.duplicate += 1
            return
        self.counts.deleted += 1
        if message is not None:
            message.deleted, message.changed = deleted, True
        else:
            self.tombstones[network_id] = deleted
            self.new_tombstones.append({**self._place(), "network_id": network_id, "deleted": deleted})

    def _place(self) -> dict[str, Any]:
        return {"workspace_id": self.account.workspace_id, "account_id": self.account.id}

    def _find_parents(self) -> None:
        """Whose conversation our own posts belong to, where only the post they answer says so."""
        wanted = {
            message.parent_id
            for message in self.messages.values()
            if message.contact_id is None and message.parent_id and message.direction is Direction.OUT
        }
        if not wanted:
            return
        versioned = select(MessageVersion.message_id).where(
            MessageVersion.workspace_id == self.account.workspace_id, MessageVersion.version_id.in_(wanted)
        )
        rows = self.db.execute(
            select(Message.network_id, Message.id, Message.contact_id).where(
                Message.account_id == self.account.id,
                or_(Message.network_id.in_(wanted), Message.id.in_(versioned)),
            )
        )
        contacts = {row.network_id: row.contact_id for row in rows}
        contacts |= {message.network_id: message.contact_id for message in self.messages.values() if message.contact_id}
        contacts |= {
            version_id: message.contact_id
            for message in self.messages.values()
            for version_id in message.versions
            if message.contact_id
        }
        for message in self.messages.values():
            if message.contact_id is None and message.parent_id in contacts and message.direction is Direction.OUT:
                message.contact_id = contacts[message.parent_id]

    def _adopt_orphans(self) -> None:
        """Our own posts that came before the post they answer join its conversation now."""
        arrived = {message.network_id: message for message in self.messages.values() if message.new and message.inbound}
        if not arrived:
            return
        rows = self.db.execute(
            select(Message.__table__).where(
                Message.account_id == self.account.id,
                Message.conversation_id.is_(None),
                Message.parent_id.in_(arrived),
                Message.direction == Direction.OUT,
            )
        )
        for row in rows:
            orphan = recall(row, (), self.ranks, self.practice)
            parent = arrived[str(row.parent_id)]
            if orphan.network_id not in self.messages and parent.contact_id is not None:
                orphan.contact_id, orphan.changed = parent.contact_id, True
                self.messages[orphan.network_id] = orphan

    def _hold(self) -> None:
        """Put messages into their conversations, and mark those that must unfold again."""
        wanted = {
            message.contact_id
            for message in self.messages.values()
            if message.contact_id is not None
            and message.kind is not Kind.LISTENING
            and (message.new or message.changed)
        }
        rows = self.db.execute(
            select(Conversation.__table__).where(
                Conversation.account_id == self.account.id, Conversation.contact_id.in_(wanted)
            )
        )
        known = {row.contact_id: row for row in rows}
        for message in self.messages.values():
            if message.contact_id in wanted and message.kind is not Kind.LISTENING and (message.new or message.changed):
                self._put(message, known.get(message.contact_id))

    def _put(self, message: InHand, row: Any) -> None:
        contact_id = message.contact_id or 0
        held = self.by_contact.get(contact_id)
        if held is None:
            key = row.id if row is not None else self.ids.one(Conversation)
            held = self.by_contact[contact_id] = Held(key, self.account.id, contact_id, row)
        late = message.conversation_id is None and not message.new
        held.again = held.again or bool(message.versions and (message.changed or message.edited)) or late
        message.conversation_id = held.id
        held.messages.append(message)

    def reject(self, unreadable: Iterable[Unreadable]) -> None:
        """Keep what could not be read, once."""
        for one in unreadable:
            digest = hashlib.sha256(one.raw.encode("utf-8", "surrogatepass")).hexdigest()
            self.quarantined.append(
                {**self._place(), "digest": digest, "raw": one.raw[:MOST_RAW], "reason": one.reason}
            )
            self.counts.rejected += 1
