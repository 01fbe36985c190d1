"""The versions of a workspace's policy, and who has acknowledged which."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import practice
from models.people import Membership, User
from models.permissions import Permission, Scope
from models.policies import Acknowledgement, Policy
from models.snapshots.policies import PoliciesPage, PolicyReader, PolicyVersion


def policies(database: Database, scope: Scope, now: datetime) -> PoliciesPage:
    """Everything of the tab. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    home = scope.workspace_id
    with database.read() as db:
        people = _people(db, home)
        rows = db.execute(
            select(Policy, User.name)
            .outerjoin(User, User.id == Policy.published_by)
            .where(Policy.workspace_id == home)
            .order_by(Policy.number.desc())
        ).all()
        read = db.execute(
            select(Acknowledgement.user_id, Policy.number, Acknowledgement.at)
            .join(Policy, Policy.id == Acknowledgement.policy_id)
            .where(Acknowledgement.workspace_id == home)
            .order_by(Policy.number)
        ).all()
        mark = practice(db, home).mark
    latest = {user: (number, at) for user, number, at in read}
    return PoliciesPage(
        workspace=mark,
        as_at=now,
        versions=tuple(
            PolicyVersion(
                row.number, row.published, name or "", sum(n == row.number and user in people for user, n, _ in read)
            )
            for row, name in rows
        ),
        text=rows[0][0].text if rows else "",
        readers=tuple(PolicyReader(name, *latest.get(key, (None, None))) for key, name in people.items()),
    )


def _people(db: Session, home: int) -> dict[int, str]:
    """Everybody who holds a role and is not disabled, by name."""
    members = select(Membership.user_id).where(Membership.workspace_id == home)
    wanted = select(User.id, User.name).where(User.disabled.is_(False), User.id.in_(members)).order_by(User.name)
    return {row.id: row.name for row in db.execute(wanted)}
