"""Versions of a workspace's calendar: what has begun stays, because figures rest on it; what is to come may change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.practice import practice
from models.calendars import CalendarVersion, DatedException, Span, Window
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.workspace import CalendarRow


@dataclass(frozen=True, slots=True)
class Hours:
    """A new version: from the beginning of the local day ``begins``, or from now where that is today."""

    begins: date
    windows: tuple[Window, ...]
    nation: str | None
    closed_on_holidays: bool
    holiday_windows: tuple[Span, ...]
    exceptions: tuple[DatedException, ...]


def add_version(database: Database, scope: Scope, hours: Hours, at: datetime) -> int:
    """Add a version of the calendar; returns its number. Raises ``BadValue`` for one that begins before today."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        zone = practice(c.db, scope.workspace_id).zone
        today = at.astimezone(zone).date()
        if hours.begins < today:
            raise BadValue("in force from", "give today or a later day: what has been counted stays as it was")
        begins = max(datetime.combine(hours.begins, time(), zone), at)
        number = max((row.number for row in _rows(c.db, scope.workspace_id)), default=0) + 1
        made = _version(number, begins, zone.key, hours)
        row = CalendarRow(workspace_id=scope.workspace_id, audit_id=c.audit_id, number=number, facts=made.to_json())
        c.db.add(row)
        c.db.flush()
        c.state("create", "calendar", row.id, after=row.facts)
    return number


def change_exceptions(
    database: Database, scope: Scope, number: int, exceptions: Sequence[DatedException], at: datetime
) -> None:
    """The dated exceptions of a version become these. Raises ``BadValue`` where one of a day up to today would change."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _row(c, number)
        today = at.astimezone(practice(c.db, scope.workspace_id).zone).date()
        version = CalendarVersion.from_json(row.facts)
        if set(_until(version.exceptions, today)) != set(_until(exceptions, today)):
            raise BadValue("exceptions", "those of today and of days gone by stay as they are")
        before = row.facts
        try:
            row.facts = replace(version, exceptions=tuple(sorted(exceptions, key=lambda one: one.day))).to_json()
        except ValueError as problem:
            raise BadValue("exceptions", str(problem)) from None
        if before != row.facts:
            told = ({"exceptions": facts["exceptions"]} for facts in (before, row.facts))
            c.state("change", "calendar", row.id, before=next(told), after=next(told))


def drop_version(database: Database, scope: Scope, number: int, at: datetime) -> None:
    """Take back a version that has not begun. Raises ``BadValue`` for one that has, and ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _row(c, number)
        begins = CalendarVersion.from_json(row.facts).begins
        if begins is None or begins <= at:
            raise BadValue("calendar", "this version has begun: add a later one instead")
        c.db.delete(row)
        c.state("delete", "calendar", row.id, before=row.facts)


def _version(number: int, begins: datetime, zone: str, hours: Hours) -> CalendarVersion:
    try:
        return CalendarVersion(
            number=number,
            begins=begins,
            zone=zone,
            windows=hours.windows,
            nation=hours.nation,
            closed_on_holidays=hours.closed_on_holidays,
            holiday_windows=hours.holiday_windows if hours.nation and hours.closed_on_holidays else (),
            exceptions=tuple(sorted(hours.exceptions, key=lambda one: one.day)),
        )
    except ValueError as problem:
        raise BadValue("calendar", str(problem)) from None


def _until(exceptions: Sequence[DatedException], today: date) -> list[DatedException]:
    return [one for one in exceptions if one.day <= today]


def _rows(db: Session, home: int) -> list[Any]:
    return list(db.scalars(select(CalendarRow).where(CalendarRow.workspace_id == home)))


def _row(c: Change, number: int) -> CalendarRow:
    wanted = select(CalendarRow).where(CalendarRow.workspace_id == c.workspace_id, CalendarRow.number == number)
    row = c.db.scalar(wanted)
    if row is None:
        raise NotFound
    return row
