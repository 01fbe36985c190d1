"""How far each reply to everybody in an incident has come."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.answers import ACTION, replies_of
from models.audit import AuditEvent
from models.conversation import Contact, Conversation
from models.outbox import UNDO, OutgoingState
from models.snapshots.cases import Answer, NotHanded

MOST = 10
"""Replies to all of one incident that are shown, the newest."""
WAITING = (OutgoingState.APPROVED, OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.UNKNOWN)
STOPPED = (OutgoingState.WITHDRAWN,)


def answers_of(db: Session, workspace_id: int, incident_id: int, now: datetime) -> tuple[Answer, ...]:
    """Every reply to all of this incident, the newest first."""
    events = db.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.workspace_id == workspace_id,
            AuditEvent.object == "incident",
            AuditEvent.object_id == incident_id,
            AuditEvent.action == ACTION,
        )
        .order_by(AuditEvent.id.desc())
        .limit(MOST)
    )
    return tuple(_answer(db, event, now) for event in events)


def _answer(db: Session, event: AuditEvent, now: datetime) -> Answer:
    wanted: list[int] = event.after["conversations"]
    replies = replies_of(db, event)
    states = Counter(reply.state for reply in replies)
    waiting, stopped = (sum(states[one] for one in some) for some in (WAITING, STOPPED))
    asking = {reply.conversation_id: reply.reason for reply in replies if _asks(reply.state)}
    handed = {reply.conversation_id for reply in replies}
    missing = dict.fromkeys(wanted, "a colleague answers it, or the network does not take this text")
    missing = {key: why for key, why in missing.items() if key not in handed}
    return Answer(
        batch=event.id,
        at=event.at,
        by=event.actor,
        text=replies[0].text if replies else "",
        total=len(wanted),
        sent=states[OutgoingState.SENT],
        waiting=waiting,
        stopped=stopped,
        people=_people(db, event.workspace_id, {**missing, **asking}),
        undo_until=event.at + UNDO if event.at + UNDO > now and waiting else None,
    )


def _asks(state: str) -> bool:
    return state not in (*WAITING, *STOPPED, OutgoingState.SENT)


def _people(db: Session, workspace_id: int, why: dict[int, str]) -> tuple[NotHanded, ...]:
    rows: Any = db.execute(
        select(Conversation.id, Contact.name, Contact.handle)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.workspace_id == workspace_id, Conversation.id.in_(sorted(why)))
        .order_by(Conversation.id)
    )
    return tuple(NotHanded(row.id, row.name or row.handle, why[row.id]) for row in rows)
