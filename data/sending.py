"""Sending: take one reply, tell nobody else, ask the network with no transaction open, write down what came of it.

The network's ledger holds each reply at most once. So a reply is taken in one transaction and sent after its commit; only an
answer that says "not taken" lets it be sent again; everything else, a fault of our own too, leaves it ``unknown`` until
``data/reconciling.py`` finds it or a person decides (docs/decisions/0006-at-most-once.md).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Any

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data.audit import Change, change
from data.channels import UnknownConnector
from data.channels.contract import (
    Connector,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unreachable,
    WrongSetting,
)
from data.clock import Clock
from data.database import Database
from data.intake import store
from data.lockdowns import held_back, is_held_back
from data.outbox import held_reply, standing, time_turn
from data.polls import Followed, followed_as, reason_of
from data.writing import facts
from models.audit import Actor
from models.conversation import Contact, Conversation
from models.outbox import IN_DOUBT, Outgoing, OutgoingState, StaleAttempt
from models.pacing import after_failure
from models.posts import Author, Batch, Direction, Kind, Post, Receipt, Reply
from models.problems import CredentialsLocked
from models.survey import AutomaticReply
from models.workspace import Account

OUTBOX = Actor("outbox")
PAUSE = timedelta(seconds=10)
"""Before a reply that certainly was not sent is tried again; it doubles from try to try."""
AT_ONCE = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taken:
    """A reply that this sender alone has: all that it needs to send it, so that no transaction stays open."""

    id: int
    account: Followed
    author_id: int
    attempts: int
    lease_until: datetime
    reply: Reply


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt went: its name, and how to write it down."""

    name: str
    write: Callable[[Change, Outgoing, datetime], dict[str, Any]]


def send_one(
    database: Database,
    connect: Callable[[Followed], Connector],
    clock: Clock,
    chance: Callable[[], float],
) -> str | None:
    """Send the reply that has waited longest; None where none is ready.

    Returns the outcome: sent, rejected, put back, unknown, or stale (the reply had been left behind meanwhile).
    ``chance`` gives numbers from 0 to 1 for the jitter. Raises only where the database fails: the reply is ``unknown`` then.
    """
    taken = claim_next(database, clock())
    if taken is None:
        return None
    outcome = _attempt(taken, connect, clock, chance(), partial(_frozen, database, taken))
    return _write(database, taken, outcome, clock())


def claim_next(database: Database, now: datetime) -> Taken | None:
    """Take the next reply that may be sent, under a lease and a new attempt id. One sender gets it, whoever else asks.

    A lockdown holds replies back: none is taken after its commit.
    A reply waits while one with the same words to the same person is in doubt: the ledger could not tell the two apart.
    """
    for candidate in _ready(database, now):
        taken = _take(database, candidate.workspace_id, candidate.id, now)
        if taken is not None:
            return taken
    return None


def _ready(database: Database, now: datetime) -> Iterator[Any]:
    ready = (
        select(Outgoing.id, Outgoing.workspace_id, Outgoing.not_before)
        .join(Account, Account.id == Outgoing.account_id)
        .where(Outgoing.state == OutgoingState.QUEUED, Outgoing.not_before <= now, Account.paused.is_(False))
        .where(~held_back(Outgoing.workspace_id, Outgoing.account_id, now))
        .order_by(Outgoing.not_before, Outgoing.id)
        .limit(AT_ONCE)
    )
    further = ready
    while True:
        with database.read() as db:
            rows = db.execute(further).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        at, last = rows[-1].not_before, rows[-1].id
        later = or_(Outgoing.not_before > at, and_(Outgoing.not_before == at, Outgoing.id > last))
        further = ready.where(later)


def _take(database: Database, workspace_id: int, reply_id: int, now: datetime) -> Taken | None:
    with change(database, workspace_id, OUTBOX, now) as c:
        reply = held_reply(c.db, workspace_id, reply_id)
        ready = reply.state == OutgoingState.QUEUED and reply.not_before is not None and reply.not_before <= now
        if not ready or _has_twin(c.db, reply) or is_held_back(c.db, workspace_id, reply.account_id, now):
            return None
        before = standing(reply)
        attempt_id = token_hex(16)
        reply.begin(attempt_id, now)
        c.state("reply.send", "outgoing", reply.id, before=before, after=standing(reply))
        return Taken(
            id=reply.id,
            account=followed_as(c.db.get_one(Account, reply.account_id), None),
            author_id=reply.author_id,
            attempts=reply.attempts,
            lease_until=reply.lease_until or now,
            reply=Reply(attempt_id, reply.text, Kind(reply.kind), contact_of(c.db, reply), reply.parent_id),
        )


def _has_twin(db: Session, reply: Outgoing) -> bool:
    doubtful = select(Outgoing).where(
        Outgoing.conversation_id == reply.conversation_id, Outgoing.state.in_(IN_DOUBT), Outgoing.id != reply.id
    )
    return any(reply.like(other) for other in db.scalars(doubtful))


