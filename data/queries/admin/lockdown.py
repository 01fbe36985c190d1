"""Lockdowns that hold and those that are over, with what waits behind them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.lockdowns import under_way
from data.practice import practice
from models.lockdown import Lockdown
from models.outbox import Outgoing, OutgoingState
from models.people import User
from models.permissions import Permission, Scope
from models.snapshots.admin import LockdownPage, LockdownRow
from models.workspace import Account

LATEST = 20


def lockdown(database: Database, scope: Scope, now: datetime) -> LockdownPage:
    """What holds now, and the latest that ended. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    moving = under_way(database, scope.workspace_id, now)
    with database.read() as db:
        rows = _rows(db, scope)
        queued = (
            select(func.count())
            .select_from(Outgoing)
            .where(Outgoing.workspace_id == scope.workspace_id, Outgoing.state == OutgoingState.QUEUED)
        )
        accounts = select(Account.id, Account.handle).where(Account.workspace_id == scope.workspace_id)
        return LockdownPage(
            workspace=practice(db, scope.workspace_id).mark,
            as_at=now,
            holding=tuple(row for row in rows if row.ended is None and row.until > now),
            over=tuple(row for row in rows if row.ended is not None or row.until <= now)[:LATEST],
            accounts=tuple((key, handle) for key, handle in db.execute(accounts.order_by(Account.handle))),
            waiting=db.scalar(queued) or 0,
            under_way=moving,
        )


def _rows(db: Session, scope: Scope) -> list[LockdownRow]:
    begun, ended = aliased(User), aliased(User)
    found = db.execute(
        select(Lockdown, Account.handle, begun.name, ended.name)
        .outerjoin(Account, Account.id == Lockdown.account_id)
        .join(begun, begun.id == Lockdown.begun_by)
        .outerjoin(ended, ended.id == Lockdown.ended_by)
        .where(Lockdown.workspace_id == scope.workspace_id)
        .order_by(Lockdown.id.desc())
        .limit(20 * LATEST)
    )
    return [
        LockdownRow(
            id=row.id,
            account=handle or "",
            reason=row.reason,
            begun=row.begun,
            begun_by=first,
            until=row.until,
            ended=row.ended,
            ended_by=second or "",
            mine=row.begun_by == scope.user_id,
        )
        for row, handle, first, second in found
    ]
