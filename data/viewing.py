"""That a person viewed a conversation is an event: once in a while, not for every time the same page draws itself again."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, select

from data.audit import actor_of, change
from data.database import Database
from data.holds import act
from models.audit import AuditEvent
from models.permissions import Permission, Scope
from models.problems import NotSaved

VIEW = "view"
AGAIN = timedelta(minutes=10)
"""Views of one conversation by one person within this time are one event; a page left open makes one each time it passes."""

log = structlog.get_logger()


def note_view(database: Database, scope: Scope, conversation_id: int, at: datetime, by_hand: bool = True) -> bool:
    """The person of the scope was shown this conversation, which is theirs to see: True where that made an event.

    ``by_hand`` where they opened it, which counts as something that its holder did. Where the database takes no change,
    people still see what was said to them: the log says that a view is not on the record (docs/decisions). Raises
    ``NotPermitted``.
    """
    scope.require(Permission.READ)
    if scope.user_id is None:
        return False
    try:
        if by_hand:
            act(database, scope, conversation_id, at)
        return _note(database, scope, conversation_id, at)
    except NotSaved as problem:
        log.error("a view is not on the record", problem=type(problem).__name__, conversation=conversation_id)
        return False


def _note(database: Database, scope: Scope, conversation_id: int, at: datetime) -> bool:
    recent = _recent(scope, conversation_id, at)
    with database.read() as db:
        if db.scalar(recent) is not None:
            return False
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        if c.db.scalar(recent) is not None:
            return False
        c.quiet = True
        c.state(VIEW, "conversation", conversation_id)
    return True


def _recent(scope: Scope, conversation_id: int, at: datetime) -> Select[Any]:
    return (
        select(AuditEvent.id)
        .where(
            AuditEvent.workspace_id == scope.workspace_id,
            AuditEvent.object == "conversation",
            AuditEvent.object_id == conversation_id,
            AuditEvent.user_id == scope.user_id,
            AuditEvent.action == VIEW,
            AuditEvent.at > at - AGAIN,
        )
        .limit(1)
    )
