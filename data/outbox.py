"""What people do with a reply before it leaves and when its fate is unknown. Sending is in ``data/sending.py``.

Each function is one transaction with one event. Nothing here asks a network anything.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.checks import check, sending_account, window
from data.database import Database
from data.desk import locked, person_of
from data.drafts import drop_draft
from models.conversation import Conversation, Message, Turn
from models.outbox import UNDER_WAY, Outgoing, OutgoingState
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Direction, Kind
from models.problems import AlreadyClaimed, BadValue, NotFound, NotHolder, Problem, WindowClosed, WrongState
from models.workspace import Account, Grade

APART = timedelta(seconds=2)
"""Between two replies of one to many: a burst of the same words is what networks hold against an account."""


@dataclass(frozen=True, slots=True)
class Order:
    """A reply as it is handed in. ``parent_id`` None: it answers the contact's newest public message.

    ``confirmed`` are the doubts (words of ``NeedsConfirming``) that its author has confirmed. ``account_id`` is who it goes out
    as, None for the account they wrote to. ``replaces`` is a reply that did not leave and is given up for this one. ``wait`` is
    how much longer than ``UNDO`` it stays here.
    """

    text: str
    kind: Kind
    parent_id: str | None = None
    needs_approval: bool = False
    confirmed: Collection[str] = ()
    account_id: int | None = None
    replaces: int | None = None
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one reply of many: its key, or why it was not handed in."""

    conversation_id: int
    reply_id: int | None = None
    problem: Problem | None = None


def queue_reply(
    database: Database,
    scope: Scope,
    conversation_id: int,
    text: str,
    kind: Kind,
    at: datetime,
    **further: Any,
) -> int:
    """Hand in a reply; returns its key. It is queued, and can be taken back for ten seconds, or waits for approval.

    ``further`` are fields of ``Order``. Raises ``NotHolder`` (only the holder sends), ``NotFound``, ``NotPermitted``,
    ``WrongState`` (what it replaces has moved on), and what ``data.checks.check`` raises.
    """
    return hand_in(database, scope, conversation_id, Order(text, kind, **further), at, _held)


def queue_replies(
    database: Database,
    scope: Scope,
    conversation_ids: Sequence[int],
    text: str,
    at: datetime,
    *,
    kind: Kind | None = None,
    apart: timedelta = APART,
    confirmed: Collection[str] = (),
) -> tuple[Handed, ...]:
    """Hand in one text as a reply to each of several conversations (an incident's): separate replies, sent ``apart``.

    Each is a change and an event of its own; what is wrong with one stops no other and is told in its ``Handed.problem``
    (``AlreadyClaimed`` where a colleague holds it: theirs is the word there). Nobody needs to hold one that is free. ``kind``
    None: as each contact wrote last. Raises ``NotPermitted`` (it needs the right to reply and to run incidents).
    """
    person_of(scope, Permission.REPLY)
    scope.require(Permission.INCIDENT)
    done: list[Handed] = []
    waits = 0
    for conversation_id in dict.fromkeys(conversation_ids):
        try:
            way = kind or _kind(database, scope, conversation_id)
            order = Order(text, way, confirmed=confirmed, wait=apart * waits)
            done.append(Handed(conversation_id, hand_in(database, scope, conversation_id, order, at, _free)))
            waits += 1
        except Problem as problem:
            done.append(Handed(conversation_id, problem=problem))
    return tuple(done)


