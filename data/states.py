"""Where a conversation stands, as people change it at the desk. Each function is one transaction with one event."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import holds
from data.audit import Change, actor_of, change
from data.closing import write_closed
from data.database import Database
from data.desk import locked, person_of
from data.ids import Ids
from data.practice import practice
from data.threads import Thread, Threads
from models.audit import AuditEvent
from models.conversation import Conversation, State
from models.permissions import Permission, Scope
from models.problems import AlreadyClosed, BadValue
from models.turns import Said, What
from models.workspace import Account, Outcome


def close(database: Database, scope: Scope, conversation_id: int, outcome_id: int | None, at: datetime) -> str:
    """Close it with an outcome of the workspace, whose word is returned. Nobody holds it afterwards.

    Raises ``AlreadyClosed``, ``BadValue`` (no such outcome), ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.CLOSE)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        outcome = _outcome(c.db, scope, outcome_id)
        before = {"state": conversation.state, "holder": conversation.holder_id}
        try:
            conversation.close()
        except AlreadyClosed:
            raise AlreadyClosed(_who_closed(c.db, conversation)) from None
        holds.end_of(c, conversation_id)
        _unfold(c, conversation, outcome.id)
        after = {"state": str(State.CLOSED), "holder": None, "outcome": outcome.word}
        c.state("close", "conversation", conversation_id, before=before, after=after)
        return outcome.word


def _who_closed(db: Session, conversation: Conversation) -> str:
    """Who did what closed it, from the record; empty where a closing of many did."""
    closed = (
        select(AuditEvent.actor)
        .where(
            AuditEvent.workspace_id == conversation.workspace_id,
            AuditEvent.object == "conversation",
            AuditEvent.object_id == conversation.id,
            AuditEvent.action == "close",
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return db.scalar(closed) or ""


def _unfold(c: Change, conversation: Conversation, outcome_id: int) -> None:
    """Its turn and its episode end with the outcome: now, or with the last message where a network's clock is ahead.

    The row is written once, with what the move made of it: an event covers one change of a row.
    """
    moved = {name: getattr(conversation, name) for name in ("state", "holder_id", "held_since")}
    c.db.expire(conversation)
    row = c.db.connection().execute(select(Conversation.__table__).where(Conversation.id == conversation.id)).one()
    said = Said(max(c.at, row.last_at), What.CLOSING, "closed", outcome=outcome_id)
    thread = Thread(row.id, row.account_id, row.contact_id, row, closings=[said])
    ways = practice(c.db, c.workspace_id)
    unfolding = Threads(c.db, ways, c.db.get_one(Account, row.account_id).channel, Ids(c.db))
    unfolding.unfold([thread])
    written = unfolding.rows.conversations.pop() if unfolding.rows.conversations else {"key": row.id}
    unfolding.rows.conversations.append(written | moved)
    write_closed(c, ways, unfolding, [thread])


def _outcome(db: Session, scope: Scope, outcome_id: int | None) -> Outcome:
    found = db.scalar(select(Outcome).where(Outcome.workspace_id == scope.workspace_id, Outcome.id == outcome_id))
    if found is None:
        raise BadValue("outcome", "choose how it ended")
    return found
