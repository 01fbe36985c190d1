"""Sorting a fetched page: which posts are new, known, edited or deleted, whose they are, and where they belong."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from data.audit import Change
from data.contacts import Contacts
from data.ids import Ids
from data.inhand import InHand, recall
from data.newcomers import misjudged, oldest_stored
from data.practice import Practice, practice
from data.threads import Thread, Threads
from data.triage import Reader, fit, whole
from models.conversation import Conversation, Message, MessageVersion, Quarantined, Tombstone
from models.erased import SINCE, erased_id
from models.posts import Direction, Post, Unreadable
from models.workspace import Installation


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Which account a page was fetched from."""

    workspace_id: int
    id: int
    channel: str


@dataclass(slots=True)
class Counts:
    """What became of a page; the five sum to what was fetched. What could not be read and is kept already is a duplicate.

    ``credited`` are those duplicates that turned out to be replies of ours: they were found before it was known who sent them.
    """

    stored: int = 0
    duplicate: int = 0
    edited: int = 0
    deleted: int = 0
    rejected: int = 0
    credited: int = 0

    @property
    def fetched(self) -> int:
        """All of them."""
        return self.stored + self.duplicate + self.edited + self.deleted + self.rejected

    @property
    def changed(self) -> int:
        """Those that left something to see."""
        return self.fetched - self.duplicate + self.credited

    def named(self) -> dict[str, int]:
        """By name, without those that did not happen."""
        counts = {name: getattr(self, name) for name in ("stored", "duplicate", "edited", "deleted", "rejected")}
        return {name: number for name, number in counts.items() if number}


_OF_ACCOUNT = Message.account_id == bindparam("account_id")
_WANTED: Any = bindparam("wanted", expanding=True)
_STORED = select(Message.__table__).where(_OF_ACCOUNT, Message.network_id.in_(_WANTED))
_KNOWN = select(Message.network_id).where(_OF_ACCOUNT, Message.network_id.in_(_WANTED))
_VERSIONS = select(MessageVersion.__table__).where(MessageVersion.message_id.in_(_WANTED))
_TOMBSTONES = select(Tombstone.network_id, Tombstone.deleted).where(
    Tombstone.account_id == bindparam("account_id"),
    Tombstone.workspace_id == bindparam("workspace_id"),
    Tombstone.network_id.in_(_WANTED),
)
_QUARANTINED = select(Quarantined.digest).where(
    Quarantined.account_id == bindparam("account_id"), Quarantined.digest.in_(_WANTED)
)
_PARENTS = select(Message.network_id.label("name"), Message.contact_id).where(
    _OF_ACCOUNT, Message.network_id.in_(_WANTED), Message.contact_id.is_not(None)
)
_PARENT_VERSIONS = (
    select(MessageVersion.version_id.label("name"), Message.contact_id)
    .join(Message, Message.id == MessageVersion.message_id)
    .where(
        _OF_ACCOUNT,
        MessageVersion.workspace_id == bindparam("workspace_id"),
        MessageVersion.version_id.in_(_WANTED),
        Message.contact_id.is_not(None),
    )
)
_ORPHANS = select(Message.__table__).where(
    _OF_ACCOUNT,
    Message.conversation_id.is_(None),
    Message.contact_id.is_(None),
    Message.parent_id.in_(_WANTED),
    Message.direction == Direction.OUT,
)
_CONVERSATIONS = select(Conversation.__table__).where(
    Conversation.account_id == bindparam("account_id"), Conversation.contact_id.in_(_WANTED)
)


