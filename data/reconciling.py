"""Replies whose fate is unknown, looked for among the posts that the pollers found on our own timeline.

Nothing is asked of a network here, and nothing is sent: what was found is sent, what certainly is not there is queued again
where the workspace's policy allows, and everything else needs a person.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from data.outbox import held_reply, standing
from data.polls import followed_as
from data.sending import OUTBOX, contact_of, credit
from models.conversation import Conversation, Message
from models.outbox import Outgoing, OutgoingState, OwnRead, Sighting, Verdict, judge
from models.permissions import Permission, Scope
from models.posts import Direction, Kind, Post
from models.workspace import Account

LOOKED_FOR = timedelta(days=1)
"""How long after its attempt a reply that needs a person may still turn up by itself."""
EXPIRED = "expired"


def reconcile(
    database: Database, now: datetime, may_resend: Callable[[int], bool] = lambda _workspace_id: False
) -> Counter[str]:
    """Look for every reply in doubt; returns how many went which way (``expired`` and the words of ``Verdict``).

    ``may_resend`` tells a workspace's policy. May run at any time, anywhere, and again: each decision is one change that
    judges anew under the lock.
    """
    done: Counter[str] = Counter()
    for workspace_id, reply_id in _in_doubt(database, now):
        done[_settle(database, workspace_id, reply_id, now, may_resend(workspace_id))] += 1
    return done


def _in_doubt(database: Database, now: datetime) -> list[tuple[int, int]]:
    silent = and_(Outgoing.state == OutgoingState.SENDING, Outgoing.lease_until <= now)
    asking = and_(Outgoing.state == OutgoingState.ASKING, Outgoing.attempted > now - LOOKED_FOR)
    doubtful = or_(silent, Outgoing.state == OutgoingState.UNKNOWN, asking)
    with database.read() as db:
        found = db.execute(select(Outgoing.workspace_id, Outgoing.id).where(doubtful).order_by(Outgoing.id))
        return [(row.workspace_id, row.id) for row in found]


def _settle(database: Database, workspace_id: int, reply_id: int, now: datetime, may_resend: bool) -> str:
    with database.read() as db:
        reply = db.get_one(Outgoing, reply_id)
        if not reply.silent(now) and _judged(db, reply, now, may_resend)[0] is Verdict.WAIT:
            return Verdict.WAIT
    with change(database, workspace_id, OUTBOX, now) as c:
        reply = held_reply(c.db, workspace_id, reply_id)
        before = standing(reply)
        if reply.silent(now):
            reply.expire(now)
            c.state("reply.expired", "outgoing", reply.id, before=before, after=standing(reply), reason=reply.reason)
            return EXPIRED
        verdict, sighting = _judged(c.db, reply, now, may_resend)
        if verdict is Verdict.WAIT:
            return verdict
        told: dict[str, Any] = {}
        if sighting is not None:
            reply.found(sighting.network_id, sighting.sent)
            told = _credited(c, reply, sighting, now)
        elif verdict is Verdict.AGAIN:
            reply.send_again(now)
        else:
            reply.ask(f"{reply.reason}: look on the network whether it stands there")
        c.state(f"reply.{verdict}", "outgoing", reply.id, before=before, after=standing(reply) | told)
        return verdict


def _judged(db: Session, reply: Outgoing, now: datetime, may_resend: bool) -> tuple[Verdict, Sighting | None]:
    read = db.get(OwnRead, (reply.workspace_id, reply.account_id, reply.kind))
    return judge(reply, _sightings(db, reply), read.previous if read is not None else None, now, may_resend)


def _sightings(db: Session, reply: Outgoing) -> list[Sighting]:
    """Our own posts that were stored since the attempt began and that nobody accounts for.

    By our own clock, so that a network whose clock is wrong hides none; ``judge`` compares the network's times.
    """
    taken = select(Outgoing.network_id).where(
        Outgoing.account_id == reply.account_id, Outgoing.network_id == Message.network_id
    )
    nobody_knows = and_(Message.conversation_id.is_(None), Message.parent_id == reply.parent_id)
    contact = select(Conversation.contact_id).where(Conversation.id == reply.conversation_id).scalar_subquery()
    # With this contact, of the account it went out as: which need not be the one they wrote to.
    home = select(Conversation.id).where(
        Conversation.account_id == reply.account_id, Conversation.contact_id == contact
    )
    rows = db.scalars(
        select(Message).where(
            Message.workspace_id == reply.workspace_id,
            Message.account_id == reply.account_id,
            Message.direction == Direction.OUT,
            Message.user_id.is_(None),
            Message.stored >= reply.attempted,
            or_(Message.conversation_id.in_(home), nobody_knows),
            ~taken.exists(),
        )
    )
    return [
        Sighting(row.network_id, row.sent, row.text, Kind(row.kind), row.parent_id, row.conversation_id is not None)
        for row in rows
    ]


def _credited(c: Change, reply: Outgoing, sighting: Sighting, at: datetime) -> dict[str, Any]:
    account = followed_as(c.db.get_one(Account, reply.account_id), None)
    stored = select(Message).where(Message.account_id == account.id, Message.network_id == sighting.network_id)
    message = c.db.scalars(stored).one()
    post = Post(
        network_id=message.network_id,
        version_id=message.version_id,
        sent=message.sent,
        text=message.text,
        kind=Kind(message.kind),
        direction=Direction.OUT,
        parent_id=message.parent_id,
    )
    return credit(c, account, post, reply, at)


def it_was_sent(database: Database, scope: Scope, reply_id: int, at: datetime) -> None:
    """A person saw a reply that needs one standing on the network: it is sent, and its turn is answered.

    It is stored under a name of ours until its post is found. Raises ``WrongState``, ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.REPLY)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reply = held_reply(c.db, scope.workspace_id, reply_id)
        before = standing(reply)
        reply.stood(at)
        post = Post(
            network_id=reply.network_id or "",
            sent=reply.sent or at,
            text=reply.text,
            kind=Kind(reply.kind),
            direction=Direction.OUT,
            contact=contact_of(c.db, reply),
            parent_id=reply.parent_id,
        )
        account = followed_as(c.db.get_one(Account, reply.account_id), None)
        told = credit(c, account, post, reply, at)
        c.state("reply.was sent", "outgoing", reply_id, before=before, after=standing(reply) | told)
