"""Roles with their permissions, and what one person can see by theirs."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.colleagues import reach
from data.database import Database
from data.practice import practice
from data.queries.admin.users import people_of
from models.people import Membership, Role
from models.permissions import BUILT_IN_ROLES, INSTALLATION_PERMISSIONS, Permission, Scope, rights_of
from models.problems import NotFound
from models.snapshots.admin import RightsOf, RoleRow, RolesPage


def roles(database: Database, scope: Scope, *, chosen: int | None = None, person: int | None = None) -> RolesPage:
    """The roles of the workspace. Raises ``NotPermitted``; ``NotFound`` where ``chosen`` or ``person`` are not of it."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        rows = _rows(db, scope.workspace_id)
        if chosen is not None and chosen not in rows:
            raise NotFound
        return RolesPage(
            workspace=practice(db, scope.workspace_id).mark,
            rows=tuple(rows.values()),
            chosen=rows[chosen] if chosen is not None else None,
            people=people_of(db, scope.workspace_id),
            preview=_rights(db, scope, person) if person is not None else None,
            missing=tuple(name for name in BUILT_IN_ROLES if name not in {row.name for row in rows.values()}),
        )


def _rows(db: Session, workspace_id: int) -> dict[int, RoleRow]:
    held = db.execute(
        select(Membership.role_id, func.count())
        .where(Membership.workspace_id == workspace_id)
        .group_by(Membership.role_id)
    )
    people = dict(held.all())
    found = db.scalars(select(Role).where(Role.workspace_id == workspace_id).order_by(Role.built_in.desc(), Role.name))
    return {
        row.id: RoleRow(
            row.id,
            row.name,
            row.built_in,
            frozenset(map(str, rights_of(row.name, row.permissions, row.built_in))),
            people.get(row.id, 0),
        )
        for row in found
    }


def _rights(db: Session, scope: Scope, person: int) -> RightsOf:
    user = reach(db, scope, person)
    rows = db.execute(
        select(Role.name, Role.permissions, Role.built_in)
        .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Role.workspace_id))
        .where(Membership.workspace_id == scope.workspace_id, Membership.user_id == person)
        .order_by(Role.name)
    ).all()
    given = {row.name: rights_of(*row) for row in rows}
    if user.installation_administrator:
        given["the installation"] = INSTALLATION_PERMISSIONS
    return RightsOf(
        user.id,
        user.name,
        tuple(
            (str(permission), tuple(name for name, rights in given.items() if permission in rights))
            for permission in Permission
        ),
    )
