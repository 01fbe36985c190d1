"""Flags that people set: words of the workspace's own list, which stay on a conversation until somebody clears them.

Rules set flags too, in another column: theirs go with the turn they were set in, and sorting again never touches people's.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import actor_of, change
from data.database import Database
from data.desk import locked, person_of
from models.notes import Flag, with_flag, without_flag
from models.permissions import Permission, Scope
from models.problems import NotFound


def set_flag(database: Database, scope: Scope, conversation_id: int, word: str, at: datetime) -> None:
    """Flag a conversation; one that is flagged so already stays as it is.

    Raises ``NotFound``, also for a word that is not in the workspace's list, and ``NotPermitted``.
    """
    person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        if word not in flag_words(c.db, scope.workspace_id):
            raise NotFound
        before = list(conversation.raised or ())
        if word in before:
            return
        conversation.raised = with_flag(before, word)
        after = {"flag": word, "flags": conversation.raised}
        c.state("flag", "conversation", conversation_id, before={"flags": before}, after=after)


def clear_flag(database: Database, scope: Scope, conversation_id: int, word: str, at: datetime) -> None:
    """Take a flag that people set off a conversation; without it there nothing changes.

    Raises ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        before = list(conversation.raised or ())
        if word not in before:
            return
        conversation.raised = without_flag(before, word)
        after = {"flag": word, "flags": conversation.raised or []}
        c.state("unflag", "conversation", conversation_id, before={"flags": before}, after=after)


def flag_words(db: Session, workspace_id: int) -> tuple[str, ...]:
    """The words that people of this workspace may flag a conversation with, in the order in which they were made."""
    return tuple(db.scalars(select(Flag.word).where(Flag.workspace_id == workspace_id).order_by(Flag.id)))
