"""Writing a sorted page: every row once, parents before children, sums in the same transaction."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from data.audit import Change
from data.calling import announce, call
from data.deadlines import keep
from data.holds import retime
from data.inhand import InHand
from data.intervals import END, beginning, ending, turned
from data.page import FetchedPage
from data.practice import Practice
from data.rollups import Cell, count_messages, count_outcomes, local_day, move_sketches
from data.threads import ThreadRows
from data.upserts import upsert
from data.watch import expect
from models.conversation import (
    Contact,
    Conversation,
    Episode,
    Interval,
    Message,
    MessageVersion,
    Quarantined,
    Tombstone,
    Turn,
)


class Writer:
    """Core statements for the workspace of one change."""

    def __init__(self, change: Change) -> None:
        self._home = {"workspace_id": change.workspace_id}
        self._audit = {"audit_id": change.audit_id}
        self.connection = change.db.connection()

    def insert(self, entity: Any, rows: list[dict[str, Any]]) -> None:
        """New rows; all have the same columns."""
        if rows:
            common = self._home | (self._audit if "audit_id" in entity.__table__.c else {})
            self.connection.execute(_insertion(entity), [common | row for row in rows])

    def update(self, entity: Any, rows: list[dict[str, Any]]) -> None:
        """Changed rows of a business table: ``key`` names the row, the rest are its new values."""
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            by_columns.setdefault(tuple(sorted(row)), []).append(row | self._audit)
        for columns, some in by_columns.items():
            self.connection.execute(_update(entity, columns), some)

    def end(self, rows: list[dict[str, Any]]) -> None:
        """Open intervals end: ``of`` a conversation, ``about`` its state or grade, ``until`` when."""
        if rows:
            event = {"event": self._audit["audit_id"]}
            self.connection.execute(END, [row | event for row in rows])

    def upsert(self, entity: Any, rows: list[dict[str, Any]]) -> None:
        """Rows of a table without events, whether they stand there already or not."""
        upsert(self.connection, entity, [self._home | row for row in rows])

    def delete(self, entity: Any, keys: list[int]) -> None:
        """Rows that are no longer needed."""
        if keys:
            self.connection.execute(_deletion(entity), {"keys": keys})


@cache
def _insertion(entity: Any) -> Any:
    return insert(entity.__table__)


@cache
def _update(entity: Any, columns: tuple[str, ...]) -> Any:
    table = entity.__table__
    values: dict[str, Any] = {name: bindparam(name) for name in ("audit_id", *columns) if name != "key"}
    return update(table).where(table.c.id == bindparam("key")).values(values)


@cache
def _deletion(entity: Any) -> Any:
    table = entity.__table__
    return delete(table).where(table.c.id.in_(bindparam("keys", expanding=True)))


_TOMBSTONES_MET = delete(Tombstone).where(
    Tombstone.workspace_id == bindparam("workspace_id"),
    Tombstone.account_id == bindparam("account_id"),
    Tombstone.network_id.in_(bindparam("network_ids", expanding=True)),
)


def write_page(page: FetchedPage, at: datetime, lag: timedelta | None = None) -> None:
    """All rows of a page. ``at`` is when it was stored, unless every post was stored ``lag`` after it was sent."""
    if page.counts.changed:
        writer = Writer(page.change)
        rows = page.unfolding.rows
        page.unfolding.unfold(page.threads.values(), page.messages.values())
        writer.insert(Contact, page.contacts.fresh())
        writer.update(Contact, page.contacts.changed())
        write_threads(rows, writer, page.practice, at, lag)
        _write_messages(page, writer, at, lag)
        finish_threads(rows, writer, page.practice, page.change, quiet=lag is not None)
        if lag is None:
            call(page)
            announce(page)
        _count(page)
        if page.unfolding.rows.new_turns or page.unfolding.rows.turns:
            expect(page.db, page.account.workspace_id, page.account.id, at)
        _write_kept(page, writer, at)
    outcomes = Counter(page.counts.named())
    day = local_day(at, page.practice.zone)
    count_outcomes(page.db, page.account.workspace_id, page.account.id, day, outcomes)


def write_threads(
    rows: ThreadRows, writer: Writer, practice: Practice, at: datetime, lag: timedelta | None = None
) -> None:
    """Conversations, episodes, turns, and since when conversations stand as they do."""
    told = turned(rows, practice, at, lag)
    writer.insert(Conversation, rows.new_conversations)
    writer.update(Conversation, rows.conversations)
    writer.insert(Episode, rows.new_episodes)
    writer.update(Episode, rows.episodes)
    writer.insert(Turn, rows.new_turns)
    writer.update(Turn, rows.turns)
    writer.end(ending(told, rows))
    writer.insert(Interval, beginning(told))


def finish_threads(
    rows: ThreadRows, writer: Writer, practice: Practice, change: Change, *, quiet: bool = False
) -> None:
    """Once the messages are written: turns and episodes that nothing points to any more go, the waits are summed, claims
    lapse by the grades that their conversations have now, and so do the instants at which turns are due soon and breached.
    """
    writer.delete(Turn, rows.gone_turns)
    writer.delete(Episode, rows.gone_episodes)
    move_sketches(change.db, practice.workspace_id, practice.zone, rows.waits, rows.stale)
    retime(change.db, practice, [row["key"] for row in rows.conversations])
    keep(change, practice, rows, quiet=quiet)


def _write_messages(page: FetchedPage, writer: Writer, at: datetime, lag: timedelta | None) -> None:
    touched = _touched(page)
    writer.insert(
        Message,
        [
            {
                "id": one.id,
                "account_id": page.account.id,
                "network_id": one.network_id,
                "direction": str(one.direction),
                "kind": str(one.kind),
                "parent_id": one.parent_id,
                "automatic": one.automatic,
                **_values(page.practice, one),
                **_times(one.sent, page.fetched, at, lag),
            }
            for one in touched
            if one.new
        ],
    )
    known = [one for one in touched if one.changed and not one.new]
    writer.update(Message, [{"key": one.id, **_values(page.practice, one)} for one in known])
    _write_versions(page, writer, touched)


def _touched(page: FetchedPage) -> list[InHand]:
    """The page's messages, and those whose turn moved with theirs."""
    touched = {message.id: message for message in page.messages.values()}
    for thread in page.threads.values():
        touched |= {message.id: message for message in thread.whole}
    return list(touched.values())