@dataclass(slots=True)
class FetchedPage:
    """One page under way: what its posts are, and whose conversations they belong to.

    ``messages`` are all that it touches, by network id; ``threads`` the conversations that move. A deletion that came
    before its post is ``early``; those whose post has come now are ``met``. ``alarms`` counts what rules told of, by alarm.
    """

    change: Change
    account: AccountFacts
    fetched: datetime
    sent_by: Mapping[str, int]
    counts: Counts = field(default_factory=Counts)
    messages: dict[str, InHand] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)
    early: dict[str, datetime] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    quarantined: list[dict[str, Any]] = field(default_factory=list)
    alarms: dict[int, int] = field(default_factory=dict)
    tombstones: dict[str, datetime] = field(default_factory=dict)
    db: Session = field(init=False)
    practice: Practice = field(init=False)
    ids: Ids = field(init=False)
    reader: Reader = field(init=False)
    contacts: Contacts = field(init=False)
    unfolding: Threads = field(init=False)

    def __post_init__(self) -> None:
        account = self.account
        self.db = self.change.db
        self.practice = practice(self.db, account.workspace_id)
        self.ids = Ids(self.db)
        self.reader = Reader(self.practice, account.channel, account.id)
        self.contacts = Contacts(self.db, account.workspace_id, account.channel, self.ids)
        self.unfolding = Threads(self.db, self.practice, account.channel, self.ids, self.change.at)

    def read(self, posts: Iterable[Post]) -> None:
        """Sort every post into what it is, then put it with its contact and its conversation."""
        ordered = self._without_erased(sorted(map(fit, posts), key=_order))
        if not ordered:
            return
        self._recall({post.network_id for post in ordered})
        self.contacts.recall(post.contact for post in ordered if post.contact is not None)
        unknown = {post.network_id for post in ordered if post.deleted is None} - set(self.messages)
        keys = iter(self.ids.take(Message, len(unknown)))
        for post in ordered:
            if post.deleted is not None:
                self._bury(post.network_id, post.deleted)
            else:
                self._take_post(post, keys)
        if self.counts.changed:
            self._find_contacts()
            self._find_threads()
            if self.practice.asks_for_newcomers:
                self._greet()

    def _without_erased(self, posts: list[Post]) -> list[Post]:
        """Those that nobody erased: what was is known by a digest of its id, and counts as a duplicate."""
        if self.db.get(Installation, SINCE) is None:
            return posts
        key, place = self.change.key, str(self.account.id)
        names = {post.network_id: erased_id(key, place, post.network_id) for post in posts}
        erased = {row.network_id for row in self._find(_KNOWN, names.values())}
        kept = [post for post in posts if names[post.network_id] not in erased]
        self.counts.duplicate += len(posts) - len(kept)
        return kept

    def _find(self, statement: Any, wanted: Iterable[Any]) -> list[Any]:
        """Rows of a statement about this account and the ``wanted`` ones; nothing is asked for nobody."""
        asked = list(wanted)
        place = {"account_id": self.account.id, "workspace_id": self.account.workspace_id}
        return list(self.db.connection().execute(statement, {**place, "wanted": asked})) if asked else []

    def _recall(self, network_ids: set[str]) -> None:
        for message in self._in_hand(self._find(_STORED, network_ids)):
            self.messages[message.network_id] = message
        self.tombstones = {row.network_id: row.deleted for row in self._find(_TOMBSTONES, network_ids)}

    def _in_hand(self, rows: list[Any]) -> list[InHand]:
        edited = [row.id for row in rows if row.edited is not None or row.version_id != row.network_id]
        versions: dict[int, list[Any]] = {}
        for version in self._find(_VERSIONS, edited):
            versions.setdefault(version.message_id, []).append(version)
        return [recall(row, versions.get(row.id, ()), self.practice) for row in rows]

    def _take_post(self, post: Post, keys: Iterator[int]) -> None:
        message = self.messages.get(post.network_id)
        if message is None:
            message = self._begin(post, next(keys))
            self.counts.stored += 1
        elif post.version_id == message.shown.version_id or post.version_id in message.versions:
            self.counts.duplicate += 1
            self._credit(message)
            return
        else:
            self.reader.add_version(message, post)
            self.counts.edited += 1
        if post.contact is not None:
            message.contact_id = self.contacts.meet(post.contact, post.sent, post.edited or post.sent)

    def _begin(self, post: Post, key: int) -> InHand:
        message = self.messages[post.network_id] = self.reader.begin(post, key)
        message.user_id = self.sent_by.get(post.network_id)
        message.deleted = self.tombstones.pop(post.network_id, None)
        if message.deleted is not None:
            self.met.append(post.network_id)
        return message

    def _credit(self, message: InHand) -> None:
        """A post found on our timeline turns out to be a reply of ours: its turn was answered here, not elsewhere."""
        user_id = self.sent_by.get(message.network_id)
        if user_id is not None and message.user_id is None:
            message.user_id = user_id
            message.retell()
            self.counts.credited += 1

    def _bury(self, network_id: str, deleted: datetime) -> None:
        message = self.messages.get(network_id)
        known = message.deleted if message is not None else self.tombstones.get(network_id)
        if known is not None and known <= deleted:
            self.counts.duplicate += 1
            return
        self.counts.deleted += 1
        if message is not None:
            message.deleted, message.changed = deleted, True
        else:
            self.tombstones[network_id] = self.early[network_id] = deleted

    def _find_contacts(self) -> None:
        """Whose conversation our own posts belong to, where only the post they answer says so: in any order of arrival.

        A reply may answer one of our own posts that answers a contact: each one found may tell of the next.
        """
        fresh = [one for one in self.messages.values() if one.contact_id is not None]
        known = self._stored_parents()
        while True:
            known |= {name: one.contact_id for one in fresh for name in one.names if one.contact_id is not None}
            fresh = self._lost(known, [one for one in fresh if one.new or one.retold])
            if not fresh:
                return
            for one in fresh:
                one.contact_id = known[one.parent_id or ""]
                one.retell()
                self.messages[one.network_id] = one

    def _stored_parents(self) -> dict[str, int]:
        lost = {one.parent_id for one in self.messages.values() if one.contact_id is None and not one.inbound}
        wanted = lost - {None} - set(self.messages)
        rows = [*self._find(_PARENT_VERSIONS, wanted), *self._find(_PARENTS, wanted)]
        return {row.name: row.contact_id for row in rows}

    def _lost(self, known: Mapping[str, int], parents: list[InHand]) -> list[InHand]:
        """Our own posts without a contact whose parent is known now: of this page, and stored before ``parents`` came."""
        stored = self._find(_ORPHANS, {name for one in parents for name in one.names})
        found = self._in_hand([row for row in stored if row.network_id not in self.messages])
        mine = (one for one in self.messages.values() if not one.inbound and one.contact_id is None)
        return [*(one for one in mine if one.parent_id in known), *found]

    def _find_threads(self) -> None:
        """Put the messages that move one into their conversations."""
        moving = [message for message in self.messages.values() if message.moving]
        rows = {row.contact_id: row for row in self._find(_CONVERSATIONS, {one.contact_id for one in moving})}
        for message in moving:
            contact_id = message.contact_id or 0
            thread = self.threads.get(contact_id)
            if thread is None:
                row = rows.get(contact_id)
                key = row.id if row is not None else self.ids.one(Conversation)
                thread = self.threads[contact_id] = Thread(key, self.account.id, contact_id, row)
            thread.put(message)

    def _greet(self) -> None:
        """Sort again what was sorted as by a known contact and is the first of a new one, and what was first until now."""
        arriving = {key: [one for one in thread.messages if one.addressed] for key, thread in self.threads.items()}
        contact_ids = {key for key, messages in arriving.items() if messages}
        stored: dict[int, list[InHand]] = {}
        for one in self._in_hand(oldest_stored(self.db, self.account.id, contact_ids)):
            stored.setdefault(one.contact_id or 0, []).append(self.messages.get(one.network_id, one))
        for contact_id in contact_ids:
            newcomer, known = misjudged(arriving[contact_id], stored.get(contact_id, []))
            for message in known:
                self.reader.sort_again(message, contact_is_new=False)
                self.messages[message.network_id] = message
                self.threads[contact_id].put(message)
            if newcomer is not None:
                self.reader.sort_again(newcomer, contact_is_new=True)

    def reject(self, unreadable: Iterable[Unreadable]) -> None:
        """Keep what could not be read, once."""
        given = list(unreadable)
        fresh = {hashlib.sha256(one.raw.encode("utf-8", "surrogatepass")).hexdigest(): one for one in given}
        for row in self._find(_QUARANTINED, fresh):
            del fresh[row.digest]
        for digest, one in fresh.items():
            place = {"account_id": self.account.id, "digest": digest}
            self.quarantined.append({**place, "raw": whole(one.raw), "reason": whole(one.reason)})
        self.counts.rejected += len(fresh)
        self.counts.duplicate += len(given) - len(fresh)


def _order(post: Post) -> tuple[bool, datetime, str]:
    """Deletions last, versions from the oldest to the newest."""
    return post.deleted is not None, post.edited or post.sent, post.version_id
