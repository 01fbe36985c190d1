"""A conversation that a person moves: its rows follow as they do after new messages, and each is written once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select

from data import holds
from data.audit import Change
from data.closing import write_closed
from data.ids import Ids
from data.practice import Practice, practice
from data.threads import Thread, Threads
from models.conversation import Conversation
from models.turns import Said
from models.workspace import Account


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands, in clear, for the record: no texts."""

    state: str
    grade: str
    holder: int | None
    due: datetime | None

    def named(self) -> dict[str, Any]:
        """By name, as an event states it."""
        due = self.due.isoformat() if self.due else None
        return {"state": self.state, "grade": self.grade, "holder": self.holder, "due": due}


def standing_of(row: Any, ways: Practice) -> Standing:
    """How it stands now."""
    return Standing(row.state, ways.grade(row.rank).word, row.holder_id, row.due)


def unfold(
    c: Change,
    conversation: Conversation,
    *,
    closings: Iterable[Said] = (),
    assessments: Iterable[Said] = (),
    undone: datetime | None = None,
    again: bool = False,
    **more: Any,
) -> tuple[Standing, Standing]:
    """Write what a move made of the conversation, with its turns and episodes; how it stood before, and how it stands now.

    What the move changed on the entity is taken from there, and ``more`` with it. ``undone`` is a stored closing that counts
    no longer; ``again`` where something else that counted does not: then everything is unfolded anew.
    """
    changed = {one.key: one.value for one in inspect(conversation).attrs if one.history.has_changes()}
    c.db.expire(conversation)
    row = c.db.connection().execute(select(Conversation.__table__).where(Conversation.id == conversation.id)).one()
    thread = Thread(
        row.id,
        row.account_id,
        row.contact_id,
        row,
        closings=list(closings),
        assessments=list(assessments),
        undone=undone,
        moved=changed | more,
        again=again or undone is not None,
    )
    ways = practice(c.db, c.workspace_id)
    unfolding = Threads(c.db, ways, c.db.get_one(Account, row.account_id).channel, Ids(c.db), c.at)
    unfolding.unfold([thread])
    if row.holder_id is not None and "holder_id" in thread.moved:
        holds.end_of(c, row.id)
    write_closed(c, ways, unfolding, [thread])
    if row.holder_id == c.actor.user_id and "holder_id" not in thread.moved:
        holds.acted(c, conversation)
    c.db.expire(conversation)
    return standing_of(row, ways), standing_of(conversation, ways)
