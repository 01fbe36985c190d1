"""Snoozed conversations come back by themselves when their time has come: a chore of the elected process."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from data.audit import change
from data.clock import Clock
from data.database import Database
from data.polling import Chore
from data.states import state
from data.unfolding import unfold
from models.audit import Actor
from models.conversation import Conversation, State

WAKER = Actor("the snooze")
EVERY = timedelta(seconds=5)
AT_ONCE = 200


def chores(database: Database, clock: Clock) -> list[Chore]:
    """The chores of the desk."""
    return [("waking", EVERY, partial(_wake, database, clock))]


def wake_all(database: Database, now: datetime) -> int:
    """Wake what was snoozed until now or earlier; returns how many. Each is one change: one that fails keeps no other asleep.

    The next ones to wake come first from their index: what sleeps on is never looked through.
    """
    due = (
        select(Conversation.id, Conversation.workspace_id)
        .where(Conversation.snoozed_until <= now, Conversation.state == State.SNOOZED)
        .order_by(Conversation.snoozed_until)
        .limit(AT_ONCE)
    )
    with database.read() as db:
        found = db.execute(due).all()
    return sum(_wake_one(database, row.workspace_id, row.id, now) for row in found)


def _wake_one(database: Database, workspace_id: int, conversation_id: int, now: datetime) -> bool:
    """Whether it still slept: somebody may have been quicker."""
    with change(database, workspace_id, WAKER, now) as c:
        conversation = c.db.get_one(Conversation, conversation_id, with_for_update=True)
        if (
            conversation.state != State.SNOOZED
            or conversation.snoozed_until is None
            or conversation.snoozed_until > now
        ):
            return False
        conversation.resume()
        state(c, "wake", conversation_id, unfold(c, conversation))
        return True


def _wake(database: Database, clock: Clock) -> None:
    wake_all(database, clock())