def _times(sent: datetime, fetched: datetime, at: datetime, lag: timedelta | None) -> dict[str, datetime]:
    stored = at if lag is None else sent + lag
    return {"fetched": fetched if lag is None else stored, "stored": stored, "sorted": stored}


def _values(practice: Practice, message: InHand) -> dict[str, Any]:
    rank = message.rank
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
        "grade_id": practice.grade_ids[rank] if rank else None,
        "topic_id": message.topic_id,
        "topic_set": message.topic_set,
        "hours": message.hours,
        "hits": message.hits,
    }


def _write_versions(page: FetchedPage, writer: Writer, messages: list[InHand]) -> None:
    all_versions = [(message, one) for message in messages for one in message.versions.values()]
    fresh = [(message, one) for message, one in all_versions if one.row is None]
    writer.insert(
        MessageVersion,
        [
            {"id": key, "message_id": message.id, "version_id": one.version_id, "text": one.text, "at": one.at}
            | {"grade_id": page.practice.grade_ids[one.rank] if one.rank else None}
            for key, (message, one) in zip(page.ids.take(MessageVersion, len(fresh)), fresh, strict=True)
        ],
    )
    changed = [one for _, one in all_versions if one.row is not None and one.changed]
    grade_ids = page.practice.grade_ids
    writer.update(
        MessageVersion, [{"key": one.row, "grade_id": grade_ids[one.rank] if one.rank else None} for one in changed]
    )


def _count(page: FetchedPage) -> None:
    moved: Counter[Cell] = Counter()
    for message in page.messages.values():
        if message.inbound:
            moved[message.counted(page.practice, page.account.id)] += 1
            if message.cell is not None:
                moved[message.cell] -= 1
    count_messages(page.db, page.account.workspace_id, page.practice.zone, moved)


def _write_kept(page: FetchedPage, writer: Writer, at: datetime) -> None:
    """What waits for its post, and what could not be read."""
    account_id = page.account.id
    rows = [{"account_id": account_id, "network_id": key, "deleted": at} for key, at in page.early.items()]
    writer.upsert(Tombstone, rows)
    if page.met:
        place = {"workspace_id": page.account.workspace_id, "account_id": account_id}
        writer.connection.execute(_TOMBSTONES_MET, {**place, "network_ids": page.met})
    writer.insert(Quarantined, [row | {"at": at} for row in page.quarantined])


def facts(page: FetchedPage) -> dict[str, Any]:
    """What the page's audit event states: counts, and for each message and conversation its standing; no texts."""
    rows = page.unfolding.rows
    moved = [(row["id"], row) for row in rows.new_conversations] + [(row["key"], row) for row in rows.conversations]
    return {
        **({"alarms": sorted(page.alarms.items())} if page.alarms else {}),
        "counts": page.counts.named(),
        "messages": [
            [one.id, page.change.digest(one.shown.text), one.rank, one.hours, one.sent.isoformat()]
            for one in _touched(page)
            if one.new or one.changed
        ],
        "conversations": [[key, row["state"], row["rank"], _iso(row["since"]), _iso(row["due"])] for key, row in moved],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
