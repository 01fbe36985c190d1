"""The demonstration while it is served: an incident starts with the server, the day goes on, and colleagues answer."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from data.audit import change
from data.clock import Clock
from data.database import Database
from data.demonstration.gathering import gather
from data.demonstration.loading import (
    FILLED,
    INCIDENTS,
    STORY,
    accounts,
    incidents,
    note,
    read,
    tell,
    user_ids,
)
from data.demonstration.story import Event, between
from data.reading import poll_of
from models.conversation import Message
from models.posts import Post
from models.workspace import Account

AHEAD = timedelta(hours=48)
HEAD_START = timedelta(seconds=5)


def begin(database: Database, clock: Clock, folder: Path) -> None:
    """Start an incident now, and lay out what the accounts will give for two days as files that ``replay`` reads.

    Posts by the public, and replies written outside Watchroom, come through the pollers like any network's.
    """
    start = clock() + HEAD_START
    with database.write() as db:
        note(db, INCIDENTS, json.dumps([at.isoformat() for at in (*incidents(database), start)]))
    events = between(start, start + AHEAD, [start])
    folder.mkdir(parents=True, exist_ok=True)
    for number, place in enumerate(accounts(database)):
        lines = [event.post for event in events if event.account == number and event.post and not event.by]
        path = folder / f"account-{place.id}.jsonl"
        path.write_text("".join(f"{json.dumps(_line(post), ensure_ascii=False)}\n" for post in lines), "utf-8")
        first = lines[0].sent if lines else start
        _aim(database, place, path, first, clock())


def _aim(database: Database, place: Account, path: Path, first: datetime, at: datetime) -> None:
    settings = {"path": str(path.resolve()), "start": first.isoformat(), "format": "jsonl"}
    with change(database, place.workspace_id, STORY, at) as c:
        row = c.db.get_one(Account, place.id)
        row.settings = settings
        poll = poll_of(c.db, place.workspace_id, place.id)
        poll.cursor, poll.next_attempt = None, None
        newest = select(func.max(Message.stored)).where(Message.account_id == place.id)
        poll.last_new = c.db.scalar(newest)
        c.state("account.settings", "account", place.id, after={"start": settings["start"]})


def _line(post: Post) -> dict[str, object]:
    """A post in the format of docs/replay.md."""
    line: dict[str, object] = {
        "network_id": post.network_id,
        "sent": post.sent.isoformat(),
        "text": post.text,
        "kind": str(post.kind),
        "direction": str(post.direction),
        "parent_id": post.parent_id,
        "language": post.language,
        "media": [{"kind": media.kind, "description": media.description} for media in post.media],
    }
    if post.contact is not None:
        line |= {
            "contact_id": post.contact.network_id,
            "contact_handle": post.contact.handle,
            "contact_name": post.contact.name,
        }
    return {name: value for name, value in line.items() if value not in (None, [])}


def catch_up(database: Database, clock: Clock) -> None:
    """What colleagues did since the last time: their replies and closings, at the instants the story gives them.

    Run every few seconds by the scheduler while a demonstration is served.
    """
    now = clock()
    begin_at = datetime.fromisoformat(read(database, FILLED) or now.isoformat())
    if begin_at >= now:
        return
    events = [event for event in between(begin_at, now, incidents(database)) if _by_colleagues(event)]
    if events:
        tell(database, events, accounts(database), user_ids(database), now, lag=None)
    with database.write() as db:
        note(db, FILLED, now.isoformat())
    began = incidents(database)
    if began:
        gather(database, began[-1], now)


def _by_colleagues(event: Event) -> bool:
    return event.by is not None or event.closing is not None
