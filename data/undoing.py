"""Undo, for what has not left the building: a person takes back their own last move of a conversation, for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from data import holds
from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from data.states import state
from data.topics import move_messages
from data.unfolding import Standing, unfold
from models.assessing import Assessment
from models.audit import AuditEvent
from models.conversation import Conversation, Episode, State
from models.permissions import Permission, Scope
from models.problems import NotFound, TooLate

UNDO_FOR = timedelta(minutes=5)

Facts = dict[str, Any]
Told = tuple[Standing, Standing]


def undo(database: Database, scope: Scope, event_id: int, at: datetime) -> str:
    """Take back what this event did to its conversation, which must be the last thing that happened to it.

    Returns the action that was undone. Undoing is an event of its own. Raises ``TooLate``, ``NotFound`` (also for somebody
    else's move) and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.READ)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        event = c.db.scalar(
            select(AuditEvent).where(
                AuditEvent.workspace_id == scope.workspace_id,
                AuditEvent.id == event_id,
                AuditEvent.user_id == user_id,
                AuditEvent.object == "conversation",
                AuditEvent.action.in_(UNDOERS),
            )
        )
        if event is None or event.object_id is None:
            raise NotFound
        permission, take_back = UNDOERS[event.action]
        scope.require(permission)
        conversation = locked(c.db, scope, event.object_id)
        if conversation.audit_id != event.id or at - event.at > UNDO_FOR:
            raise TooLate
        told = take_back(c, conversation, event.before or {})
        state(c, "undo", conversation.id, told, undone=event.action)
        return event.action


def _unclose(c: Change, conversation: Conversation, before: Facts) -> Told:
    """The episode goes on, and whoever held it holds it again."""
    closed = c.db.scalar(
        select(Episode.closed).where(
            Episode.conversation_id == conversation.id,
            Episode.audit_id == conversation.audit_id,
            Episode.closed.is_not(None),
        )
    )
    if closed is None:
        conversation.state = State(before["state"])
    holder = before.get("holder")
    if holder is not None:
        with c.db.no_autoflush:
            holds.begin(c, conversation, holder)
    return unfold(c, conversation, undone=closed, **_assessed(before))


def _unset(c: Change, conversation: Conversation, before: Facts) -> Told:
    """It stands as it did before it was snoozed or left to a partner."""
    conversation.state = State(before["state"])
    return unfold(c, conversation)


def _unassess(c: Change, conversation: Conversation, before: Facts) -> Told:
    """The assessment stays in the record and counts no longer."""
    last = c.db.scalars(
        select(Assessment)
        .where(Assessment.conversation_id == conversation.id, Assessment.audit_id == conversation.audit_id)
        .limit(1)
    ).one()
    last.withdrawn = c.at
    c.db.flush()
    return unfold(c, conversation, again=True, **_assessed(before))


def _untopic(c: Change, conversation: Conversation, before: Facts) -> Told:
    move_messages(c, [(key, topic_id, by_hand) for key, topic_id, by_hand in before["messages"]])
    return unfold(c, conversation, topic_id=before["topic_id"], topic_set=_instant(before["topic_set"]))


def _assessed(before: Facts) -> Facts:
    return {
        "unassessed": before["unassessed"],
        "assessed": _instant(before["assessed"]),
        "reassess": _instant(before["reassess"]),
    }


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


UNDOERS: dict[str, tuple[Permission, Callable[[Change, Conversation, Facts], Told]]] = {
    "close": (Permission.CLOSE, _unclose),
    "snooze": (Permission.CLOSE, _unset),
    "partner": (Permission.CLOSE, _unset),
    "assess": (Permission.ASSESS, _unassess),
    "topic": (Permission.ASSESS, _untopic),
}
"""What can be taken back: who may, and how."""