def contact_of(db: Session, reply: Outgoing) -> Author:
    """Who the reply goes to, as the network knows them."""
    found = db.scalars(
        select(Contact)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .where(Conversation.id == reply.conversation_id)
    ).one()
    return Author(found.network_id, found.handle, found.name, found.followers)


def _frozen(database: Database, taken: Taken, at: datetime) -> bool:
    """Whether a lockdown has begun since the reply was taken."""
    with database.read() as db:
        return is_held_back(db, taken.account.workspace_id, taken.account.id, at)


def _attempt(
    taken: Taken,
    connect: Callable[[Followed], Connector],
    clock: Clock,
    chance: float,
    frozen: Callable[[datetime], bool],
) -> Outcome:
    """One call. What is not known to be "not taken" is unknown: a class of failures nobody thought of, too."""
    try:
        connector = connect(taken.account)
    except (WrongSetting, UnknownConnector, CredentialsLocked) as why:
        return Outcome("rejected", partial(_rejected, taken, reason_of(why)))
    if clock() >= taken.lease_until:
        return _put_back(taken, "sending did not begin in time", clock(), chance)
    if frozen(clock()):
        return _put_back(taken, "a lockdown holds it back", clock(), chance)
    try:
        receipt = connector.send(taken.reply)
    except RateLimited as why:
        return _put_back(taken, str(why), clock(), chance, why.retry_at)
    except (Refused, NotAllowed) as why:
        return Outcome("rejected", partial(_rejected, taken, str(why)))
    except Exception as why:
        # Exactly this class: one below it may mean an answer that was lost.
        if type(why) is Unreachable:
            return _put_back(taken, str(why), clock(), chance)
        reason = str(why) if isinstance(why, OutcomeUnknown) else "no answer says whether this was sent"
        log.warning("reply unknown", reply=taken.id, account=taken.account.id, problem=type(why).__name__)
        return Outcome("unknown", partial(_doubted, taken, reason))
    return Outcome("sent", partial(_accepted, taken, receipt))


def _put_back(taken: Taken, reason: str, now: datetime, chance: float, welcome: datetime | None = None) -> Outcome:
    again = after_failure(now, PAUSE, taken.attempts, chance)
    return Outcome("put back", partial(_waits, taken, reason, max(again, welcome or again)))


def _write(database: Database, taken: Taken, outcome: Outcome, at: datetime) -> str:
    with change(database, taken.account.workspace_id, OUTBOX, at) as c:
        reply = held_reply(c.db, taken.account.workspace_id, taken.id)
        before = standing(reply)
        try:
            told = outcome.write(c, reply, at)
        except StaleAttempt:
            return "stale"
        c.state(f"reply.{outcome.name}", "outgoing", reply.id, before=before, after=standing(reply) | told)
    return outcome.name


def _rejected(taken: Taken, reason: str, c: Change, reply: Outgoing, at: datetime) -> dict[str, Any]:
    reply.rejected(taken.reply.attempt_id, reason, at)
    time_turn(c, reply)
    return {}


def _waits(taken: Taken, reason: str, until: datetime, _c: Change, reply: Outgoing, at: datetime) -> dict[str, Any]:
    reply.put_back(taken.reply.attempt_id, reason, until, at)
    return {}


def _doubted(taken: Taken, reason: str, _c: Change, reply: Outgoing, at: datetime) -> dict[str, Any]:
    reply.doubted(taken.reply.attempt_id, reason, at)
    return {}


def _accepted(taken: Taken, receipt: Receipt, c: Change, reply: Outgoing, at: datetime) -> dict[str, Any]:
    """The reply is sent and its message is stored, in one transaction; a post that another reply is known as is a riddle."""
    attempt_id = taken.reply.attempt_id
    other = select(Outgoing.id).where(
        Outgoing.account_id == reply.account_id, Outgoing.network_id == receipt.network_id, Outgoing.id != reply.id
    )
    if c.db.scalar(other) is not None:
        reply.doubted(attempt_id, "", at)
        reply.ask("the network named a post that another reply stands as")
        return {}
    reply.accepted(attempt_id, receipt.network_id, receipt.sent, at)
    post = Post(
        network_id=receipt.network_id,
        sent=receipt.sent,
        text=reply.text,
        kind=Kind(reply.kind),
        direction=Direction.OUT,
        contact=taken.reply.contact,
        parent_id=reply.parent_id,
    )
    return credit(c, taken.account, post, reply, at)


def credit(c: Change, account: Followed, post: Post, reply: Outgoing, at: datetime) -> dict[str, Any]:
    """A post of ours enters by intake's own path, as its author's reply; what the event states of it.

    One that nobody wrote enters as automatic: it answers no turn.
    """
    c.db.flush()
    unwritten = select(AutomaticReply.id).where(
        AutomaticReply.workspace_id == reply.workspace_id, AutomaticReply.outgoing_id == reply.id
    )
    post = replace(post, automatic=c.db.scalar(unwritten) is not None)
    return facts(store(c, account.facts, Batch((post,), ""), at, sent_by={post.network_id: reply.author_id}))
