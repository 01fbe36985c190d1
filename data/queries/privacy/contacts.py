"""Contacts found by name, handle or number, and what is held of one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from data.database import Database
from data.legal_holds import held_things
from data.merging import CONTACTS, together
from data.practice import practice
from data.scouring import asked_for
from models.conversation import Contact, Conversation, Message
from models.erased import HIDDEN, called
from models.outbox import UNDER_WAY, Outgoing
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.retention import HeldThings
from models.snapshots.privacy import ContactHeld, ContactRow, ContactsPage

MOST = 50
"""Contacts shown of those that a search finds."""
LONGEST_KEY = 18
"""Digits of the longest number that is looked for as one."""


def contacts(database: Database, scope: Scope, search: str, chosen: int | None, now: datetime) -> ContactsPage:
    """Those whose handle or name holds ``search``, or whose number it is. Raises ``NotPermitted``, and ``NotFound`` for
    a chosen one that is not of this workspace.
    """
    scope.require(Permission.PRIVACY)
    with database.read() as db:
        found = _found(db, scope.workspace_id, search) if search else []
        return ContactsPage(
            workspace=practice(db, scope.workspace_id).mark,
            as_at=now,
            search=search,
            rows=tuple(found[:MOST]),
            more=len(found) > MOST,
            chosen=_held(db, scope.workspace_id, chosen) if chosen is not None else None,
            cleaning=bool(asked_for(db)),
            may_erase=scope.may(Permission.ERASE),
        )


def _found(db: Session, home: int, search: str) -> list[ContactRow]:
    words = search.casefold()
    either: list[ColumnElement[bool]] = [
        func.lower(column).contains(words, autoescape=True) for column in (Contact.handle, Contact.name)
    ]
    if search.isascii() and search.isdigit() and len(search) <= LONGEST_KEY:
        either.append(Contact.id == int(search))
    return _rows(db, home, or_(*either), MOST + 1)


def _rows(db: Session, home: int, wanted: ColumnElement[bool], most: int) -> list[ContactRow]:
    counted = (
        select(func.count())
        .where(Conversation.workspace_id == home, Conversation.contact_id == Contact.id)
        .correlate(Contact)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Contact, counted)
        .where(Contact.workspace_id == home, wanted)
        .order_by(Contact.first_seen.desc(), Contact.id.desc())
        .limit(most)
    )
    return [contact_row(one, number or 0) for one, number in rows]


def contact_row(one: Contact, conversations: int) -> ContactRow:
    """A contact as the pages show them."""
    return ContactRow(
        id=one.id,
        channel=one.channel,
        handle=one.handle,
        name=one.name,
        called=called(one.id, one.handle, one.name),
        since=one.first_seen,
        conversations=conversations,
        erased=one.network_id.startswith(HIDDEN),
    )


def _held(db: Session, home: int, chosen: int) -> ContactHeld:
    known = {one.id: one for one in _rows(db, home, Contact.id.in_(together(db, CONTACTS, home, chosen)), MOST)}
    if chosen not in known:
        raise NotFound
    ours = select(Conversation.id, Conversation.since).where(
        Conversation.workspace_id == home, Conversation.contact_id.in_(known)
    )
    rows = db.execute(ours.order_by(Conversation.id)).all()
    keys = [row.id for row in rows]
    messages = select(func.count(), func.min(Message.sent), func.max(Message.sent)).where(
        Message.workspace_id == home, or_(Message.conversation_id.in_(keys), Message.contact_id.in_(known))
    )
    number, first, last = db.execute(messages).one()
    return ContactHeld(
        row=known.pop(chosen),
        others=tuple(known.values()),
        conversations=tuple(keys),
        messages=number,
        first=first,
        last=last,
        waiting=tuple(row.id for row in rows if row.since is not None),
        under_way=_under_way(db, home, keys),
        kept=_kept(held_things(db, home), keys, (chosen, *known)),
    )


def _kept(held: HeldThings, keys: Iterable[int], people: Iterable[int]) -> str:
    found = [held.contacts.get(key, "") for key in people] + [held.conversations.get(key, "") for key in keys]
    return next(filter(None, found), "")


def _under_way(db: Session, home: int, keys: Iterable[int]) -> int:
    wanted = select(func.count()).where(
        Outgoing.workspace_id == home, Outgoing.conversation_id.in_(list(keys)), Outgoing.state.in_(UNDER_WAY)
    )
    return db.scalar(wanted) or 0
