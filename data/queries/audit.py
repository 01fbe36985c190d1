"""The search of the audit: a page of a workspace's events, newest first, by keys, so that it costs the same at any length."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import Practice, practice
from data.rollups import day_bounds
from models.audit import AuditEvent
from models.auditing import AuditFilters
from models.people import User
from models.permissions import Permission, Scope
from models.snapshots import AuditPage, AuditRow
from models.workspace import Account

PAGE = 50
MOST_CHOICES = 300
SLACK = timedelta(minutes=15)
"""How far the times of events may run against their numbers, where a clock was put back."""
AT_ONCE = 2_000
AT_EDGES = 200
"""Events at each end of a period that are looked at for its first and last number."""

COLUMNS = (
    *(AuditEvent.id, AuditEvent.sequence, AuditEvent.at, AuditEvent.actor, AuditEvent.address, AuditEvent.session_id),
    *(
        AuditEvent.action,
        AuditEvent.object,
        AuditEvent.object_id,
        AuditEvent.before,
        AuditEvent.after,
        AuditEvent.reason,
    ),
)


def today_of(database: Database, scope: Scope, now: datetime) -> date:
    """The workspace's day. Raises ``NotFound``."""
    with database.read() as db:
        return now.astimezone(practice(db, scope.workspace_id).zone).date()


def audit(database: Database, scope: Scope, filters: AuditFilters, now: datetime) -> AuditPage:
    """One page of the search. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.READ_AUDIT)
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        wanted = narrowed(db, ways, filters).order_by(AuditEvent.id.desc()).limit(PAGE + 1)
        if filters.before is not None:
            wanted = wanted.where(AuditEvent.id < filters.before)
        rows = [row_of(one) for one in db.execute(wanted)]
        return AuditPage(
            workspace=ways.mark,
            as_at=now,
            filters=filters,
            rows=tuple(rows[:PAGE]),
            older=rows[PAGE - 1].id if len(rows) > PAGE else None,
            people=_known(db, scope.workspace_id, AuditEvent.actor),
            actions=_known(db, scope.workspace_id, AuditEvent.action),
            kinds=_known(db, scope.workspace_id, AuditEvent.object),
            named=named(db, scope.workspace_id),
        )


def all_of(database: Database, scope: Scope, filters: AuditFilters) -> Iterator[AuditRow]:
    """Every event of the search, oldest first, some at a time. Raises ``NotPermitted`` before the first."""
    scope.require(Permission.READ_AUDIT)
    return _all_of(database, scope.workspace_id, filters)


def _all_of(database: Database, workspace_id: int, filters: AuditFilters) -> Iterator[AuditRow]:
    last = 0
    while True:
        with database.read() as db:
            wanted = narrowed(db, practice(db, workspace_id), filters).where(AuditEvent.id > last)
            rows = [row_of(one) for one in db.execute(wanted.order_by(AuditEvent.id).limit(AT_ONCE))]
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id


def narrowed(db: Session, ways: Practice, filters: AuditFilters) -> Select[Any]:
    """The events of the filters. A period is turned into numbers first: events are numbered as they come."""
    wanted = select(*COLUMNS).where(AuditEvent.workspace_id == ways.workspace_id)
    for column, value in (
        (AuditEvent.actor, filters.person),
        (AuditEvent.action, filters.action),
        (AuditEvent.object, filters.kind),
    ):
        if value:
            wanted = wanted.where(column == value)
    if filters.number is not None:
        wanted = wanted.where(AuditEvent.object_id == filters.number)
    if filters.first is not None and filters.last is not None:
        begins = day_bounds(filters.first.isoformat(), ways.zone)[0]
        ends = day_bounds(filters.last.isoformat(), ways.zone)[1]
        low, high = _numbers(db, ways.workspace_id, begins, ends)
        wanted = wanted.where(AuditEvent.id.between(low, high), AuditEvent.at >= begins, AuditEvent.at < ends)
    return wanted


def _numbers(db: Session, workspace_id: int, begins: datetime, ends: datetime) -> tuple[int, int]:
    """Between which numbers the events of a period lie: of those at its edges the smallest and the largest."""
    here = select(AuditEvent.id).where(AuditEvent.workspace_id == workspace_id)
    first = here.where(AuditEvent.at >= begins - SLACK).order_by(AuditEvent.at, AuditEvent.id).limit(AT_EDGES)
    last = here.where(AuditEvent.at < ends + SLACK).order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(AT_EDGES)
    return min(db.scalars(first), default=0), max(db.scalars(last), default=0)


def row_of(found: Any) -> AuditRow:
    """A row of ``COLUMNS``."""
    return AuditRow(*found)


def named(db: Session, workspace_id: int) -> dict[tuple[str, int], str]:
    """Names of colleagues, and of the workspace's accounts, by kind and key."""
    ours = select(Account.id, Account.handle).where(Account.workspace_id == workspace_id)
    accounts = {("account", row.id): f"account {row.handle}" for row in db.execute(ours)}
    return accounts | {("user", row.id): row.name for row in db.execute(select(User.id, User.name))}


def _known(db: Session, workspace_id: int, column: Any) -> tuple[str, ...]:
    """The values that a column has in the workspace, by jumps through its index."""
    found: list[str] = []
    smallest = select(func.min(column)).where(AuditEvent.workspace_id == workspace_id)
    value = db.scalar(smallest)
    while value is not None and len(found) < MOST_CHOICES:
        found.append(value)
        value = db.scalar(smallest.where(column > value))
    return tuple(found)
