"""Teams: members, hours, capacity, and the open work assigned to each."""

from datetime import time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import practice
from data.queries.admin.users import people_of
from models.calendars import Window
from models.conversation import Conversation
from models.people import User
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.snapshots.admin import TeamRow, TeamsPage
from models.teams import TeamPractice
from models.weeks import week_texts
from models.workspace import Team, TeamMember


def teams(database: Database, scope: Scope, chosen: int | None = None) -> TeamsPage:
    """The teams by name. Raises ``NotPermitted``, and ``NotFound`` where ``chosen`` is not one of them."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        rows = _rows(db, scope.workspace_id)
        if chosen is not None and chosen not in rows:
            raise NotFound
        return TeamsPage(
            workspace=practice(db, scope.workspace_id).mark,
            rows=tuple(rows.values()),
            chosen=rows[chosen] if chosen is not None else None,
            people=people_of(db, scope.workspace_id),
        )


def _rows(db: Session, home: int) -> dict[int, TeamRow]:
    members: dict[int, list[tuple[int, str]]] = {}
    for team_id, user_id, name in db.execute(
        select(TeamMember.team_id, User.id, User.name)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.workspace_id == home)
        .order_by(User.name)
    ):
        members.setdefault(team_id, []).append((user_id, name))
    ways = {row.team_id: row for row in db.scalars(select(TeamPractice).where(TeamPractice.workspace_id == home))}
    work = db.execute(
        select(Conversation.team_id, func.count())
        .where(Conversation.workspace_id == home, Conversation.state == "open", Conversation.team_id.is_not(None))
        .group_by(Conversation.team_id)
    )
    busy = dict(work.all())
    return {
        row.id: TeamRow(
            id=row.id,
            name=row.name,
            members=tuple(members.get(row.id, ())),
            hours=_week(ways[row.id].hours) if row.id in ways else None,
            capacity=ways[row.id].capacity if row.id in ways else None,
            assignee=ways[row.id].assignee_id if row.id in ways else None,
            open_work=busy.get(row.id, 0),
        )
        for row in db.scalars(select(Team).where(Team.workspace_id == home).order_by(Team.name))
    }


def _week(hours: Any) -> tuple[str, ...] | None:
    if hours is None:
        return None
    windows = [Window(day, time.fromisoformat(opens), time.fromisoformat(closes)) for day, opens, closes in hours]
    return week_texts(windows)
