"""What people do with a reply before it leaves and when its fate is unknown. Sending is in ``data/sending.py``.

Each function is one transaction with one event. Nothing here asks a network anything.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from models.conversation import Conversation, Message, Turn
from models.lengths import measure
from models.outbox import UNDER_WAY, Outgoing
from models.permissions import Permission, Scope
from models.posts import Direction, Kind
from models.problems import BadValue, NotFound, NotHolder
from models.workspace import Account


def queue_reply(
    database: Database,
    scope: Scope,
    conversation_id: int,
    text: str,
    kind: Kind,
    at: datetime,
    *,
    parent_id: str | None = None,
    needs_approval: bool = False,
) -> int:
    """Hand in a reply; returns its key. It is queued, and can be taken back for ten seconds, or waits for approval.

    A public reply answers ``parent_id``, else the contact's newest public message. Raises ``NotHolder`` (only the holder
    sends), ``BadValue`` (empty, too long for the network, or nothing to answer), ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        if conversation.holder_id != user_id:
            raise NotHolder
        _check(c.db.get_one(Account, conversation.account_id).channel, kind, text)
        reply = Outgoing(
            workspace_id=scope.workspace_id,
            conversation_id=conversation_id,
            account_id=conversation.account_id,
            author_id=user_id,
            text=text,
            kind=str(kind),
            parent_id=_parent(c.db, conversation, kind, parent_id),
            needs_approval=needs_approval,
            written=at,
            audit_id=c.audit_id,
        )
        if not needs_approval:
            reply.queue(at)
        c.db.add(reply)
        time_turn(c, reply)
        c.state("reply.queue", "outgoing", reply.id, after=standing(reply) | _said(c, reply))
    return reply.id


def approve(database: Database, scope: Scope, reply_id: int, at: datetime) -> None:
    """A second person lets a reply go: it is queued. Raises ``OwnReply``, ``WrongState``, ``NotFound``, ``NotPermitted``."""
    user_id = person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reply = held_reply(c.db, scope.workspace_id, reply_id)
        before = standing(reply)
        reply.approve(user_id, at)
        reply.queue(at)
        time_turn(c, reply)
        c.state("reply.approve", "outgoing", reply_id, before=before, after=standing(reply))


def withdraw(database: Database, scope: Scope, reply_id: int, at: datetime) -> None:
    """Take a reply back before sending begins: its author, or somebody who moves work.

    Raises ``WrongState`` once it is too late, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reply = held_reply(c.db, scope.workspace_id, reply_id)
        if reply.author_id != user_id:
            scope.require(Permission.MOVE_WORK)
        before = standing(reply)
        reply.withdraw()
        time_turn(c, reply)
        c.state("reply.withdraw", "outgoing", reply_id, before=before, after=standing(reply))


def send_again(database: Database, scope: Scope, reply_id: int, at: datetime) -> None:
    """A person looked, and says that a reply that needs a person was not sent: it is queued again.

    Raises ``WrongState``, ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reply = held_reply(c.db, scope.workspace_id, reply_id)
        before = standing(reply)
        reply.send_anyway(at)
        c.state("reply.send again", "outgoing", reply_id, before=before, after=standing(reply))


def give_up(database: Database, scope: Scope, reply_id: int, at: datetime) -> None:
    """A person decides that a reply that needs a person shall not be sent again. Raises like ``send_again``."""
    person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reply = held_reply(c.db, scope.workspace_id, reply_id)
        before = standing(reply)
        reply.give_up()
        time_turn(c, reply)
        c.state("reply.give up", "outgoing", reply_id, before=before, after=standing(reply))


def held_reply(db: Session, workspace_id: int, reply_id: int) -> Outgoing:
    """The reply, as it is now and until the change is done. Raises ``NotFound``."""
    found = db.scalar(
        select(Outgoing).where(Outgoing.workspace_id == workspace_id, Outgoing.id == reply_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def standing(reply: Outgoing) -> dict[str, Any]:
    """What an event states of a reply: its state, times and names, no text."""
    times = ("approved", "queued", "not_before", "lease_until", "attempted", "ended", "sent")
    told: dict[str, Any] = {name: at.isoformat() for name in times if (at := getattr(reply, name)) is not None}
    names = ("approver_id", "attempt_id", "network_id", "attempts")
    return {"state": reply.state, **told, **{name: value for name in names if (value := getattr(reply, name))}}


def time_turn(c: Change, reply: Outgoing) -> None:
    """The open turn's ``queued`` and ``approved`` are those of the earliest reply that is still under way, if any is."""
    c.db.flush()
    turn = c.db.scalar(
        select(Turn)
        .where(Turn.conversation_id == reply.conversation_id, Turn.replied.is_(None), Turn.ended.is_(None))
        .with_for_update()
    )
    if turn is None:
        return
    first = c.db.scalar(
        select(Outgoing)
        .where(
            Outgoing.conversation_id == reply.conversation_id,
            Outgoing.state.in_(UNDER_WAY),
            Outgoing.written >= turn.started,
        )
        .order_by(Outgoing.written, Outgoing.id)
        .limit(1)
    )
    turn.queued = first.written if first is not None else None
    turn.approved = first.approved if first is not None else None


def _check(channel: str, kind: Kind, text: str) -> None:
    if not text.strip():
        raise BadValue("reply", "write something first")
    length = measure(channel, kind, text)
    if not length.fits:
        raise BadValue("reply", f"it is {-length.left} {length.unit} too long for this network")


def _said(c: Change, reply: Outgoing) -> dict[str, Any]:
    return {"conversation": reply.conversation_id, "kind": reply.kind, "text": c.digest(reply.text)}


def _parent(db: Session, conversation: Conversation, kind: Kind, parent_id: str | None) -> str | None:
    """The message of this conversation that is answered; a private reply goes to the person and names none."""
    if kind is Kind.PRIVATE:
        return None
    wanted = select(Message.network_id).where(
        Message.workspace_id == conversation.workspace_id,
        Message.conversation_id == conversation.id,
        Message.kind == Kind.PUBLIC,
    )
    if parent_id is None:
        inbound = wanted.where(Message.direction == Direction.IN, Message.deleted.is_(None))
        found = db.scalar(inbound.order_by(Message.sent.desc(), Message.id.desc()).limit(1))
    else:
        found = db.scalar(wanted.where(Message.network_id == parent_id))
    if found is None:
        raise BadValue("reply", "there is no public message here that it could answer")
    return found
