"""To which incident a conversation belongs, and since when: what the queue, a thread and a history show of incidents."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from models.conversation import Conversation
from models.incidents import Incident, IncidentConversation
from models.merging import ContactMerge, ConversationMerge
from models.people import User
from models.permissions import Permission, Scope
from models.snapshots.cases import IncidentCount, IncidentMark
from models.snapshots.desk import ThreadEvent

MEMBER = (IncidentConversation.conversation_id == Conversation.id) & IncidentConversation.removed.is_(None)
"""Joins a conversation to the incident that it belongs to."""
IS_MERGED = or_(
    exists().where(ConversationMerge.part_id == Conversation.id, ConversationMerge.ended.is_(None)),
    exists().where(ConversationMerge.lead_id == Conversation.id, ConversationMerge.ended.is_(None)),
)
"""Whether a conversation is shown as one thread with others."""

IS_KNOWN_OTHERWISE = or_(
    exists().where(ContactMerge.part_id == Conversation.contact_id, ContactMerge.ended.is_(None)),
    exists().where(ContactMerge.lead_id == Conversation.contact_id, ContactMerge.ended.is_(None)),
)
"""Whether the contact of a conversation has other identities."""


def incident_mark(row: Incident) -> IncidentMark:
    """An incident as other pages name it."""
    return IncidentMark(row.id, row.name, row.reference, row.veracity, row.closed is None)


def incident_of(db: Session, workspace_id: int, conversation_id: int) -> IncidentMark | None:
    """The incident that a conversation belongs to."""
    row = db.scalar(
        select(Incident)
        .join(IncidentConversation, IncidentConversation.incident_id == Incident.id)
        .where(
            Incident.workspace_id == workspace_id,
            IncidentConversation.conversation_id == conversation_id,
            IncidentConversation.removed.is_(None),
        )
    )
    return incident_mark(row) if row is not None else None


def open_incidents(db: Session, workspace_id: int) -> tuple[IncidentMark, ...]:
    """Incidents that go on, the newest first."""
    rows = db.scalars(
        select(Incident)
        .where(Incident.workspace_id == workspace_id, Incident.closed.is_(None))
        .order_by(Incident.opened.desc(), Incident.id.desc())
    )
    return tuple(incident_mark(row) for row in rows)


def incidents_here(database: Database, scope: Scope) -> tuple[IncidentMark, ...]:
    """Incidents of this workspace that go on, the newest first. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with database.read() as db:
        return open_incidents(db, scope.workspace_id)


def incident_counts(db: Session, shown: ColumnElement[bool], values: Mapping[str, Any]) -> tuple[IncidentCount, ...]:
    """Incidents that go on with how many of their conversations are ``shown``, the newest first.

    ``values`` are what the condition compares with; ``home`` among them is the workspace.
    """
    counted = (
        select(Incident.id, Incident.name, func.count(Conversation.id).filter(shown))
        .outerjoin(
            IncidentConversation,
            (IncidentConversation.incident_id == Incident.id) & IncidentConversation.removed.is_(None),
        )
        .outerjoin(Conversation, Conversation.id == IncidentConversation.conversation_id)
        .where(Incident.workspace_id == bindparam("home"), Incident.closed.is_(None))
        .group_by(Incident.id, Incident.name, Incident.opened)
        .order_by(Incident.opened.desc(), Incident.id.desc())
    )
    return tuple(IncidentCount(key, name, number) for key, name, number in db.connection().execute(counted, values))


def incident_events(db: Session, workspace_id: int, conversation_ids: Collection[int]) -> Iterator[ThreadEvent]:
    """When conversations were added to incidents and taken out, and by whom."""
    did, undid = aliased(User), aliased(User)
    rows = db.execute(
        select(
            IncidentConversation.added,
            IncidentConversation.removed,
            Incident.name,
            Incident.reference,
            did.name.label("did"),
            undid.name.label("undid"),
        )
        .join(Incident, Incident.id == IncidentConversation.incident_id)
        .outerjoin(did, did.id == IncidentConversation.added_by_id)
        .outerjoin(undid, undid.id == IncidentConversation.removed_by_id)
        .where(
            IncidentConversation.workspace_id == workspace_id,
            IncidentConversation.conversation_id.in_(list(conversation_ids)),
        )
    )
    for row in rows:
        called = (("incident", f"{row.name} ({row.reference})" if row.reference else row.name),)
        yield ThreadEvent(row.added, "incident add", row.did or "", called)
        if row.removed is not None:
            yield ThreadEvent(row.removed, "incident remove", row.undid or "", called)
