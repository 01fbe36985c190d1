"""Open queues say which accounts they show and when somebody last did something there; out of it comes who was watched when.

Everything is worked out when a page speaks: a watch ends at an instant that is known beforehand, so no gap needs a chore to
be exact. The chore only raises the alarm for an account that nobody watches while a message waits unseen.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from data.alarms import WATCHROOM, alarm_ways, clear_causes, raise_alarm
from data.audit import actor_of, change
from data.database import Database
from models.alarms import AlarmCause, AlarmKind, AlarmWays, Cause
from models.audit import Actor, AuditHead
from models.conversation import Message, Turn
from models.permissions import Permission, Scope
from models.posts import Direction
from models.problems import BadValue
from models.snapshots import QueueFilters
from models.watch import KEPT, AccountWatch, Watch, Window, good_until, in_filter
from models.workspace import Account

MOST_PAGES = 20
"""Open queues of one person that count at the same time."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sight:
    """What an open queue says: ``page`` names it, ``idle`` is how long ago somebody did something there."""

    page: str
    filters: QueueFilters
    idle: timedelta


def beat(database: Database, scope: Scope, said: Sight, at: datetime) -> None:
    """The queue is open: the accounts in its filter are watched. Only who may claim watches; others change nothing.

    Raises ``NotPermitted`` where the person may not read here, and ``BadValue`` for too many windows.
    """
    scope.require(Permission.READ)
    if scope.user_id is None or not scope.may(Permission.CLAIM):
        return
    with database.write() as db:
        _lock(db, scope.workspace_id)
        ways = alarm_ways(db, scope.workspace_id)
        shown = in_filter(said.filters, _accounts(db, scope.workspace_id))
        row = db.get(Window, (scope.workspace_id, scope.user_id, said.page))
        if row is None:
            _make_room(db, scope, at)
            row = Window(
                workspace_id=scope.workspace_id, user_id=scope.user_id, page=said.page, accounts=[], acted=at, until=at
            )
            db.add(row)
        before = row.accounts
        row.accounts = shown
        row.acted, row.until = good_until(at, said.idle, timedelta(seconds=ways.valid_seconds))
        db.flush()
        begun = _settle(db, scope.workspace_id, {*before, *shown}, ways, at)
    _now_watched(database, scope.workspace_id, begun, actor_of(scope), at)


def leave(database: Database, scope: Scope, page: str | None, at: datetime) -> None:
    """This queue, or with None every queue of the person here, is open no more: they sign out, close it or hide it."""
    with database.write() as db:
        _lock(db, scope.workspace_id)
        mine = select(Window).where(
            Window.workspace_id == scope.workspace_id, Window.user_id == (scope.user_id or 0), Window.until > at
        )
        gone = list(db.scalars(mine if page is None else mine.where(Window.page == page)))
        for row in gone:
            row.until = at
        db.flush()
        shown = {key for row in gone for key in row.accounts}
        _settle(db, scope.workspace_id, shown, alarm_ways(db, scope.workspace_id), at)


def expect(db: Session, workspace_id: int, account_id: int, at: datetime) -> None:
    """A message of this account waits now, within the change that stores it: the chore looks whether anybody watches."""
    row = db.get(AccountWatch, (workspace_id, account_id))
    if row is None:
        row = _first(db, workspace_id, account_id, at)
    if row.look is None:
        row.look = at


def _lock(db: Session, workspace_id: int) -> None:
    """Whoever settles the watches of a workspace waits for the one before, and for changes, which store what waits."""
    db.execute(select(AuditHead.sequence).where(AuditHead.workspace_id == workspace_id).with_for_update())


def _accounts(db: Session, workspace_id: int) -> list[tuple[int, str]]:
    rows = db.execute(select(Account.id, Account.channel).where(Account.workspace_id == workspace_id))
    return [(row.id, row.channel) for row in rows]


def _make_room(db: Session, scope: Scope, at: datetime) -> None:
    db.execute(delete(Window).where(Window.workspace_id == scope.workspace_id, Window.until < at - KEPT))
    mine = select(func.count()).where(Window.workspace_id == scope.workspace_id, Window.user_id == scope.user_id)
    if (db.scalar(mine.where(Window.until > at)) or 0) >= MOST_PAGES:
        raise BadValue("page", "close some windows: too many are open")


def _first(db: Session, workspace_id: int, account_id: int, at: datetime) -> AccountWatch:
    row = AccountWatch(workspace_id=workspace_id, account_id=account_id, until=at, known=at)
    db.add(row)
    db.flush()
    return row


