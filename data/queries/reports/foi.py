"""What a freedom-of-information request asks for: contacts and replies by month and network, with small counts withheld."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.exports import Value
from data.queries.reports.ground import Ground, ground
from data.queries.reports.response import answers
from models.permissions import Permission, Scope
from models.redaction import published
from models.reporting import CUSTOM, ReportFilters, months
from models.rollups import Daily
from models.snapshots import Wait
from models.tables import minutes

HEADINGS = (
    "month",
    "network",
    "messages received",
    "first contacts",
    "answered",
    "not answered",
    "median first response (min)",
    "95% within (min)",
    "judged against target",
    "over target",
    "hours open",
)
HASH = "Hash of this query and its figures (SHA-256)"

Lines = list[tuple[Value, ...]]


def foi_pack(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> Lines:
    """The lines of the file: what it is of, its hash, and a line a month and network. Open days are left out.

    The same figures of the same query give the same lines, so the same hash is the same file on any machine. Raises
    ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.EXPORT)
    with database.read() as db:
        on = ground(db, scope, filters, now)
        today = now.astimezone(on.ways.zone).date()
        last = min(filters.last, today - timedelta(days=1))
        channels = [filters.channel] if filters.channel else sorted({one.channel for one in on.head.accounts})
        lines = [
            _line(db, scope, ReportFilters(CUSTOM, first, until, channel, filters.account), now)
            for first, until in months(filters.first, last)
            for channel in channels
        ]
        about = list(_about(on, last))
    return [*about, (HASH, digest([*about, HEADINGS, *lines])), (), HEADINGS, *lines]


def digest(lines: Sequence[Sequence[Value]]) -> str:
    """The hash of some lines, whatever machine works it out."""
    return hashlib.sha256(json.dumps(lines, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _about(on: Ground, last: date) -> Iterator[tuple[Value, ...]]:
    filters = on.filters
    yield ("Workspace", on.head.workspace.name)
    yield ("First day", filters.first.isoformat())
    yield ("Last day", last.isoformat())
    yield ("Zone", on.head.workspace.zone)
    yield ("Network", filters.channel or "all")
    yield ("Account", next((one.handle for one in on.head.accounts if one.id == filters.account), "all"))
    yield ("Counts from 1 to 4", "withheld")


def _line(db: Session, scope: Scope, filters: ReportFilters, now: datetime) -> tuple[Value, ...]:
    on = ground(db, scope, filters, now)
    first, answered, unanswered = answers(db, on)
    judged = first.service.judged
    over = judged - round(judged * (first.service.share or 0.0))
    begins, ends = on.instants(filters.first, filters.last)
    opened = round(on.ways.calendar.open_between(begins, ends) / timedelta(hours=1), 1)
    return (
        f"{filters.first:%Y-%m}",
        filters.channel,
        published(_received(db, on)),
        published(first.public.n),
        published(answered),
        published(unanswered),
        _minutes(first.public.median),
        _minutes(first.public.p95),
        published(judged),
        published(over),
        opened if on.ways.calendar.versions else None,
    )


def _received(db: Session, on: Ground) -> int:
    days = (on.filters.first.isoformat(), on.filters.last.isoformat())
    here = (Daily.workspace_id == on.ways.workspace_id, Daily.day.between(*days), Daily.spam == 0)
    return int(db.scalar(select(func.sum(Daily.count)).where(*here, *on.narrowed(Daily.account_id))) or 0)


def _minutes(wait: Wait | None) -> Value:
    if wait is None:
        return None
    return round(minutes(wait), 1) if wait.reached else f"> {round(minutes(wait), 1)}"
