"""How each account is watched now, and for how long nobody watched it this month."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from data.alarms import alarm_ways
from data.practice import Practice
from data.rollups import day_bounds, local_day
from models.conversation import Message
from models.posts import Direction, Kind
from models.snapshots import AccountCell, UnwatchedMonth, WatchMark, WatchWord
from models.watch import AccountWatch, Gap, Watch, Window, gaps, months_before, unwatched

AT_ONCE = 200
"""Gaps asked for in one statement."""


def watch_marks(db: Session, workspace_id: int, now: datetime) -> dict[int, WatchMark]:
    """How every account is watched, by key; one that nobody knows of yet is left out."""
    fresh = timedelta(seconds=alarm_ways(db, workspace_id).fresh_seconds)
    people: dict[int, set[int]] = {}
    open_ones = select(Window.user_id, Window.accounts).where(Window.workspace_id == workspace_id, Window.until > now)
    for user_id, accounts in db.execute(open_ones):
        for key in accounts:
            people.setdefault(key, set()).add(user_id)
    rows = db.scalars(select(AccountWatch).where(AccountWatch.workspace_id == workspace_id))
    return {row.account_id: _mark(row, now, fresh, len(people.get(row.account_id, ()))) for row in rows}


def _mark(row: AccountWatch, now: datetime, fresh: timedelta, people: int) -> WatchMark:
    state = row.state(now, fresh)
    since = row.until if state is WatchWord.UNWATCHED else row.acted or row.until
    return WatchMark(state, min(since, now), people)


def gaps_of(db: Session, workspace_id: int, begins: datetime, ends: datetime) -> Mapping[int, list[Gap]]:
    """The unwatched time of every account of the workspace within [begins, ends), from when on it is known."""
    watches: dict[int, list[tuple[datetime, datetime]]] = {}
    here = (Watch.workspace_id == workspace_id, Watch.until > begins, Watch.begun < ends)
    for row in db.scalars(select(Watch).where(*here).order_by(Watch.begun)):
        watches.setdefault(row.account_id, []).append((row.begun, row.until))
    known = db.execute(
        select(AccountWatch.account_id, AccountWatch.known).where(AccountWatch.workspace_id == workspace_id)
    )
    return {key: gaps(watches.get(key, []), max(begins, since), ends) for key, since in known}


def arrived_in(db: Session, workspace_id: int, account_id: int, found: list[Gap]) -> int:
    """How many messages to us came in these gaps, spam left out."""
    counted = select(func.count()).where(
        Message.workspace_id == workspace_id,
        Message.account_id == account_id,
        Message.direction == str(Direction.IN),
        Message.kind != str(Kind.LISTENING),
        Message.spam.is_(False),
    )
    number = 0
    for begin in range(0, len(found), AT_ONCE):
        some = ((Message.sent >= gap.begins) & (Message.sent < gap.ends) for gap in found[begin : begin + AT_ONCE])
        number += db.scalar(counted.where(or_(*some))) or 0
    return number


def earlier_months(db: Session, ways: Practice, now: datetime) -> tuple[str, ...]:
    """The months before this one in which an account's watch was known, the newest first."""
    known = db.scalar(select(func.min(AccountWatch.known)).where(AccountWatch.workspace_id == ways.workspace_id))
    if known is None:
        return ()
    first, today = (date.fromisoformat(local_day(at, ways.zone)) for at in (known, now))
    return months_before(first, today)


def of_month(db: Session, ways: Practice, cells: Iterable[AccountCell], month: str) -> tuple[UnwatchedMonth, ...]:
    """For how long nobody watched each account in an earlier local month ("2026-10")."""
    after = f"{date.fromisoformat(f'{month}-01') + timedelta(days=31):%Y-%m}-01"
    begins, ends = day_bounds(f"{month}-01", ways.zone)[0], day_bounds(after, ways.zone)[0]
    found = gaps_of(db, ways.workspace_id, begins, ends)
    known = select(AccountWatch.account_id, AccountWatch.known).where(AccountWatch.workspace_id == ways.workspace_id)
    since = {key: at for key, at in db.execute(known) if at < ends}
    rows = []
    for cell in cells:
        row = UnwatchedMonth(cell.channel, cell.handle, None)
        if cell.id in since:
            came = arrived_in(db, ways.workspace_id, cell.id, found[cell.id])
            within = since[cell.id] if since[cell.id] > begins else None
            row = replace(row, length=unwatched(found[cell.id]), arrived=came, known=within)
        rows.append(row)
    return tuple(rows)


def with_month(db: Session, ways: Practice, cells: Mapping[int, AccountCell], now: datetime) -> dict[int, AccountCell]:
    """The same cells with how long nobody watched this month, and what came meanwhile."""
    begins = day_bounds(f"{local_day(now, ways.zone)[:8]}01", ways.zone)[0]
    found = gaps_of(db, ways.workspace_id, begins, now)
    filled = dict(cells)
    for key, cell in cells.items():
        if cell.watch is not None and key in found:
            came = arrived_in(db, ways.workspace_id, key, found[key])
            filled[key] = replace(cell, watch=replace(cell.watch, month=unwatched(found[key]), arrived=came))
    return filled