def _settle(db: Session, workspace_id: int, account_ids: Collection[int], ways: AlarmWays, at: datetime) -> list[int]:
    """Bring the watches of these accounts in line with the windows that are open; returns those that are watched anew."""
    if not account_ids:
        return []
    here = Window.workspace_id == workspace_id
    best: dict[int, tuple[datetime, datetime]] = {}
    for window in db.scalars(select(Window).where(here, Window.until > at)):
        for key in window.accounts:
            until, acted = best.get(key, (window.until, window.acted))
            best[key] = (max(until, window.until), max(acted, window.acted))
    known = {
        row.account_id: row
        for row in db.scalars(
            select(AccountWatch).where(
                AccountWatch.workspace_id == workspace_id, AccountWatch.account_id.in_(account_ids)
            )
        )
    }
    grace = timedelta(seconds=ways.unwatched_seconds)
    begun = []
    for key in sorted(account_ids):
        row = known.get(key) or _first(db, workspace_id, key, at)
        wanted, acted = best.get(key, (at, row.acted or at))
        if _move(db, row, wanted, at):
            begun.append(key)
        row.acted = acted
        row.look = row.until + grace
    return begun


def _move(db: Session, row: AccountWatch, wanted: datetime, at: datetime) -> bool:
    """The account is watched until ``wanted``; whether that is a new watch."""
    if row.begun is not None and row.until >= at:
        if row.until != wanted:
            row.until = wanted
            this = (row.workspace_id, row.account_id, row.begun)
            db.get_one(Watch, this).until = wanted
        return False
    if wanted <= at:
        return False
    row.begun, row.until = at, wanted
    db.add(Watch(workspace_id=row.workspace_id, account_id=row.account_id, begun=at, until=wanted))
    return True


def _now_watched(
    database: Database, workspace_id: int, account_ids: Collection[int], actor: Actor, at: datetime
) -> None:
    """Alarms that nobody watched these accounts are over."""
    if not account_ids:
        return
    theirs = (AlarmCause.kind == str(AlarmKind.UNWATCHED), AlarmCause.account_id.in_(list(account_ids)))
    with database.read() as db:
        still = (AlarmCause.workspace_id == workspace_id, AlarmCause.cleared.is_(None))
        if db.scalar(select(AlarmCause.id).where(*still, *theirs).limit(1)) is None:
            return
    with change(database, workspace_id, actor, at) as c:
        cleared = clear_causes(c, *theirs)
        if cleared:
            c.state("watch", "account", None, after={"accounts": sorted(account_ids), "alarms": cleared})


def next_look(db: Session) -> datetime | None:
    """When the next account may be unwatched with a message that waits unseen, in any workspace."""
    return db.scalar(select(func.min(AccountWatch.look)))


def raise_unwatched(database: Database, now: datetime) -> int:
    """Raise the alarm for each account whose instant has come; returns how many. May run again."""
    due = select(AccountWatch.workspace_id).where(AccountWatch.look <= now).distinct()
    with database.read() as db:
        homes = list(db.scalars(due))
    return sum(_raise(database, home, now) for home in homes)


def _raise(database: Database, workspace_id: int, now: datetime) -> int:
    raised = []
    with change(database, workspace_id, WATCHROOM, now) as c:
        _lock(c.db, workspace_id)
        grace = timedelta(seconds=alarm_ways(c.db, workspace_id).unwatched_seconds)
        here = (AccountWatch.workspace_id == workspace_id, AccountWatch.look <= now)
        rows = list(c.db.scalars(select(AccountWatch).where(*here).limit(AT_ONCE)))
        waiting = _unseen(c.db, workspace_id, [row.account_id for row in rows])
        for row in rows:
            since = waiting.get(row.account_id)
            row.look = max(row.until, since) + grace if since is not None else None
            if row.look is None or row.look > now:
                continue
            found = raise_alarm(c, _cause(row, row.look, since))
            row.look = None
            if found is not None:
                raised.append(found)
        if raised:
            c.state("alarm.raise", "alarm", raised[0] if len(raised) == 1 else None, after={"alarms": raised})
    return len(raised)


def _unseen(db: Session, workspace_id: int, account_ids: Iterable[int]) -> dict[int, datetime]:
    """Since when a message waits that nobody has seen, by account."""
    rows: Any = db.execute(
        select(Turn.account_id, func.min(Message.stored))
        .join(Message, Message.turn_id == Turn.id)
        .where(
            Turn.workspace_id == workspace_id,
            Turn.account_id.in_(list(account_ids)),
            Turn.replied.is_(None),
            Turn.ended.is_(None),
            Message.direction == str(Direction.IN),
            Message.seen.is_(None),
        )
        .group_by(Turn.account_id)
    )
    return {row[0]: row[1] for row in rows}


def _cause(row: AccountWatch, fell: datetime, since: datetime | None) -> Cause:
    return Cause(
        AlarmKind.UNWATCHED,
        f"unwatched/{row.account_id}/{row.until.isoformat()}",
        fell,
        account_id=row.account_id,
        known=since,
    )
