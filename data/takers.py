"""Whom work may be given to: colleagues who may claim in a workspace, and its teams."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import Membership, Role, User
from models.permissions import Permission, rights_of
from models.problems import BadValue
from models.workspace import Team, TeamMember


@dataclass(frozen=True, slots=True)
class To:
    """Whom something is given to: a colleague, a team, or nobody."""

    user_id: int | None = None
    team_id: int | None = None

    def facts(self) -> dict[str, int | None]:
        """How an event states it."""
        return {"to": self.user_id, "team": self.team_id}


NOBODY = To()


def to_of(value: object) -> To:
    """What a form's field says: ``user 7``, ``team 3``, or ``nobody``. Raises ``BadValue`` for anything else."""
    kind, _, number = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if kind == "nobody" and not number:
        return NOBODY
    if kind in ("user", "team") and number.isascii() and number.isdigit() and len(number) < 19:
        return To(user_id=int(number)) if kind == "user" else To(team_id=int(number))
    raise BadValue("to", "choose a colleague or a team")


def claimants(db: Session, workspace_id: int) -> dict[int, str]:
    """The names of those who may claim here, by key, in the order of their names."""
    rows = db.execute(
        select(User.id, User.name, Role.name.label("role"), Role.permissions, Role.built_in)
        .join(Membership, Membership.user_id == User.id)
        .join(Role, (Role.id == Membership.role_id) & (Role.workspace_id == Membership.workspace_id))
        .where(Membership.workspace_id == workspace_id, User.disabled.is_(False))
        .order_by(User.name, User.id)
    )
    return {row.id: row.name for row in rows if Permission.CLAIM in rights_of(row.role, row.permissions, row.built_in)}


def teams_of(db: Session, workspace_id: int, user_id: int) -> frozenset[int]:
    """The teams that this person belongs to."""
    mine = select(TeamMember.team_id).where(TeamMember.workspace_id == workspace_id, TeamMember.user_id == user_id)
    return frozenset(db.scalars(mine))


def members_of(db: Session, workspace_id: int, team_id: int) -> frozenset[int]:
    """Who belongs to a team."""
    ours = select(TeamMember.user_id).where(TeamMember.workspace_id == workspace_id, TeamMember.team_id == team_id)
    return frozenset(db.scalars(ours))


def check_to(db: Session, workspace_id: int, to: To, but: int | None = None) -> frozenset[int]:
    """Who may take it: never ``but``. Raises ``BadValue`` where nobody could, as for another workspace's people."""
    may = claimants(db, workspace_id).keys()
    if to.team_id is None:
        found = frozenset({to.user_id} & may) if to.user_id != but else frozenset()
    else:
        found = members_of(db, workspace_id, to.team_id) & may - {but}
    if not found:
        raise BadValue("to", "choose a colleague who may claim here, or a team with one")
    return frozenset(one for one in found if one is not None)


def names_of(db: Session, workspace_id: int) -> tuple[dict[int, str], dict[int, str]]:
    """Those who may claim here, and the teams, by key and in the order of their names."""
    teams = db.execute(select(Team.id, Team.name).where(Team.workspace_id == workspace_id).order_by(Team.name, Team.id))
    return claimants(db, workspace_id), {row.id: row.name for row in teams}
