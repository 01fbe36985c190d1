"""Signing on and off a shift, and the skills of colleagues: one change, one event."""

from datetime import date, datetime

from sqlalchemy import select

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from models.experts import Duty, Skill, check_skill
from models.people import Membership
from models.permissions import Permission, Scope
from models.problems import NotFound


def sign_on(database: Database, scope: Scope, at: datetime) -> None:
    """The person of the scope is on duty; being so already changes nothing. Raises ``NotFound`` and ``NotPermitted``."""
    user_id = person_of(scope, Permission.READ)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        if _duty(c, user_id) is None:
            c.db.add(Duty(workspace_id=scope.workspace_id, audit_id=c.audit_id, user_id=user_id, began=at))
            c.state("duty.on", "user", user_id)


def sign_off(database: Database, scope: Scope, user_id: int, at: datetime) -> None:
    """Somebody is off duty: themselves, or whoever may move work says so. Being off already changes nothing.

    Raises ``NotFound`` and ``NotPermitted``.
    """
    own = person_of(scope, Permission.READ)
    if user_id != own:
        scope.require(Permission.MOVE_WORK)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _duty(c, user_id)
        if row is not None:
            row.ended, row.ended_by = at, own
            c.state("duty.off", "user", user_id, before={"began": row.began.isoformat()})


def keep_skill(database: Database, scope: Scope, user_id: int, word: str, until: date | None, at: datetime) -> None:
    """A colleague can do this, until a day or for good; kept again it has another day.

    Raises ``BadValue``, ``NotFound`` (also for a stranger to the workspace) and ``NotPermitted``.
    """
    person_of(scope, Permission.MOVE_WORK)
    named = check_skill(word)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        here = select(Membership.user_id).where(
            Membership.workspace_id == scope.workspace_id, Membership.user_id == user_id
        )
        if c.db.scalar(here.limit(1)) is None:
            raise NotFound
        row = c.db.scalar(
            select(Skill).where(Skill.workspace_id == c.workspace_id, Skill.user_id == user_id, Skill.word == named)
        )
        before = _facts(row) if row is not None else None
        if row is None:
            row = Skill(workspace_id=scope.workspace_id, audit_id=c.audit_id, user_id=user_id, word=named)
            c.db.add(row)
        row.until = until
        if before != _facts(row):
            c.db.flush()
            c.state("skill.keep", "user", user_id, before=before, after=_facts(row))


def drop_skill(database: Database, scope: Scope, skill_id: int, at: datetime) -> None:
    """A colleague has this skill no more. Raises ``NotFound`` and ``NotPermitted``."""
    person_of(scope, Permission.MOVE_WORK)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.scalar(select(Skill).where(Skill.workspace_id == c.workspace_id, Skill.id == skill_id))
        if row is None:
            raise NotFound
        before = _facts(row)
        c.db.delete(row)
        c.state("skill.drop", "user", row.user_id, before=before)


def _duty(c: Change, user_id: int) -> Duty | None:
    return c.db.scalar(
        select(Duty).where(Duty.workspace_id == c.workspace_id, Duty.user_id == user_id, Duty.ended.is_(None))
    )


def _facts(row: Skill) -> dict[str, str | None]:
    return {"skill": row.word, "until": row.until.isoformat() if row.until is not None else None}
