"""Accounts that cannot be read: one alarm when that has lasted for the workspace's time, over when posts come again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from data.alarms import WATCHROOM, clear_causes, default_ways, raise_alarm
from data.audit import Change, change
from data.database import Database
from data.health import FAILING_AFTER
from models.alarms import AlarmCause, AlarmKind, AlarmWays, Cause
from models.workspace import Account, AccountPoll


@dataclass(frozen=True, slots=True)
class _Outage:
    """An account that is refused or failed twice in a row; ``cause`` falls when that has lasted for long enough."""

    workspace_id: int
    cause: Cause


def next_failing(db: Session) -> datetime | None:
    """When the next account has been failing for long enough that somebody is told, in any workspace."""
    found = _outages(db)
    told = _told(db, found)
    return min((one.cause.fell for one in found if _place(one) not in told), default=None)


def tell_failing(database: Database, now: datetime) -> int:
    """Raise the alarm of each account that is failing for long enough, and end those of accounts that are read again.

    One that was paused, or that worked in between, counts as read again. Returns how many were raised. May run again.
    """
    with database.read() as db:
        found = _outages(db)
        told, standing = _told(db, found), {_place(one) for one in found}
        homes = {one.workspace_id for one in found if one.cause.fell <= now and _place(one) not in told}
        homes |= {home for home, key in _open(db) if (home, key) not in standing}
    return sum(_settle(database, home, now) for home in sorted(homes))


def _settle(database: Database, workspace_id: int, now: datetime) -> int:
    with change(database, workspace_id, WATCHROOM, now) as c:
        found = _outages(c.db, workspace_id)
        ended = _end(c, [one.cause.key for one in found])
        raised = [raise_alarm(c, one.cause) for one in found if one.cause.fell <= now]
        begun = [key for key in raised if key is not None]
        if begun or ended:
            action, keys = ("alarm.raise", begun) if begun else ("alarm.over", ended)
            after = {"kind": str(AlarmKind.FAILING), "raised": begun, "over": ended}
            c.state(action, "alarm", keys[0] if len(keys) == 1 else None, after=after)
    return len(begun)


def _end(c: Change, standing: list[str]) -> list[int]:
    return clear_causes(c, AlarmCause.kind == str(AlarmKind.FAILING), AlarmCause.key.not_in(standing))


def _outages(db: Session, workspace_id: int | None = None) -> list[_Outage]:
    wanted = (
        select(AccountPoll, func.coalesce(AlarmWays.failing_seconds, default_ways(0).failing_seconds))
        .join(Account, (Account.id == AccountPoll.account_id) & (Account.workspace_id == AccountPoll.workspace_id))
        .outerjoin(AlarmWays, AlarmWays.workspace_id == AccountPoll.workspace_id)
        .where(
            Account.paused.is_(False),
            AccountPoll.failing_since.is_not(None),
            or_(AccountPoll.refused.is_(True), AccountPoll.failures >= FAILING_AFTER),
        )
        .order_by(AccountPoll.failing_since, AccountPoll.account_id)
    )
    if workspace_id is not None:
        wanted = wanted.where(AccountPoll.workspace_id == workspace_id)
    return [_Outage(row.workspace_id, _cause(row, timedelta(seconds=grace))) for row, grace in db.execute(wanted)]


def _cause(row: AccountPoll, grace: timedelta) -> Cause:
    since: Any = row.failing_since
    return Cause(
        AlarmKind.FAILING,
        f"failing/{row.account_id}/{since.isoformat()}",
        since + grace,
        account_id=row.account_id,
        words=row.reason,
        known=row.last_attempt if row.failures == FAILING_AFTER else None,
    )


def _place(one: _Outage) -> tuple[int, str]:
    return one.workspace_id, one.cause.key


def _told(db: Session, found: Iterable[_Outage]) -> set[tuple[int, str]]:
    keys = [one.cause.key for one in found]
    rows = db.execute(select(AlarmCause.workspace_id, AlarmCause.key).where(AlarmCause.key.in_(keys)))
    return {(row.workspace_id, row.key) for row in rows}


def _open(db: Session) -> list[tuple[int, str]]:
    rows = db.execute(
        select(AlarmCause.workspace_id, AlarmCause.key).where(
            AlarmCause.kind == str(AlarmKind.FAILING), AlarmCause.cleared.is_(None)
        )
    )
    return [(row.workspace_id, row.key) for row in rows]
