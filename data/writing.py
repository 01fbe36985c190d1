"""Writing a sorted page: every row once, parents before children, sums in the same transaction."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from data.audit import Change
from data.inhand import InHand
from data.page import FetchedPage
from data.practice import Practice
from data.rollups import Cell, add_waits, count_messages, count_outcomes, local_day, rebuild_sketches
from data.threads import Rows, Threads
from models.conversation import (
    Contact,
    Conversation,
    Episode,
    Message,
    MessageVersion,
    Quarantined,
    Tombstone,
    Turn,
)


class Writer:
    """Core statements for one workspace inside one change."""

    def __init__(self, change: Change, workspace_id: int) -> None:
        self.change = change
        self.workspace_id = workspace_id
        self._connection = change.db.connection()

    def insert(self, entity: Any, rows: list[dict[str, Any]]) -> None:
        """New rows of a business table; all have the same columns."""
        if rows:
            common = {"workspace_id": self.workspace_id, "audit_id": self.change.audit_id}
            self._connection.execute(insert(entity.__table__), [common | row for row in rows])

    def insert_once(self, entity: Any, rows: list[dict[str, Any]]) -> None:
        """New rows of a table without events; those that stand there already are left alone."""
        if rows:
            dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
            statement = dialect.insert(entity.__table__).on_conflict_do_nothing()
            self._connection.execute(statement, [{"workspace_id": self.workspace_id} | row for row in rows])

    def update(self, entity: Any, rows: list[dict[str, Any]]) -> None:
        """Changed rows: ``key`` names the row, the rest are its new values."""
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            by_columns.setdefault(tuple(sorted(row)), []).append(row | {"audit_id": self.change.audit_id})
        table = entity.__table__
        for some in by_columns.values():
            values: dict[str, Any] = {name: bindparam(name) for name in some[0] if name != "key"}
            self._connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), some)

    def delete(self, entity: Any, keys: list[int]) -> None:
        """Rows that the unfolding no longer needs."""
        if keys:
            self._connection.execute(delete(entity.__table__).where(entity.__table__.c.id.in_(keys)))


def write_page(page: FetchedPage, at: datetime, lag: timedelta | None = None) -> None:
    """All rows of a page. ``at`` is when it was stored, unless every post was stored ``lag`` after it was sent."""
    writer = Writer(page.change, page.account.workspace_id)
    if page.counts.changed:
        page.threads.unfold(page.by_contact.values())
        _write_contacts(page, writer)
        write_threads(page.threads.rows, writer)
        _write_messages(page, writer, at, lag)
        drop_threads(page.threads.rows, writer)
        _count(page)
        write_sketches(page.threads, page.change, page.practice)
    _write_kept(page, writer, at)


def _write_contacts(page: FetchedPage, writer: Writer) -> None:
    fresh, known = [], []
    for met in page.contacts.values():
        values = {
            "handle": met.author.handle,
            "name": met.author.name,
            "followers": met.author.followers,
            "first_seen": met.first_seen,
            "named_at": met.named_at,
        }
        if met.new:
            fresh.append({"id": met.id, "channel": page.account.channel, "network_id": met.author.network_id, **values})
        elif met.changed:
            known.append({"key": met.id, **values})
    writer.insert(Contact, fresh)
    writer.update(Contact, known)


def write_threads(rows: Rows, writer: Writer) -> None:
    """Conversations, episodes and turns."""
    writer.insert(Conversation, rows.new_conversations)
    writer.update(Conversation, rows.conversations)
    writer.insert(Episode, rows.new_episodes)
    writer.update(Episode, rows.episodes)
    writer.insert(Turn, rows.new_turns)
    writer.update(Turn, rows.turns)


def drop_threads(rows: Rows, writer: Writer) -> None:
    """Turns and episodes that a late message made needless, once nothing points to them."""
    writer.delete(Turn, rows.gone_turns)
    writer.delete(Episode, rows.gone_episodes)


def write_sketches(threads: Threads, change: Change, practice: Practice) -> None:
    """New waits join their sketches; a corrected wait has its sketches made again."""
    stale = threads.rows.stale
    add_waits(change.db, practice.workspace_id, [one for one in threads.rows.waits if one.cell not in stale])
    change.db.flush()
    rebuild_sketches(change.db, practice.workspace_id, practice.zone, stale)


def _write_messages(page: FetchedPage, writer: Writer, at: datetime, lag: timedelta | None) -> None:
    touched = {message.id: message for message in page.messages.values()}
    touched |= {message.id: message for held in page.by_contact.values() for message in held.unfolded}
    fresh = [one for one in touched.values() if one.new]
    known = [one for one in touched.values() if one.changed and not one.new]
    fetched = page.fetched if lag is None else None
    constant = {"account_id": page.account.id}
    writer.insert(
        Message,
        [
            {"id": one.id, "network_id": one.network_id, "direction": str(one.direction), "kind": str(one.kind)}
            | {"parent_id": one.parent_id, "automatic": one.automatic, **constant, **_values(page, one)}
            | _times(fetched or one.sent + (lag or timedelta()), at if lag is None else one.sent + lag)
            for one in fresh
        ],
    )
    writer.update(Message, [{"key": one.id, **_values(page, one)} for one in known])
    _write_versions(page, writer, list(touched.values()))


def _times(fetched: datetime, stored: datetime) -> dict[str, datetime]:
    return {"fetched": fetched, "stored": stored, "sorted": stored}


def _values(page: FetchedPage, message: InHand) -> dict[str, Any]:
    return {
        "conversation_id": message.conversation_id,
        "contact_id": message.contact_id,
        "turn_id": message.turn_id,
        "version_id": message.shown.version_id,
        "text": message.shown.text,
        "language": message.language,
        "media": message.media or None,
        "sent": message.sent,
        "edited": message.edited,
        "deleted": message.deleted,
        "user_id": message.user_id,
        "spam": message.spam,
        "grade_id": page.practice.grade_ids[message.rank] if message.rank else None,
        "topic_id": message.topic_id,
        "hours": message.hours,
        "hits": message.hits,
    }


def _write_versions(page: FetchedPage, writer: Writer, messages: list[InHand]) -> None:
    fresh = [(message, one) for message in messages for one in message.versions.values() if not one.stored]
    keys = page.ids.take(MessageVersion, len(fresh))
    writer.insert(
        MessageVersion,
        [
            {
                "id": key,
                "message_id": message.id,
                "version_id": one.version_id,
                "text": one.text,
                "at": one.at,
                "grade_id": page.practice.grade_ids[one.rank] if one.rank else None,
            }
            for key, (message, one) in zip(keys, fresh, strict=True)
        ],
    )


def _count(page: FetchedPage) -> None:
    moved: Counter[Cell] = Counter()
    for message in page.messages.values():
        cell = message.counted(page.practice, page.account.id)
        if cell != message.cell:
            if message.cell is not None:
                moved[message.cell] -= 1
            if cell is not None:
                moved[cell] += 1
    count_messages(page.db, page.account.workspace_id, page.practice.zone, moved)


def _write_kept(page: FetchedPage, writer: Writer, at: datetime) -> None:
    writer.insert_once(Tombstone, page.new_tombstones)
    writer.insert_once(Quarantined, [row | {"at": at} for row in page.quarantined])
    outcomes = Counter(page.counts.named())
    day = local_day(at, page.practice.zone)
    count_outcomes(page.db, page.account.workspace_id, page.account.id, day, outcomes)


def facts(page: FetchedPage) -> dict[str, Any]:
    """What the page's audit event states: counts, and for each message and conversation its standing; no texts."""
    rows = page.threads.rows
    moved = [(row["id"], row) for row in rows.new_conversations] + [(row["key"], row) for row in rows.conversations]
    return {
        "counts": page.counts.named(),
        "messages": [
            [one.id, page.change.digest(one.shown.text), one.rank, one.hours, one.sent.isoformat()]
            for one in page.messages.values()
            if one.new or one.changed
        ],
        "conversations": [[key, row["state"], row["rank"], _iso(row["since"]), _iso(row["due"])] for key, row in moved],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
