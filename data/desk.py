"""What people do at their desks: take a conversation, give it back, and have it seen. One winner, whoever is quicker."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session

from data import holds
from data.audit import actor_of, change
from data.database import Database
from models.conversation import Conversation, Message
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Direction
from models.problems import AlreadyClaimed, NotFound, NotHolder

MOST_SEEN = 200
"""Messages of one report of what was on the screen: more than any page shows."""


def claim(database: Database, scope: Scope, conversation_id: int, at: datetime) -> None:
    """The person of the scope answers now. Holding it already changes nothing.

    Raises ``AlreadyClaimed`` with the winner's name, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.CLAIM)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        if conversation.holder_id == user_id:
            holds.acted(c, conversation)
            return
        try:
            holds.begin(c, conversation, user_id)
        except AlreadyClaimed as problem:
            raise named(c.db, problem) from None
        c.state("claim", "conversation", conversation_id, before={"holder": None}, after={"holder": user_id})


def release(database: Database, scope: Scope, conversation_id: int, at: datetime) -> None:
    """The person of the scope gives it back. Raises ``NotHolder``, ``NotFound`` and ``NotPermitted``."""
    user_id = person_of(scope, Permission.CLAIM)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        if conversation.holder_id != user_id:
            raise NotHolder
        holds.end(c, conversation)
        c.state("release", "conversation", conversation_id, before={"holder": user_id}, after={"holder": None})


def mark_seen(database: Database, scope: Scope, message_ids: Collection[int], at: datetime) -> int:
    """Inbound messages that a visible page of a signed-on person shows: ``seen`` is when that was first so.

    Returns how many were new; most reports bring none, and then nothing is written. Raises ``NotPermitted``.
    """
    person_of(scope, Permission.READ)
    wanted = _unseen(scope, sorted(message_ids)[:MOST_SEEN])
    with database.read() as db:
        if not db.scalar(select(exists(wanted))):
            return 0
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        seen = list(c.db.scalars(wanted.with_for_update()))
        if not seen:
            return 0
        c.db.execute(
            update(Message)
            .where(Message.workspace_id == scope.workspace_id, Message.id.in_(seen))
            .values(seen=at, audit_id=c.audit_id)
        )
        c.state("see", "message", seen[0] if len(seen) == 1 else None, after={"messages": seen})
    return len(seen)


def person_of(scope: Scope, permission: Permission) -> int:
    """The user of the scope, who must hold the permission: neither a kiosk nor a command sits at a desk.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    scope.require(permission)
    if scope.user_id is None:
        raise NotFound
    return scope.user_id


def locked(db: Session, scope: Scope, conversation_id: int) -> Conversation:
    """The conversation, as it is now and until we are done: the change holds the workspace's chain already.

    Raises ``NotFound``, also where it is another workspace's.
    """
    found = db.scalar(
        select(Conversation)
        .where(Conversation.workspace_id == scope.workspace_id, Conversation.id == conversation_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def named(db: Session, problem: AlreadyClaimed) -> AlreadyClaimed:
    """The same problem with the name of whoever holds the conversation."""
    name = db.scalar(select(User.name).where(User.id == problem.holder_id)) or ""
    return AlreadyClaimed(problem.holder_id, problem.since, name)


def _unseen(scope: Scope, message_ids: Collection[int]) -> Select[int]:
    return select(Message.id).where(
        Message.workspace_id == scope.workspace_id,
        Message.id.in_(message_ids),
        Message.direction == Direction.IN,
        Message.seen.is_(None),
    )
