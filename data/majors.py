"""The banner of a major incident: put up, worded anew and taken down by those who run incidents."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from models.incidents import Incident
from models.major import MajorIncident, check_lines, check_summary
from models.people import User
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.snapshots import MajorMark


def put_up(
    database: Database, scope: Scope, incident_id: int, summary: str, lines: str, sure: bool, at: datetime
) -> None:
    """The banner of an open incident stands on every screen, with these words; the same words again change nothing.

    Raises ``BadValue`` (no summary, not confirmed, another incident's banner stands), ``IncidentClosed``, ``NotFound`` and
    ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.INCIDENT)
    said, agreed = check_summary(summary), check_lines(lines)
    if not sure:
        raise BadValue("confirmation", "tick the box: everybody in this workspace sees it at once")
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        incident = _incident(c, incident_id)
        incident.must_be_open()
        before = _standing(c)
        if before is not None and before.incident_id != incident_id:
            raise BadValue("banner", f"that of “{before.name}” stands: take it down there first")
        if before is not None and (before.name, before.summary, before.lines) == (incident.name, said, agreed):
            return
        if before is not None:
            before.ended, before.ended_by = at, user_id
            c.db.flush()
        row = MajorIncident(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            incident_id=incident_id,
            name=incident.name,
            summary=said,
            lines=agreed,
            begun=before.begun if before is not None else at,
            worded=at,
            worded_by=user_id,
        )
        c.db.add(row)
        c.db.flush()
        deed = "major.word" if before is not None else "major.declare"
        c.state(deed, "incident", incident_id, after=_facts(c, row))


def take_down(database: Database, scope: Scope, incident_id: int, sure: bool, at: datetime) -> None:
    """Every screen is without it. Raises ``BadValue`` (none stands, not confirmed), ``NotFound`` and ``NotPermitted``."""
    user_id = person_of(scope, Permission.INCIDENT)
    if not sure:
        raise BadValue("confirmation", "tick the box: the banner goes from every screen of this workspace")
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _incident(c, incident_id)
        row = _standing(c)
        if row is None or row.incident_id != incident_id:
            raise BadValue("banner", "none stands for this incident")
        row.ended, row.ended_by = at, user_id
        c.state("major.clear", "incident", incident_id, before=_facts(c, row), after={"ended": at.isoformat()})


def standing_major(db: Session, home: int) -> MajorMark | None:
    """The banner that stands in a workspace."""
    row = db.execute(
        select(MajorIncident, User.name)
        .join(User, User.id == MajorIncident.worded_by)
        .where(MajorIncident.workspace_id == home, MajorIncident.ended.is_(None))
    ).one_or_none()
    if row is None:
        return None
    one, name = row
    return MajorMark(one.incident_id, one.name, one.summary, one.lines, one.begun, one.worded, name)


def major_now(database: Database, workspace_id: int, _now: datetime) -> MajorMark | None:
    """The same, as a picture that every screen shares."""
    with database.read() as db:
        return standing_major(db, workspace_id)


def _standing(c: Change) -> MajorIncident | None:
    return c.db.scalar(
        select(MajorIncident).where(MajorIncident.workspace_id == c.workspace_id, MajorIncident.ended.is_(None))
    )


def _incident(c: Change, incident_id: int) -> Incident:
    found = c.db.scalar(
        select(Incident).where(Incident.workspace_id == c.workspace_id, Incident.id == incident_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _facts(c: Change, row: MajorIncident) -> dict[str, Any]:
    return {"banner": row.id, "summary": c.digest(row.summary), "lines": c.digest(row.lines)}
