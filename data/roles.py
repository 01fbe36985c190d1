"""A workspace's own roles: named sets of permissions beside the built-in ones, which the program decides."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from data.audit import Change, actor_of, change
from data.database import Database
from models.people import Membership, Role
from models.permissions import BUILT_IN_ROLES, Permission, Scope, rights_of
from models.problems import BadValue, NotFound

LONGEST = 60
"""Characters of a role's name."""


def create_role(database: Database, scope: Scope, name: str, permissions: Collection[str], at: datetime) -> int:
    """A new role; returns its key. Raises ``BadValue`` for a name that is empty, long or taken, and without a permission."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        given = _checked(c, name, permissions)
        row = Role(workspace_id=scope.workspace_id, audit_id=c.audit_id, name=name.strip(), permissions=given)
        c.db.add(row)
        c.db.flush()
        c.state("create", "role", row.id, after={"name": row.name, "permissions": given})
    return row.id


def take_in_role(database: Database, scope: Scope, name: str, at: datetime) -> None:
    """A built-in role that came after the workspace was made can be given here from now on.

    One that is here stays as it is. Raises ``NotFound`` for what is no built-in role, and ``NotPermitted``.
    """
    scope.require(Permission.ADMINISTER)
    if name not in BUILT_IN_ROLES:
        raise NotFound
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        here = select(Role.id).where(Role.workspace_id == c.workspace_id, Role.name == name)
        if c.db.scalar(here) is None:
            row = add_built_in(c, name)
            c.state("create", "role", row.id, after={"name": name, "permissions": row.permissions})


def add_built_in(c: Change, name: str) -> Role:
    """Add the row of a built-in role in the caller's change."""
    rights = sorted(BUILT_IN_ROLES[name])
    row = Role(workspace_id=c.workspace_id, audit_id=c.audit_id, name=name, permissions=rights, built_in=True)
    c.db.add(row)
    c.db.flush()
    return row


def change_role(
    database: Database, scope: Scope, role_id: int, name: str, permissions: Collection[str], at: datetime
) -> None:
    """Another name or other permissions, which count from everybody's next call.

    Raises ``BadValue``, also for a built-in role and where its holder would lose the right to administer, ``NotFound``.
    """
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _own(c, role_id)
        given = _checked(c, name, permissions, row.id)
        before = {"name": row.name, "permissions": row.permissions}
        row.name, row.permissions = name.strip(), given
        c.db.flush()
        _keep_own_right(c, scope)
        c.state("change", "role", role_id, before=before, after={"name": row.name, "permissions": given})


def delete_role(database: Database, scope: Scope, role_id: int, at: datetime) -> None:
    """The role is gone. Raises ``BadValue`` while somebody holds it or it is built in, and ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _own(c, role_id)
        holders = c.db.scalar(select(func.count()).select_from(Membership).where(Membership.role_id == role_id))
        if holders:
            raise BadValue("role", f"{holders} still hold it: give them another one first")
        c.db.delete(row)
        c.state("delete", "role", role_id, before={"name": row.name, "permissions": row.permissions})


def _own(c: Change, role_id: int) -> Role:
    row = c.db.get(Role, role_id)
    if row is None or row.workspace_id != c.workspace_id:
        raise NotFound
    if row.built_in:
        raise BadValue("role", "this one comes with the program: make one of your own from it")
    return row


def _checked(c: Change, name: str, permissions: Collection[str], role_id: int | None = None) -> list[str]:
    """The permissions as they are stored."""
    wanted = name.strip()
    if not wanted or len(wanted) > LONGEST:
        raise BadValue("role", f"give it a name of at most {LONGEST} characters")
    taken = select(Role.id).where(
        Role.workspace_id == c.workspace_id, func.lower(Role.name) == wanted.casefold(), Role.id != (role_id or 0)
    )
    if wanted.casefold() in {one.casefold() for one in BUILT_IN_ROLES} or c.db.scalar(taken) is not None:
        raise BadValue("role", "choose another name: there is one called that")
    if not permissions or not set(permissions) <= set(Permission):
        raise BadValue("permissions", "choose at least one")
    return sorted(permissions)


def _keep_own_right(c: Change, scope: Scope) -> None:
    """Nobody locks themselves out by a slip."""
    rows = c.db.execute(
        select(Role.name, Role.permissions, Role.built_in)
        .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Role.workspace_id))
        .where(Membership.workspace_id == c.workspace_id, Membership.user_id == scope.user_id)
    )
    if not scope.installation and not any(Permission.ADMINISTER in rights_of(*role) for role in rows):
        raise BadValue("permissions", "without this role you could not administer here any more")
