"""To which incident a conversation belongs, and since when: what the queue, a thread and a history show of incidents."""

from collections.abc import Collection, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models.conversation import Conversation, State
from models.incidents import Incident, IncidentConversation
from models.people import User
from models.snapshots.cases import IncidentCount, IncidentMark
from models.snapshots.desk import ThreadEvent


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


def incident_counts(db: Session, workspace_id: int) -> tuple[IncidentCount, ...]:
    """Incidents that go on with how many of their conversations are not closed, the newest first."""
    counted = (
        select(func.count())
        .select_from(IncidentConversation)
        .join(Conversation, Conversation.id == IncidentConversation.conversation_id)
        .where(
            IncidentConversation.incident_id == Incident.id,
            IncidentConversation.removed.is_(None),
            Conversation.state != State.CLOSED,
        )
        .correlate(Incident)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Incident.id, Incident.name, counted)
        .where(Incident.workspace_id == workspace_id, Incident.closed.is_(None))
        .order_by(Incident.opened.desc(), Incident.id.desc())
    )
    return tuple(IncidentCount(key, name, number) for key, name, number in rows)


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
