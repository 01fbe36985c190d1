"""Replies of the demonstration that wait for somebody: one for approval, and one that the network may have taken or not."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import select

from data.channels.contract import Connector, OutcomeUnknown
from data.database import Database
from data.desk import claim
from data.outbox import queue_reply
from data.reconciling import reconcile
from data.sending import send_one
from models.conversation import Conversation, State
from models.outbox import PATIENCE, UNDO, Outgoing
from models.people import User
from models.permissions import BUILT_IN_ROLES, Scope
from models.posts import Kind, Receipt, Reply
from models.workspace import Workspace

AUTHOR, HOME = "rhale", "northshire"
EARLIER = PATIENCE + timedelta(minutes=6)
"""How long ago the reply in doubt was written: since then nobody could say what became of it."""
TO_APPROVE = "Thank you, I have passed this on. A colleague will look at it this week and answer you here."
IN_DOUBT = "Thank you for letting us know. The neighbourhood team has it now."


class Lost:
    """A network whose answer never came."""

    def send(self, reply: Reply) -> Receipt:
        """Give no answer."""
        raise OutcomeUnknown("no answer came within 20 s")


def begin_replies(database: Database, now: datetime) -> None:
    """Write them, once for a database; nothing where fewer than two conversations wait long enough."""
    with database.read() as db:
        if db.scalar(select(Outgoing.id).limit(1)) is not None:
            return
        home = db.scalars(select(Workspace.id).where(Workspace.slug == HOME)).one()
        author = db.scalars(select(User).where(User.sign_in == AUTHOR)).one()
        waiting = db.scalars(
            select(Conversation.id)
            .where(
                Conversation.workspace_id == home,
                Conversation.state == State.OPEN,
                Conversation.kind == Kind.PUBLIC,
                Conversation.holder_id.is_(None),
                Conversation.since < now - EARLIER,
            )
            .order_by(Conversation.rank.desc(), Conversation.due.desc(), Conversation.id)
            .limit(2)
        ).all()
    if len(waiting) < 2:
        return
    scope = Scope(home, HOME, BUILT_IN_ROLES["Operator"], author.id, author.name)
    then = now - EARLIER + timedelta(minutes=1)
    claim(database, scope, waiting[0], then)
    queue_reply(database, scope, waiting[0], IN_DOUBT, Kind.PUBLIC, then)
    send_one(database, lambda _account: cast(Connector, Lost()), lambda: then + UNDO, lambda: 0.0)
    reconcile(database, now)
    claim(database, scope, waiting[1], now)
    queue_reply(database, scope, waiting[1], TO_APPROVE, Kind.PUBLIC, now, needs_approval=True)
