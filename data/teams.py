"""A workspace's teams: who belongs to them, and how they work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from data.audit import Change, actor_of, change
from data.database import Database
from models.conversation import Conversation
from models.people import Membership
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.teams import TeamPractice
from models.workspace import Team, TeamMember

LONGEST = 60
"""Characters of a team's name."""


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a team is to be. ``hours`` are windows as a calendar keeps them, None: as the workspace."""

    name: str
    members: Collection[int]
    hours: Sequence[Sequence[Any]] | None = None
    capacity: int | None = None
    assignee: int | None = None


def create_team(database: Database, scope: Scope, facts: TeamFacts, at: datetime) -> int:
    """A new team; returns its key. Raises ``BadValue`` for a name that is empty or taken, ``NotFound`` for a stranger."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _check_name(c, facts.name)
        row = Team(workspace_id=scope.workspace_id, audit_id=c.audit_id, name=facts.name.strip())
        c.db.add(row)
        c.db.flush()
        _write(c, row.id, facts)
        c.state("create", "team", row.id, after=_facts(c, row))
    return row.id


def change_team(database: Database, scope: Scope, team_id: int, facts: TeamFacts, at: datetime) -> None:
    """Make the team what is wanted. Raises as ``create_team`` does."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _team(c, team_id)
        before = _facts(c, row)
        _check_name(c, facts.name, team_id)
        row.name = facts.name.strip()
        _write(c, team_id, facts)
        c.db.flush()
        c.state("change", "team", team_id, before=before, after=_facts(c, row))


def delete_team(database: Database, scope: Scope, team_id: int, at: datetime) -> None:
    """The team is gone. Raises ``BadValue`` where a conversation was ever assigned to it, and ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _team(c, team_id)
        work = select(func.count()).where(
            Conversation.workspace_id == scope.workspace_id, Conversation.team_id == team_id
        )
        if c.db.scalar(work):
            raise BadValue("team", "conversations are assigned to it: take its members out instead")
        before = _facts(c, row)
        for part in (TeamMember, TeamPractice):
            c.db.execute(delete(part).where(part.workspace_id == scope.workspace_id, part.team_id == team_id))
        c.db.delete(row)
        c.state("delete", "team", team_id, before=before)


def _team(c: Change, team_id: int) -> Team:
    row = c.db.get(Team, team_id)
    if row is None or row.workspace_id != c.workspace_id:
        raise NotFound
    return row


def _check_name(c: Change, name: str, team_id: int = 0) -> None:
    wanted = name.strip()
    if not wanted or len(wanted) > LONGEST:
        raise BadValue("team", f"give it a name of at most {LONGEST} characters")
    taken = select(Team.id).where(Team.workspace_id == c.workspace_id, Team.name == wanted, Team.id != team_id)
    if c.db.scalar(taken) is not None:
        raise BadValue("team", "choose another name: there is one called that")


def _write(c: Change, team_id: int, facts: TeamFacts) -> None:
    known = set(c.db.scalars(select(Membership.user_id).where(Membership.workspace_id == c.workspace_id)))
    wanted = set(facts.members)
    if not wanted <= known:
        raise NotFound
    if facts.assignee is not None and facts.assignee not in wanted:
        raise BadValue("default assignment", "choose a member of the team, or nobody")
    held = {
        row.user_id: row
        for row in c.db.scalars(
            select(TeamMember).where(TeamMember.workspace_id == c.workspace_id, TeamMember.team_id == team_id)
        )
    }
    for user_id in set(held) - wanted:
        c.db.delete(held[user_id])
    home = {"workspace_id": c.workspace_id, "team_id": team_id, "audit_id": c.audit_id}
    c.db.add_all(TeamMember(user_id=user_id, **home) for user_id in wanted - set(held))
    practice = c.db.get(TeamPractice, (c.workspace_id, team_id)) or TeamPractice(**home)
    practice.hours = [list(window) for window in facts.hours] if facts.hours is not None else None
    practice.capacity, practice.assignee_id = facts.capacity, facts.assignee
    c.db.add(practice)
    c.db.flush()


def _facts(c: Change, row: Team) -> dict[str, Any]:
    members = c.db.scalars(
        select(TeamMember.user_id).where(TeamMember.workspace_id == c.workspace_id, TeamMember.team_id == row.id)
    )
    practice = c.db.get(TeamPractice, (c.workspace_id, row.id))
    return {
        "name": row.name,
        "members": sorted(members),
        "hours": practice.hours if practice else None,
        "capacity": practice.capacity if practice else None,
        "assignee": practice.assignee_id if practice else None,
    }