def hand_in(
    database: Database,
    scope: Scope,
    conversation_id: int,
    order: Order,
    at: datetime,
    allowed: Callable[[Session, Conversation, int], None],
) -> int:
    """Hand in one reply where ``allowed`` raises nothing; see ``queue_reply``."""
    user_id = person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        allowed(c.db, conversation, user_id)
        account = sending_account(c.db, conversation, order.account_id)
        confirmed = check(c.db, conversation, account, order.text, order.kind, order.confirmed, at)
        reply = Outgoing(
            workspace_id=scope.workspace_id,
            conversation_id=conversation_id,
            account_id=account.id,
            author_id=user_id,
            text=order.text,
            kind=str(order.kind),
            parent_id=parent_of(c.db, conversation, order.kind, order.parent_id),
            needs_approval=order.needs_approval or c.db.get_one(Grade, conversation.grade_id).needs_approval,
            written=at,
            audit_id=c.audit_id,
        )
        if not reply.needs_approval:
            reply.queue(at, order.wait)
        c.db.add(reply)
        _replace(c, reply, order.replaces)
        drop_draft(c.db, scope.workspace_id, conversation_id, user_id)
        time_turn(c, reply)
        told = {"confirmed": list(confirmed), "replaces": order.replaces}
        said = _said(c, reply) | {name: value for name, value in told.items() if value}
        c.state("reply.queue", "outgoing", reply.id, after=standing(reply) | said)
    return reply.id


def _held(_db: Session, conversation: Conversation, user_id: int) -> None:
    if conversation.holder_id != user_id:
        raise NotHolder


def _free(db: Session, conversation: Conversation, user_id: int) -> None:
    holder = conversation.holder_id
    if holder not in (None, user_id):
        name = db.scalar(select(User.name).where(User.id == holder)) or ""
        raise AlreadyClaimed(holder or 0, conversation.held_since, name)


def _kind(database: Database, scope: Scope, conversation_id: int) -> Kind:
    with database.read() as db:
        found = db.scalar(
            select(Conversation.kind).where(
                Conversation.workspace_id == scope.workspace_id, Conversation.id == conversation_id
            )
        )
    if found is None:
        raise NotFound
    return Kind(found)


def _replace(c: Change, reply: Outgoing, replaced: int | None) -> None:
    if replaced is None:
        return
    before = held_reply(c.db, c.workspace_id, replaced)
    if before.conversation_id != reply.conversation_id:
        raise NotFound
    if before.state == OutgoingState.ASKING:
        raise WrongState(before.state, "replace")
    before.give_up()


def approve(database: Database, scope: Scope, reply_id: int, at: datetime) -> None:
    """A second person lets a reply go: it is queued.

    Raises ``OwnReply``, ``WrongState``, ``WindowClosed`` (approval came too late), ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reply = held_reply(c.db, scope.workspace_id, reply_id)
        before = standing(reply)
        reply.approve(user_id, at)
        conversation = locked(c.db, scope, reply.conversation_id)
        until = window(c.db, conversation, c.db.get_one(Account, reply.account_id).channel, Kind(reply.kind))
        if until is not None and until.closed(at):
            raise WindowClosed(until.last)
        reply.queue(at)
        time_turn(c, reply)
        c.state("reply.approve", "outgoing", reply_id, before=before, after=standing(reply))


def refuse(database: Database, scope: Scope, reply_id: int, reason: str, at: datetime) -> None:
    """A second person sends a reply back to its author, with a reason. Raises like ``approve``, and ``BadValue``."""
    user_id = person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reply = held_reply(c.db, scope.workspace_id, reply_id)
        before = standing(reply)
        reply.refuse(user_id, reason)
        time_turn(c, reply)
        c.state("reply.send back", "outgoing", reply_id, before=before, after=standing(reply), reason=reply.reason)


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
    """A reply that needs a person, was rejected or was sent back shall not be sent. Raises like ``send_again``."""
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


def _said(c: Change, reply: Outgoing) -> dict[str, Any]:
    return {"conversation": reply.conversation_id, "kind": reply.kind, "text": c.digest(reply.text)}


def parent_of(db: Session, conversation: Conversation, kind: Kind, parent_id: str | None) -> str | None:
    """The message of this conversation that is answered; a private reply goes to the person and names none."""
    if kind is Kind.PRIVATE:
        return None
    wanted = select(Message.network_id).where(
        Message.of(conversation.workspace_id, [conversation.id]),
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
