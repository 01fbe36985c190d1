"""Drafts: what somebody began to write, kept where a reload or a crash cannot lose it. No event: nothing was decided."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from data.database import Database
from data.desk import person_of
from models.conversation import Conversation
from models.drafts import Draft
from models.permissions import Permission, Scope
from models.posts import Kind
from models.problems import BadValue, NotFound

LONGEST = 20_000
"""Characters: more than any network takes."""


def keep_draft(database: Database, scope: Scope, conversation_id: int, text: str, kind: Kind, at: datetime) -> None:
    """Keep what the person has written so far; an empty text drops it. Nobody else ever sees it.

    Raises ``NotFound``, ``NotPermitted`` and ``BadValue`` (longer than ``LONGEST``).
    """
    user_id = person_of(scope, Permission.REPLY)
    if len(text) > LONGEST:
        raise BadValue("reply", f"it is longer than {LONGEST} characters")
    with database.write() as db:
        here = exists().where(Conversation.workspace_id == scope.workspace_id, Conversation.id == conversation_id)
        if not db.scalar(select(here)):
            raise NotFound
        if not text.strip():
            drop_draft(db, scope.workspace_id, conversation_id, user_id)
            return
        db.merge(
            Draft(
                workspace_id=scope.workspace_id,
                conversation_id=conversation_id,
                user_id=user_id,
                text=text,
                kind=str(kind),
                at=at,
            )
        )


def draft_of(db: Session, scope: Scope, conversation_id: int) -> Draft | None:
    """The person's own draft of this conversation."""
    return db.get(Draft, (scope.workspace_id, conversation_id, scope.user_id or 0))


def drop_draft(db: Session, workspace_id: int, conversation_id: int, user_id: int) -> None:
    """Forget it, in the caller's transaction."""
    db.execute(
        delete(Draft).where(
            Draft.workspace_id == workspace_id, Draft.conversation_id == conversation_id, Draft.user_id == user_id
        )
    )
