"""Making workspaces: with everything in them that intake, queue and wallboard rely on."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change
from data.database import Database
from data.defaults import FLAGS, GRADES, OUTCOMES, REASSESS, TOPICS, office_hours
from data.reply_rules import fill_templates
from models.audit import INSTALLATION, Actor, Revision
from models.calendars import CalendarVersion
from models.notes import Flag
from models.people import Role
from models.permissions import BUILT_IN_ROLES
from models.problems import BadValue
from models.workspace import DEFAULT_ZONE, CalendarRow, Grade, Outcome, Rule, TargetTime, Topic, Workspace

RULES = Path(__file__).parent / "samples" / "rules.json"
"""The rules a new workspace begins with; their topics are those of ``data/defaults.py``."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def create_workspace(
    database: Database,
    slug: str,
    name: str,
    at: datetime,
    actor: Actor,
    *,
    zone: str = DEFAULT_ZONE,
    calendar: CalendarVersion | None = None,
) -> int:
    """A new workspace with the defaults of ``data/defaults.py``; returns its key.

    Raises ``BadValue`` for a slug that is taken or is more than small letters, digits and single hyphens, and for a
    zone that does not exist.
    """
    with database.write() as db:
        workspace_id, filled = add_workspace(db, database.audit_key, slug, name, at, actor, zone, calendar)
        filled.finish()
    database.announce(workspace_id, filled.revision or 0)
    return workspace_id


def add_workspace(
    db: Session,
    key: bytes,
    slug: str,
    name: str,
    at: datetime,
    actor: Actor,
    zone: str = DEFAULT_ZONE,
    calendar: CalendarVersion | None = None,
) -> tuple[int, Change]:
    """Add the workspace in the caller's transaction: one event in the installation's chain, the first in its own.

    The second change is handed back so that the caller may add to it, and must be finished by the caller.
    """
    if not SLUG.fullmatch(slug):
        raise BadValue("workspace", "give a short name of small letters, digits and hyphens")
    if not name.strip():
        raise BadValue("workspace name", "give the name people read")
    if db.scalar(select(Workspace.id).where(Workspace.slug == slug)) is not None:
        raise BadValue("workspace", "choose another short name: it is taken")
    hours = calendar or _hours(zone)
    outer = Change(db, key, INSTALLATION, actor, at)
    workspace = Workspace(slug=slug, name=name.strip(), zone=zone, created=at, audit_id=outer.audit_id)
    db.add(workspace)
    db.flush()
    db.add(Revision(workspace_id=workspace.id, number=0))
    outer.state("create", "workspace", workspace.id, after={"slug": slug, "zone": zone})
    outer.finish()
    inner = Change(db, key, workspace.id, actor, at)
    _fill(inner, hours)
    inner.state("create", "workspace", workspace.id, after={"slug": slug, "zone": zone})
    db.flush()
    return workspace.id, inner


def slug_of(name: str) -> str:
    """A slug made from a name: "Northshire control room" is ``northshire-control-room``; "workspace" where none is left."""
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold())) or "workspace"


def _hours(zone: str) -> CalendarVersion:
    try:
        return office_hours(zone)
    except ValueError as error:
        raise BadValue("zone", "give a name such as Europe/London") from error


def _fill(c: Change, hours: CalendarVersion) -> None:
    db, home = c.db, c.workspace_id
    for rank, ((key, word, look, target, clock), holds) in enumerate(zip(GRADES, REASSESS, strict=True), start=1):
        grade = Grade(workspace_id=home, audit_id=c.audit_id, key=key, word=word, rank=rank, look=look)
        grade.reassess_seconds = int(holds.total_seconds()) if holds else None
        db.add(grade)
        db.flush()
        seconds = int(target.total_seconds())
        db.add(TargetTime(workspace_id=home, audit_id=c.audit_id, grade_id=grade.id, seconds=seconds, clock=clock))
    db.add_all(Topic(workspace_id=home, audit_id=c.audit_id, word=word) for word in TOPICS)
    db.add_all(Flag(workspace_id=home, audit_id=c.audit_id, word=word) for word in FLAGS)
    for word, left_out in OUTCOMES:
        db.add(Outcome(workspace_id=home, audit_id=c.audit_id, word=word, left_out=left_out))
    for name, rights in BUILT_IN_ROLES.items():
        permissions = sorted(rights)
        db.add(Role(workspace_id=home, audit_id=c.audit_id, name=name, permissions=permissions, built_in=True))
    db.add(CalendarRow(workspace_id=home, audit_id=c.audit_id, number=hours.number, facts=hours.to_json()))
    db.add_all(_rules(c))
    fill_templates(c)


def _rules(c: Change) -> Iterator[Rule]:
    for position, rule in enumerate(json.loads(RULES.read_text("utf-8")), start=1):
        yield Rule(
            workspace_id=c.workspace_id,
            audit_id=c.audit_id,
            name=rule["name"],
            position=position,
            conditions=rule["conditions"],
            actions=rule["actions"],
        )


def workspace_keys(db: Session) -> list[int]:
    """The keys of every workspace, in order: for chores that look after each of them."""
    return list(db.scalars(select(Workspace.id).order_by(Workspace.id)))
