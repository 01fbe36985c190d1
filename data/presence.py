"""Who has a conversation on the screen now and who writes in it: said by pages every few seconds, true for a little longer.

It lives in the database, so that several processes know the same; it is no business row and has no event (that somebody
viewed a conversation has one: ``data/viewing.py``). The workspace's ``Revision.presence`` grows when anything of it changes.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from data.audit import CHANNEL
from data.database import Database
from data.holds import act
from data.practice import practice
from models.audit import Revision
from models.claims import Hold
from models.conversation import Conversation
from models.people import User
from models.permissions import Permission, Scope
from models.presence import KEPT, LIFE, STILL_WRITING, Presence
from models.problems import BadValue, NotFound, NotSaved
from models.snapshots.claims import Looking, Watcher

MOST_PAGES = 20
"""Windows of one person that count at the same time."""
_TELL = text("SELECT pg_notify(:channel, :what)")


@dataclass(frozen=True, slots=True)
class Beat:
    """What a page says: ``page`` names it; ``typed`` and ``acted`` since it last said so."""

    conversation_id: int
    page: str
    typed: bool = False
    acted: bool = False


def beat(database: Database, scope: Scope, said: Beat, at: datetime) -> Looking:
    """A page shows the conversation to the person of the scope: who else is there, and how its claim stands.

    Where the database takes no changes, what stands there is still told. Raises ``NotFound`` and ``NotPermitted``.
    """
    scope.require(Permission.READ)
    if scope.user_id is None:
        raise NotFound
    with database.read() as db:
        _check(db, scope, said.conversation_id)
    with suppress(NotSaved):
        if said.typed or said.acted:
            act(database, scope, said.conversation_id, at)
        with database.write() as db:
            if _put(db, scope, said, at):
                _raise_presence(db, scope.workspace_id)
    return looking(database, scope, said.conversation_id, at)


def leave(database: Database, scope: Scope, page: str, at: datetime) -> None:
    """A page shows it no more. One that nobody knows of changes nothing. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with suppress(NotSaved), database.write() as db:
        gone = db.execute(
            update(Presence)
            .where(
                Presence.workspace_id == scope.workspace_id,
                Presence.user_id == scope.user_id,
                Presence.page == page,
                Presence.until > at,
            )
            .values(until=at, writing_until=None)
            .returning(Presence.page)
        )
        if gone.first() is not None:
            _raise_presence(db, scope.workspace_id)


def looking(database: Database, scope: Scope, conversation_id: int, at: datetime) -> Looking:
    """Who else looks at it now, and, where its holder has gone quiet, when the claim lapses."""
    with database.read() as db:
        rows = db.execute(
            select(User.id, User.name, func.max(Presence.writing_until).label("writing_until"))
            .join(Presence, Presence.user_id == User.id)
            .where(
                Presence.workspace_id == scope.workspace_id,
                Presence.conversation_id == conversation_id,
                Presence.until > at,
                User.id != scope.user_id,
            )
            .group_by(User.id, User.name)
            .order_by(User.name, User.id)
        ).all()
        watchers = tuple(Watcher(row.name, row.writing_until is not None and row.writing_until > at) for row in rows)
        return _quiet(db, scope, conversation_id, at, watchers)


def marks(db: Session, workspace_id: int, now: datetime) -> dict[int, str]:
    """For each conversation that somebody looks at, or did a minute ago, a text that differs when who does so changes."""
    rows = db.connection().execute(
        select(Presence.conversation_id, Presence.user_id, Presence.until, Presence.writing_until)
        .where(Presence.workspace_id == workspace_id, Presence.until > now - KEPT)
        .order_by(Presence.conversation_id, Presence.user_id, Presence.page)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        here = found.setdefault(row.conversation_id, [])
        if row.until > now:
            here.append((row.user_id, row.writing_until is not None and row.writing_until > now))
    return {key: repr(sorted(set(here))) for key, here in found.items()}


def _check(db: Session, scope: Scope, conversation_id: int) -> None:
    here = select(Conversation.id).where(
        Conversation.workspace_id == scope.workspace_id, Conversation.id == conversation_id
    )
    if db.scalar(here) is None:
        raise NotFound


def _put(db: Session, scope: Scope, said: Beat, at: datetime) -> bool:
    """Write it down; whether others would see something else now."""
    user_id = scope.user_id or 0
    row = db.get(Presence, (scope.workspace_id, user_id, said.page))
    if row is None:
        _make_room(db, scope.workspace_id, user_id, at)
        row = Presence(workspace_id=scope.workspace_id, user_id=user_id, page=said.page, conversation_id=0, until=at)
        db.add(row)
    before = (row.conversation_id, row.until > at, row.writing_until is not None and row.writing_until > at)
    row.conversation_id, row.until = said.conversation_id, at + LIFE
    if said.typed:
        row.writing_until = at + STILL_WRITING
    elif before[0] != said.conversation_id:
        row.writing_until = None
    return before != (said.conversation_id, True, row.writing_until is not None and row.writing_until > at)


def _make_room(db: Session, workspace_id: int, user_id: int, at: datetime) -> None:
    """Take away what ended long ago. Raises ``BadValue`` for more windows than anybody opens."""
    db.execute(delete(Presence).where(Presence.workspace_id == workspace_id, Presence.until < at - KEPT))
    mine = select(func.count()).where(Presence.workspace_id == workspace_id, Presence.user_id == user_id)
    if (db.scalar(mine.where(Presence.until > at)) or 0) >= MOST_PAGES:
        raise BadValue("page", "close some windows: too many are open")


def _raise_presence(db: Session, workspace_id: int) -> None:
    db.execute(update(Revision).where(Revision.workspace_id == workspace_id).values(presence=Revision.presence + 1))
    if db.connection().dialect.name == "postgresql":
        db.execute(_TELL, {"channel": CHANNEL, "what": f"{workspace_id}:presence"})


def _quiet(db: Session, scope: Scope, conversation_id: int, at: datetime, watchers: Sequence[Watcher]) -> Looking:
    row = db.execute(
        select(Hold.acted, Hold.lapses, Hold.rank, Hold.user_id, User.name)
        .join(User, User.id == Hold.user_id)
        .where(
            Hold.workspace_id == scope.workspace_id,
            Hold.conversation_id == conversation_id,
            Hold.look.is_not(None),
        )
    ).one_or_none()
    if row is None or practice(db, scope.workspace_id).idle_from(row.acted, row.rank) > at:
        return Looking(tuple(watchers))
    return Looking(tuple(watchers), row.name, row.user_id == scope.user_id, row.acted, row.lapses)
