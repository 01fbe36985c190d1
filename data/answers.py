"""One reply to everybody in an incident: separate replies, sent one after the other, and what has become of them.

The event of the incident comes first and names whom it was meant for; each reply then is a change of its own like any other
(``data/outbox.py``), written at the same instant. What was not handed in is seen by its absence.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import actor_of, change
from data.database import Database
from data.outbox import Handed, queue_replies, withdraw
from models.audit import AuditEvent
from models.conversation import Conversation, State
from models.incidents import Incident, IncidentConversation
from models.outbox import Outgoing, OutgoingState
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound, WrongState

ACTION = "incident.answer"


def answer_all(
    database: Database, scope: Scope, incident_id: int, text: str, at: datetime, confirmed: Collection[str] = ()
) -> tuple[Handed, ...]:
    """Reply with one text to every conversation of the incident that is not closed, each as its contact wrote last.

    What is wrong with one stops no other. Raises ``BadValue`` (nothing to say, nobody to answer), ``IncidentClosed``,
    ``NotFound`` and ``NotPermitted``.
    """
    scope.require(Permission.REPLY)
    scope.require(Permission.INCIDENT)
    if not text.strip():
        raise BadValue("reply", "write something first")
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        found = c.db.scalar(
            select(Incident)
            .where(Incident.workspace_id == scope.workspace_id, Incident.id == incident_id)
            .with_for_update()
        )
        if found is None:
            raise NotFound
        found.must_be_open()
        wanted = _open_conversations(c.db, scope.workspace_id, incident_id)
        if not wanted:
            raise BadValue("reply", "there is no conversation here that is not closed")
        c.state(ACTION, "incident", incident_id, after={"conversations": wanted, "text": c.digest(text)})
    return queue_replies(database, scope, wanted, text, at, confirmed=confirmed)


def stop_answers(database: Database, scope: Scope, incident_id: int, batch: int, at: datetime) -> tuple[int, int]:
    """Take back what has not left of one reply to all; returns how many were taken back, and how many were too late.

    ``batch`` is the key of its event. Raises ``NotFound`` and ``NotPermitted``.
    """
    scope.require(Permission.REPLY)
    scope.require(Permission.INCIDENT)
    with database.read() as db:
        event = db.scalar(
            select(AuditEvent).where(
                AuditEvent.workspace_id == scope.workspace_id,
                AuditEvent.id == batch,
                AuditEvent.action == ACTION,
                AuditEvent.object_id == incident_id,
            )
        )
        if event is None:
            raise NotFound
        left = [reply.id for reply in replies_of(db, event) if reply.state in _HERE]
    stopped = late = 0
    for reply_id in left:
        try:
            withdraw(database, scope, reply_id, at)
            stopped += 1
        except WrongState:
            late += 1
    return stopped, late


_HERE = (OutgoingState.DRAFT, OutgoingState.APPROVED, OutgoingState.QUEUED)


def replies_of(db: Session, event: AuditEvent) -> list[Outgoing]:
    """The replies that one reply to all became."""
    return list(
        db.scalars(
            select(Outgoing)
            .where(
                Outgoing.workspace_id == event.workspace_id,
                Outgoing.conversation_id.in_(event.after["conversations"]),
                Outgoing.author_id == event.user_id,
                Outgoing.written == event.at,
            )
            .order_by(Outgoing.id)
        )
    )


def _open_conversations(db: Session, workspace_id: int, incident_id: int) -> list[int]:
    return list(
        db.scalars(
            select(Conversation.id)
            .join(IncidentConversation, IncidentConversation.conversation_id == Conversation.id)
            .where(
                Conversation.workspace_id == workspace_id,
                Conversation.state != State.CLOSED,
                IncidentConversation.incident_id == incident_id,
                IncidentConversation.removed.is_(None),
            )
            .order_by(Conversation.rank, Conversation.due.is_(None), Conversation.due, Conversation.id)
        )
    )
