"""Where a conversation stands, as people change it at the desk. Each function is one transaction with one event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from data.practice import practice
from data.survey import note_closing
from data.unfolding import Standing, unfold
from data.webhooks import enqueue
from models.audit import AuditEvent
from models.conversation import Conversation
from models.permissions import Permission, Scope
from models.problems import AlreadyClosed, BadValue
from models.turns import Said, What
from models.webhooks import Event
from models.workspace import Outcome

LONGEST_REASON = 300
"""Characters of a reason: it stands in the record, so it is a line and holds nothing personal."""


def close(
    database: Database, scope: Scope, conversation_id: int, outcome_id: int | None, at: datetime, reason: str = ""
) -> tuple[str, int]:
    """Close it with an outcome of the workspace; returns its word and the event, for ``undo``. Nobody holds it afterwards.

    Raises ``AlreadyClosed`` with who did, ``Unassessed``, ``ReasonNeeded``, ``BadValue`` (no such outcome), ``NotFound`` and
    ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.CLOSE)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        outcome = _outcome(c.db, scope, outcome_id)
        before = kept(conversation)
        with named_closer(c.db, conversation):
            conversation.close(short(reason, "reason"))
        said = Said(max(at, conversation.last_at), What.CLOSING, "closed", outcome=outcome.id)
        told = unfold(c, conversation, closings=[said])
        state(c, "close", conversation_id, told, reason.strip(), before, outcome=outcome.word)
        note_closing(c, conversation, outcome, user_id)
        enqueue(c, Event.CLOSED, f"event/{c.audit_id}", {"conversation": conversation_id, "outcome": outcome.id})
        return outcome.word, c.audit_id


def snooze(database: Database, scope: Scope, conversation_id: int, until: datetime, at: datetime) -> int:
    """Out of sight until then; it comes back by itself (``data/waking.py``). Returns the event, for ``undo``.

    Raises ``AlreadyClosed``, ``Unassessed``, ``TooUrgent``, ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.CLOSE)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        with named_closer(c.db, conversation):
            conversation.snooze(until, at, practice(c.db, scope.workspace_id).snooze_from)
        told = unfold(c, conversation)
        state(c, "snooze", conversation_id, told, until=until.isoformat())
        return c.audit_id


def set_aside(database: Database, scope: Scope, conversation_id: int, partner: str, at: datetime) -> int:
    """A partner deals with it now; returns the event, for ``undo``.

    Raises ``AlreadyClosed``, ``Unassessed``, ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.CLOSE)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        with named_closer(c.db, conversation):
            conversation.set_aside(short(partner, "partner"))
        named = conversation.partner
        state(c, "partner", conversation_id, unfold(c, conversation), partner=named)
        return c.audit_id


def resume(database: Database, scope: Scope, conversation_id: int, at: datetime) -> None:
    """It is snoozed or with a partner no longer. Raises ``NotSetAside``, ``NotFound`` and ``NotPermitted``."""
    person_of(scope, Permission.CLOSE)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        conversation.resume()
        state(c, "resume", conversation_id, unfold(c, conversation))


def state(
    c: Change,
    action: str,
    conversation_id: int,
    told: tuple[Standing, Standing],
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """The event of a move: how the conversation stood ``before`` and after, and what else is to be said in clear."""
    was, now = (one.named() for one in told)
    c.state(action, "conversation", conversation_id, before=was | dict(before or {}), after=now | more, reason=reason)


def kept(conversation: Conversation) -> dict[str, Any]:
    """How it was assessed, for the record and for ``undo``."""
    times = {name: getattr(conversation, name) for name in ("assessed", "reassess")}
    return {"unassessed": conversation.unassessed} | {name: at and at.isoformat() for name, at in times.items()}


@contextmanager
def named_closer(db: Session, conversation: Conversation) -> Iterator[None]:
    """Who was quicker is named where a move finds it closed."""
    try:
        yield
    except AlreadyClosed:
        raise AlreadyClosed(_who_closed(db, conversation)) from None


def short(text: str, field: str) -> str:
    """A line that somebody wrote. Raises ``BadValue`` where it is longer than ``LONGEST_REASON``."""
    if len(text) > LONGEST_REASON:
        raise BadValue(field, f"write at most {LONGEST_REASON} characters")
    return text.strip()


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


def _outcome(db: Session, scope: Scope, outcome_id: int | None) -> Outcome:
    found = db.scalar(select(Outcome).where(Outcome.workspace_id == scope.workspace_id, Outcome.id == outcome_id))
    if found is None:
        raise BadValue("outcome", "choose how it ended")
    return found
