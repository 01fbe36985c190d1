"""The register of official accounts: each with its connector's health, its read budget and what came of today's posts."""

from datetime import datetime, timedelta

from sqlalchemy import select

from data.database import Database
from data.queries.heading import heading
from data.queries.strip import Watched, watched
from data.queries.watch import earlier_months, of_month, with_month
from data.rollups import local_day
from models.conversation import Tally
from models.pacing import month_of
from models.permissions import Permission, Scope
from models.snapshots import AccountCell, AccountRow, AccountsPage

OUTCOMES = ("stored", "duplicate", "edited", "deleted", "rejected")
"""What can become of a fetched post, in the order in which the page counts them."""


def accounts(database: Database, scope: Scope, now: datetime, month: str = "") -> AccountsPage:
    """Every account of the workspace by channel and handle; a ``month`` that is none of those known is as if not given.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.VIEW_ACCOUNTS)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        tallies = db.connection().execute(
            select(Tally.account_id, Tally.outcome, Tally.count).where(
                Tally.workspace_id == scope.workspace_id, Tally.day == local_day(now, head.ways.zone)
            )
        )
        counts: dict[int, dict[str, int]] = {}
        for account_id, outcome, count in tallies:
            counts.setdefault(account_id, {})[outcome] = count
        found = watched(db, scope.workspace_id, now)
        cells = with_month(db, head.ways, {one.cell.id: one.cell for one in found}, now)
        months = earlier_months(db, head.ways, now)
        chosen = month if month in months else ""
        return AccountsPage(
            workspace=head.ways.mark,
            as_at=now,
            revision=head.revision,
            poller_alive=head.poller_alive,
            rows=tuple(_row(one, cells[one.cell.id], counts.get(one.cell.id, {}), now) for one in found),
            months=months,
            month=chosen,
            unwatched=of_month(db, head.ways, (one.cell for one in found), chosen) if chosen else (),
        )


def _row(one: Watched, cell: AccountCell, counts: dict[str, int], now: datetime) -> AccountRow:
    row = one.row
    known = [name for name in OUTCOMES if name in counts] + sorted(set(counts) - set(OUTCOMES))
    return AccountRow(
        cell=cell,
        connector=row.connector,
        interval=timedelta(seconds=row.interval_seconds),
        reads=row.reads if row.month == month_of(now) else 0,
        budget=row.read_budget,
        last_attempt=row.last_attempt,
        next_attempt=None if row.paused else row.next_attempt,
        counts=tuple((name, counts[name]) for name in known),
        owner=row.owner,
        purpose=row.purpose,
        watch_hours=row.watch_hours,
        call=row.call,
    )
