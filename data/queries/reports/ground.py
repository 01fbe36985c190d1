"""What every report stands on: its period as instants, its accounts, and what was collected at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import Practice, practice
from data.queries.heading import calendar_version, heading
from data.rollups import day_bounds
from models.permissions import Permission, Scope
from models.reporting import ReportFilters, buckets
from models.snapshots import AccountChoice, Bucket, ReportHead
from models.workspace import Account

NOBODY = 0
"""An account key that no row has: what a channel without accounts is narrowed to."""

_ACCOUNTS = (
    select(Account.id, Account.handle, Account.channel)
    .where(Account.workspace_id == bindparam("home"))
    .order_by(Account.channel, Account.handle, Account.id)
)


@dataclass(frozen=True, slots=True)
class Ground:
    """One report under way. ``began`` is the hour of the first message ever stored; ``chosen`` accounts, None for all."""

    ways: Practice
    head: ReportHead
    now: datetime
    began: datetime | None
    chosen: tuple[int, ...] | None

    @property
    def filters(self) -> ReportFilters:
        """What the report is of."""
        return self.head.filters

    @property
    def is_open(self) -> bool:
        """Whether the period goes on."""
        return self.instants(self.filters.last, self.filters.last)[1] > self.now

    def instants(self, first: date, last: date) -> tuple[datetime, datetime]:
        """The instant at which the first local day begins and that at which the last one ends."""
        zone = self.ways.zone
        return day_bounds(first.isoformat(), zone)[0], day_bounds(last.isoformat(), zone)[1]

    def collected(self, first: date, last: date) -> bool:
        """Whether messages were being collected all that time, as far as it has gone by."""
        return self.began is not None and self.began <= self.instants(first, last)[0]

    def buckets(self) -> tuple[Bucket, ...]:
        """The bars of the period, in order."""
        return tuple(self._bucket(first, last) for first, last in buckets(self.filters))

    def _bucket(self, first: date, last: date) -> Bucket:
        ends = self.instants(first, last)[1]
        return Bucket(first, last, open=ends > self.now, unknown=self.began is None or self.began >= ends)

    def narrowed(self, column: Any) -> list[ColumnElement[bool]]:
        """The condition that keeps rows of the chosen accounts; none where all are."""
        return [] if self.chosen is None else [column.in_(self.chosen)]


def ground(db: Session, scope: Scope, filters: ReportFilters, now: datetime) -> Ground:
    """Everything that reports share. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.REPORT)
    found = heading(db, scope.workspace_id, now)
    ways = found.ways
    accounts = [AccountChoice(*row) for row in db.connection().execute(_ACCOUNTS, {"home": scope.workspace_id})]
    head = ReportHead(
        workspace=ways.mark,
        as_at=now,
        filters=filters,
        accounts=tuple(accounts),
        calendar_version=calendar_version(ways, now),
        grades=tuple(mark.key for mark in ways.grades),
        collected_since=found.began.astimezone(ways.zone).date() if found.began is not None else None,
    )
    return Ground(ways, head, now, found.began, _chosen(accounts, filters))


def places_of(buckets: Sequence[Bucket]) -> dict[date, int]:
    """Which bucket, counted from 0, each local day of the period falls into."""
    return {
        bucket.first + timedelta(days=number): index
        for index, bucket in enumerate(buckets)
        for number in range((bucket.last - bucket.first).days + 1)
    }


def today_of(database: Database, scope: Scope, now: datetime) -> date:
    """The local day in the workspace. Raises ``NotFound``."""
    with database.read() as db:
        return now.astimezone(practice(db, scope.workspace_id).zone).date()


def _chosen(accounts: Sequence[AccountChoice], filters: ReportFilters) -> tuple[int, ...] | None:
    """The accounts that the filters leave; an unknown one, or one of another workspace, leaves none."""
    if not filters.channel and filters.account is None:
        return None
    kept = [one.id for one in accounts if filters.channel in ("", one.channel) and filters.account in (None, one.id)]
    return tuple(kept) or (NOBODY,)
