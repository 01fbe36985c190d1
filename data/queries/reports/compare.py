"""Workspaces side by side: each by the very reports it has of its own, and only those that the person may read there."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from data.database import Database
from data.queries.reports.activity import activity_report
from data.queries.reports.ground import ground
from data.queries.reports.hours import hours_report
from data.queries.reports.response import answers
from models.people import Membership, Role
from models.permissions import Permission, Scope, rights_of
from models.reporting import ReportFilters
from models.snapshots import ActivityReport, CompareReport, CompareRow
from models.workspace import Workspace


def scopes_of(database: Database, scope: Scope) -> tuple[Scope, ...]:
    """This workspace and the others in which the person may read reports, by name."""
    with database.read() as db:
        rows = db.execute(
            select(Workspace.id, Workspace.slug, Role.name, Role.permissions, Role.built_in)
            .join(Role, Role.workspace_id == Workspace.id)
            .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Workspace.id))
            .where(Membership.user_id == scope.user_id, Workspace.id != scope.workspace_id)
            .order_by(Workspace.name, Workspace.id)
        ).all()
    held: dict[tuple[int, str], frozenset[Permission]] = {}
    for home, slug, *role in rows:
        held[(home, slug)] = held.get((home, slug), frozenset()) | rights_of(*role)
    others = (
        replace(scope, workspace_id=home, slug=slug, permissions=rights, kiosk_id=None)
        for (home, slug), rights in held.items()
        if Permission.REPORT in rights
    )
    return (scope, *others)


def compare_report(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> CompareReport:
    """A row for each workspace. An account is of one workspace, so it narrows nothing here; a channel does.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    filters = replace(filters, account=None)
    with database.read() as db:
        head = ground(db, scope, filters, now).head
    return CompareReport(head, tuple(_row(database, one, filters, now) for one in scopes_of(database, scope)))


def _row(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> CompareRow:
    came = activity_report(database, scope, filters, now)
    with database.read() as db:
        first, answered, unanswered = answers(db, ground(db, scope, filters, now))
    return CompareRow(
        workspace=came.head.workspace,
        messages=came.total,
        before=came.before,
        days=sum((bucket.last - bucket.first).days + 1 for bucket in came.buckets if not bucket.unknown),
        urgent=_urgent(came),
        private=sum(part.count for part in came.by_kind if part.key == "private"),
        answered=answered,
        unanswered=unanswered,
        out_of_hours=hours_report(database, scope, filters, now).share,
        first=first.public,
        service=first.service,
    )


def _urgent(came: ActivityReport) -> int:
    """Messages above the lowest grade of the workspace."""
    lowest = came.head.grades[-1] if came.head.grades else ""
    return sum(part.count for part in came.by_grade if part.key != lowest)
