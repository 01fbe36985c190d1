"""Lockdown: no reply leaves on the accounts it holds, from its commit on, until its time is over or two people end it.

A sender takes a reply in a change of the workspace, and a lockdown begins in one: they queue for the end of the same chain, so
that a reply is taken before a lockdown or not at all. A reply taken before may be on its way to the network; a sender looks
again right before it calls, and ``settle`` waits for those that had looked.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from data.audit import actor_of, change
from data.clock import Clock
from data.database import Database
from models.lockdown import LONGEST_LOCKDOWN, Lockdown
from models.outbox import Outgoing, OutgoingState
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.snapshots import HeldBack
from models.workspace import Account

LONGEST_REASON = 200
PATIENCE = timedelta(seconds=5)
PAUSE = timedelta(milliseconds=50)


def begin_lockdown(
    database: Database, scope: Scope, accounts: Collection[int] | None, lasts: timedelta, reason: str, at: datetime
) -> list[int]:
    """Hold back every reply on these accounts (None: on all, also on those added meanwhile); returns the keys.

    Raises ``BadValue`` without a reason, a time or an account, and ``NotFound`` for another workspace's account.
    """
    if scope.user_id is None:
        raise NotFound
    scope.require(Permission.ADMINISTER)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise BadValue("reason", f"say why in at most {LONGEST_REASON} characters: colleagues read it")
    if not timedelta() < lasts <= LONGEST_LOCKDOWN:
        raise BadValue("time", f"give one of up to {LONGEST_LOCKDOWN // timedelta(hours=1)} hours")
    if accounts is not None and not accounts:
        raise BadValue("accounts", "choose at least one, or all")
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        facts: dict[str, Any] = {"reason": reason.strip(), "begun": at, "begun_by": scope.user_id, "until": at + lasts}
        rows = [
            Lockdown(workspace_id=scope.workspace_id, audit_id=c.audit_id, account_id=one, **facts)
            for one in _known(c.db, scope, accounts)
        ]
        c.db.add_all(rows)
        c.db.flush()
        after = {"accounts": sorted(accounts) if accounts is not None else "all", "until": (at + lasts).isoformat()}
        c.state(
            "lockdown.begin", "lockdown", rows[0].id if len(rows) == 1 else None, after=after, reason=reason.strip()
        )
    return [row.id for row in rows]


def end_lockdown(database: Database, scope: Scope, lockdown_id: int, at: datetime) -> None:
    """Let replies leave again. Raises ``OwnLockdown`` for whoever began it, and ``NotFound`` where none holds."""
    if scope.user_id is None:
        raise NotFound
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.get(Lockdown, lockdown_id)
        if row is None or row.workspace_id != scope.workspace_id or not row.holds(at):
            raise NotFound
        row.end(scope.user_id, at)
        before = {"until": row.until.isoformat(), "begun_by": row.begun_by}
        c.state("lockdown.end", "lockdown", lockdown_id, before=before, after={"ended_by": scope.user_id})


def settle(database: Database, scope: Scope, clock: Clock, patience: timedelta = PATIENCE) -> int:
    """Wait until no reply that was taken before is on its way; returns how many still are when patience ends."""
    waited, pause = timedelta(), Event()
    while (left := under_way(database, scope.workspace_id, clock())) and waited < patience:
        pause.wait(PAUSE.total_seconds())
        waited += PAUSE
    return left


def under_way(database: Database, home: int, at: datetime) -> int:
    """How many replies a sender has taken and not yet written down the end of."""
    wanted = (
        select(func.count())
        .select_from(Outgoing)
        .where(Outgoing.workspace_id == home, Outgoing.state == OutgoingState.SENDING, Outgoing.lease_until > at)
    )
    with database.read() as db:
        return db.scalar(wanted) or 0


def held_back(home: Any, account: Any, at: datetime) -> Any:
    """Whether a lockdown holds the account: a condition for a query; both may be columns."""
    return exists().where(
        Lockdown.workspace_id == home,
        or_(Lockdown.account_id.is_(None), Lockdown.account_id == account),
        Lockdown.ended.is_(None),
        Lockdown.begun <= at,
        Lockdown.until > at,
    )


def holding(db: Session, home: int, at: datetime) -> HeldBack | None:
    """What the wall says of the lockdowns of a workspace; None where none holds."""
    held = held_accounts(db, home, at)
    if not held:
        return None
    return HeldBack(None if None in held else len(held), max(held.values()))


def held_accounts(db: Session, home: int, at: datetime) -> dict[int | None, datetime]:
    """The accounts that a lockdown holds (None: all of the workspace), and until when at the latest."""
    rows = db.execute(
        select(Lockdown.account_id, Lockdown.until)
        .where(Lockdown.workspace_id == home, Lockdown.ended.is_(None), Lockdown.begun <= at, Lockdown.until > at)
        .order_by(Lockdown.until)
    )
    return {row.account_id: row.until for row in rows}


def is_held_back(db: Session, home: int, account_id: int, at: datetime) -> bool:
    """Whether a lockdown holds the account at this instant."""
    return bool(db.scalar(select(held_back(home, account_id, at))))


def _known(db: Session, scope: Scope, accounts: Collection[int] | None) -> list[int | None]:
    if accounts is None:
        return [None]
    known = set(
        db.scalars(select(Account.id).where(Account.workspace_id == scope.workspace_id, Account.id.in_(accounts)))
    )
    if known != set(accounts):
        raise NotFound
    return [*sorted(known)]
