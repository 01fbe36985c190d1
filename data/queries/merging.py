"""What belongs with a conversation by merges, and what might."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.merging import CONTACTS, CONVERSATIONS, Kind, together
from data.practice import Practice
from data.queries.heading import heading
from data.queries.members import incident_of
from models.conversation import Contact, Conversation
from models.people import User
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.snapshots.cases import Bonds, Identity, Mergeable, Part
from models.snapshots.desk import ThreadEvent
from models.workspace import Account

OFFERED = 10
"""Identities that the form offers at once."""


def bonds_of(db: Session, ways: Practice, conversation_id: int, contact_id: int) -> Bonds:
    """What colleagues say of the conversation, but for the flags."""
    home = ways.workspace_id
    threads = together(db, CONVERSATIONS, home, conversation_id)
    people = together(db, CONTACTS, home, contact_id)
    return Bonds(
        _parts(db, ways, threads) if len(threads) > 1 else (),
        _identities(db, home, people) if len(people) > 1 else (),
        incident_of(db, home, conversation_id),
    )


def merge_events(db: Session, kind: Kind, workspace_id: int, keys: Collection[int]) -> Iterator[ThreadEvent]:
    """Merges and partings that touch any of the keys, with who did it and why."""
    link, did, undid = kind.link, aliased(User), aliased(User)
    rows = db.execute(
        select(link.begun, link.ended, link.reason, did.name.label("did"), undid.name.label("undid"))
        .outerjoin(did, did.id == link.by_id)
        .outerjoin(undid, undid.id == link.ended_by_id)
        .where(link.workspace_id == workspace_id, or_(link.lead_id.in_(list(keys)), link.part_id.in_(list(keys))))
    )
    for row in rows:
        yield ThreadEvent(row.begun, f"merge {kind.word}", row.did or "", (("reason", row.reason),))
        if row.ended is not None:
            yield ThreadEvent(row.ended, f"unmerge {kind.word}", row.undid or "")


def mergeable(database: Database, scope: Scope, conversation_id: int, sought: str, now: datetime) -> Mergeable:
    """What the forms of merging offer. Without ``sought`` they are identities with the same name.

    Raises ``NotFound`` and ``NotPermitted``.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        row = db.execute(
            select(Conversation.contact_id, Contact.name, Contact.handle)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Conversation.workspace_id == scope.workspace_id, Conversation.id == conversation_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        person = together(db, CONTACTS, scope.workspace_id, row.contact_id)
        thread = together(db, CONVERSATIONS, scope.workspace_id, conversation_id)
        others = db.scalars(
            select(Conversation.id).where(
                Conversation.workspace_id == scope.workspace_id,
                Conversation.contact_id.in_(person),
                Conversation.id.not_in(thread),
            )
        )
        return Mergeable(
            conversation_id=conversation_id,
            contact_id=row.contact_id,
            workspace=head.ways.mark,
            as_at=now,
            contact=row.name or row.handle,
            sought=sought,
            identities=_alike(db, scope.workspace_id, person, sought.strip() or row.name or row.handle),
            conversations=_parts(db, head.ways, tuple(others)),
            bonds=bonds_of(db, head.ways, conversation_id, row.contact_id),
        )


def _alike(db: Session, workspace_id: int, person: Collection[int], words: str) -> tuple[Identity, ...]:
    """Identities whose name or handle holds the words."""
    rows = db.execute(
        select(Contact.id, Contact.channel, Contact.handle, Contact.name)
        .where(
            Contact.workspace_id == workspace_id,
            Contact.id.not_in(person),
            or_(
                func.lower(Contact.name).contains(words.lower(), autoescape=True),
                func.lower(Contact.handle).contains(words.lower(), autoescape=True),
            ),
        )
        .order_by(Contact.name, Contact.handle, Contact.id)
        .limit(OFFERED)
    )
    return tuple(Identity(row.id, row.channel, row.handle, row.name, lead=False, merge_id=None) for row in rows)


def _identities(db: Session, workspace_id: int, keys: tuple[int, ...]) -> tuple[Identity, ...]:
    held = _held(db, CONTACTS, workspace_id, keys)
    rows = db.execute(
        select(Contact.id, Contact.channel, Contact.handle, Contact.name)
        .where(Contact.workspace_id == workspace_id, Contact.id.in_(keys))
        .order_by(Contact.id)
    )
    found = [Identity(row.id, row.channel, row.handle, row.name, row.id not in held, held.get(row.id)) for row in rows]
    return tuple(sorted(found, key=lambda one: not one.lead))


def _parts(db: Session, ways: Practice, keys: tuple[int, ...]) -> tuple[Part, ...]:
    if not keys:
        return ()
    held = _held(db, CONVERSATIONS, ways.workspace_id, keys)
    rows = db.execute(
        select(
            Conversation.id,
            Conversation.rank,
            Conversation.state,
            Conversation.since,
            Contact.name,
            Contact.handle,
            Account.channel,
            Account.handle.label("account"),
        )
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Account, Account.id == Conversation.account_id)
        .where(Conversation.workspace_id == ways.workspace_id, Conversation.id.in_(keys))
        .order_by(Conversation.id)
    )
    found = [_part(row, ways, held) for row in rows]
    return tuple(sorted(found, key=lambda one: not one.lead))


def _part(row: Any, ways: Practice, held: dict[int, int]) -> Part:
    return Part(
        id=row.id,
        channel=row.channel,
        account=row.account,
        contact=row.name or row.handle,
        handle=row.handle,
        grade=ways.grade(row.rank),
        state=row.state,
        since=row.since,
        lead=row.id not in held,
        merge_id=held.get(row.id),
    )


def _held(db: Session, kind: Kind, workspace_id: int, keys: Collection[int]) -> dict[int, int]:
    """The merge that holds each key to its lead; leads have none."""
    link = kind.link
    rows = db.execute(
        select(link.part_id, link.id).where(
            link.workspace_id == workspace_id, link.part_id.in_(list(keys)), link.ended.is_(None)
        )
    )
    return {row.part_id: row.id for row in rows}
