"""What a conversation is about, as a person says it: its messages of this episode are counted under that topic."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from data.inhand import recall
from data.practice import practice
from data.rollups import Cell, count_messages
from data.states import state
from data.unfolding import unfold
from models.conversation import Conversation, Episode, Message, MessageVersion, Turn
from models.permissions import Permission, Scope
from models.posts import Direction
from models.problems import BadValue
from models.workspace import Topic

Kept = list[tuple[int, int | None, bool]]
"""Messages with the topic each had, and whether a person had set it."""

_MOVE: Any = (
    update(Message.__table__)  # type: ignore[arg-type]
    .where(Message.id == bindparam("key"))
    .values(topic_id=bindparam("about"), topic_set=bindparam("by_hand"), audit_id=bindparam("event"))
)


def set_topic(
    database: Database, scope: Scope, conversation_id: int, topic_id: int | None, at: datetime
) -> tuple[str, int]:
    """It is about this topic of the workspace, or about none; returns the topic's word and the event, for ``undo``.

    It stays so until the episode ends, whatever rules say. Raises ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        words = {
            row.id: row.word
            for row in c.db.execute(select(Topic.id, Topic.word).where(Topic.workspace_id == scope.workspace_id))
        }
        if topic_id is not None and topic_id not in words:
            raise BadValue("topic", "choose one of the list")
        kept = _messages(c, conversation)
        before = {
            "topic": words.get(conversation.topic_id or 0, ""),
            "topic_id": conversation.topic_id,
            "topic_set": conversation.topic_set.isoformat() if conversation.topic_set else None,
            "messages": kept,
        }
        move_messages(c, [(key, topic_id, True) for key, _, _ in kept])
        told = unfold(c, conversation, topic_id=topic_id, topic_set=at)
        word = words.get(topic_id or 0, "nothing in particular")
        state(c, "topic", conversation_id, told, before=before, topic=word)
        return word, c.audit_id


def _messages(c: Change, conversation: Conversation) -> Kept:
    """The contact's messages of the latest episode, with the topic they have."""
    latest = select(func.max(Episode.opened)).where(Episode.conversation_id == conversation.id).scalar_subquery()
    rows = c.db.execute(
        select(Message.id, Message.topic_id, Message.topic_set)
        .join(Turn, Turn.id == Message.turn_id)
        .join(Episode, Episode.id == Turn.episode_id)
        .where(
            Message.of(c.workspace_id, [conversation.id]),
            Message.direction == Direction.IN,
            Episode.opened == latest,
        )
        .order_by(Message.id)
    )
    return [(row.id, row.topic_id, row.topic_set) for row in rows]


def move_messages(c: Change, wanted: Iterable[tuple[int, int | None, bool]]) -> None:
    """Give messages their topics, and count them under those."""
    topics = {key: (topic_id, by_hand) for key, topic_id, by_hand in wanted}
    if not topics:
        return
    ways, connection = practice(c.db, c.workspace_id), c.db.connection()
    of = Message.workspace_id == c.workspace_id
    rows = connection.execute(select(Message.__table__).where(of, Message.id.in_(topics))).all()
    versions: dict[int, list[Any]] = {}
    for one in connection.execute(select(MessageVersion.__table__).where(MessageVersion.message_id.in_(topics))):
        versions.setdefault(one.message_id, []).append(one)
    moved: Counter[Cell] = Counter()
    for row in rows:
        message = recall(row, versions.get(row.id, ()), ways)
        if message.cell is not None:
            moved[message.cell] -= 1
            moved[message.cell._replace(topic_id=topics[row.id][0] or 0)] += 1
    changes = [
        {"key": row.id, "about": topics[row.id][0], "by_hand": topics[row.id][1], "event": c.audit_id} for row in rows
    ]
    connection.execute(_MOVE, changes)
    count_messages(c.db, c.workspace_id, ways.zone, moved)
