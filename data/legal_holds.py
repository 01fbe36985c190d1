"""Legal holds: what must not go, whoever asks for it and whatever is due, until somebody lifts the hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import actor_of, change
from data.database import Database
from data.merging import CONTACTS, CONVERSATIONS, together
from models.conversation import Contact, Conversation
from models.incidents import Incident, IncidentConversation
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.retention import HeldThings, LegalHold, reason_of

KINDS: dict[str, Any] = {"contact": Contact, "conversation": Conversation, "incident": Incident}
"""What can be held."""


def hold(database: Database, scope: Scope, kind: str, key: int, reason: str, at: datetime) -> int:
    """Keep a contact, conversation or incident from erasure and disposal; returns the hold's key.

    Raises ``BadValue`` without a reason and where it is held already, ``NotFound`` and ``NotPermitted``.
    """
    scope.require(Permission.PRIVACY)
    why, entity = reason_of(reason), KINDS.get(kind)
    if entity is None or scope.user_id is None:
        raise NotFound
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        if c.db.scalar(select(entity.id).where(entity.workspace_id == c.workspace_id, entity.id == key)) is None:
            raise NotFound
        column = getattr(LegalHold, f"{kind}_id")
        standing = select(LegalHold.id).where(
            LegalHold.workspace_id == c.workspace_id, column == key, LegalHold.lifted.is_(None)
        )
        if c.db.scalar(standing) is not None:
            raise BadValue(kind, "it is held already")
        row = LegalHold(workspace_id=c.workspace_id, audit_id=c.audit_id, reason=why, begun=at, begun_by=scope.user_id)
        setattr(row, f"{kind}_id", key)
        c.db.add(row)
        c.db.flush()
        c.state("hold", kind, key, after={"hold": row.id}, reason=why)
    return row.id


def lift(database: Database, scope: Scope, hold_id: int, reason: str, at: datetime) -> None:
    """The hold ends. Raises ``BadValue`` without a reason, ``NotFound`` where none stands, and ``NotPermitted``."""
    scope.require(Permission.PRIVACY)
    why = reason_of(reason)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.get(LegalHold, hold_id)
        if row is None or row.workspace_id != c.workspace_id or row.lifted is not None:
            raise NotFound
        row.lifted, row.lifted_by, row.lifted_reason = at, scope.user_id, why
        kind, key = about(row)
        c.state("lift hold", kind, key, before={"hold": hold_id}, reason=why)


def about(row: LegalHold) -> tuple[str, int]:
    """What a hold is on: its kind and key."""
    return next((kind, key) for kind in KINDS if (key := getattr(row, f"{kind}_id")) is not None)


def held_things(db: Session, home: int) -> HeldThings:
    """Everything that holds keep: identities and threads that were merged count as one, incidents hold what is in them."""
    contacts: dict[int, str] = {}
    conversations: dict[int, str] = {}
    standing = select(LegalHold).where(LegalHold.workspace_id == home, LegalHold.lifted.is_(None))
    for row in db.scalars(standing.order_by(LegalHold.id)):
        kind, key = about(row)
        if kind == "contact":
            contacts |= dict.fromkeys(together(db, CONTACTS, home, key), row.reason)
            continue
        some = [key] if kind == "conversation" else _of_incident(db, home, key)
        for one in some:
            conversations |= dict.fromkeys(together(db, CONVERSATIONS, home, one), row.reason)
    return HeldThings(contacts, conversations)


def _of_incident(db: Session, home: int, incident_id: int) -> Iterable[int]:
    return db.scalars(
        select(IncidentConversation.conversation_id).where(
            IncidentConversation.workspace_id == home,
            IncidentConversation.incident_id == incident_id,
            IncidentConversation.removed.is_(None),
        )
    ).all()
