"""What the colleagues of the story have on their desks when one signs in: something assessed, snoozed, and with a partner."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.assessing import assess
from data.database import Database
from data.states import set_aside, snooze
from models.conversation import Conversation, Message, State
from models.moves import REASON_FROM
from models.people import User
from models.permissions import BUILT_IN_ROLES, Scope
from models.posts import Direction
from models.workspace import Workspace

WORKSPACE, COLLEAGUE = "northshire", "crees"
SLEEP = timedelta(hours=2)
PARTNER = "Northshire Highways"
ANSWERS = {"threat": "None that is known", "vulnerability": "Lives alone, is 82", "engagement": "Wants a call back"}
WANTED = 3


def put_on_desks(database: Database, at: datetime) -> None:
    """Do it with the newest ordinary conversations that wait; with fewer of them, less is done."""
    with database.read() as db:
        scope = _scope(db)
        keys = list(_waiting(db, scope))
        heard = {key: _newest(db, key) for key in keys}
    acts: tuple[Callable[[int], object], ...] = (
        lambda key: assess(database, scope, key, "standard", ANSWERS, heard[key], at),
        lambda key: snooze(database, scope, key, at + SLEEP, at),
        lambda key: set_aside(database, scope, key, PARTNER, at),
    )
    for key, act in zip(keys, acts, strict=False):
        act(key)


def _scope(db: Session) -> Scope:
    home = db.scalars(select(Workspace).where(Workspace.slug == WORKSPACE)).one()
    user = db.scalars(select(User).where(User.sign_in == COLLEAGUE)).one()
    return Scope(home.id, home.slug, BUILT_IN_ROLES["Operator"], user.id, user.name)


def _waiting(db: Session, scope: Scope) -> Iterator[int]:
    """The newest first: what waits longest stays what it is on the wallboard."""
    yield from db.scalars(
        select(Conversation.id)
        .where(
            Conversation.workspace_id == scope.workspace_id,
            Conversation.state == State.OPEN,
            Conversation.since.is_not(None),
            Conversation.rank > REASON_FROM,
        )
        .order_by(Conversation.since.desc(), Conversation.id)
        .limit(WANTED)
    )


def _newest(db: Session, conversation_id: int) -> int | None:
    heard = (Message.conversation_id == conversation_id, Message.direction == Direction.IN)
    return db.scalar(select(func.max(Message.id)).where(*heard))
