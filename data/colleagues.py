"""What an administrator does about colleagues: their roles here, their name and training, whether they may sign in.

A workspace's administrator reaches only people with a role there; the installation administrator reaches everybody. Whoever
cannot be reached is not found.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.holds import look_soon
from data.people import LONGEST_NAME, end_sessions
from models.audit import INSTALLATION
from models.claims import Hold
from models.people import Membership, Role, User, fold_sign_in
from models.permissions import Permission, Scope, rights_of
from models.problems import BadValue, NotFound, NotPermitted


def add_colleague(database: Database, scope: Scope, sign_in: str, roles: Collection[int], at: datetime) -> str:
    """Give roles here to somebody who has a sign-in already; returns their name.

    Raises ``NotFound`` where nobody signs in by that name (then they are invited), ``BadValue`` without a role.
    """
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        user = c.db.scalar(select(User).where(User.sign_in == fold_sign_in(sign_in)))
        if user is None:
            raise NotFound
        held = _held(c.db, scope.workspace_id, user.id)
        _hold(c, scope, user.id, held, set(held) | _known(c.db, scope, roles, needed=True))
    return user.name


def set_roles(database: Database, scope: Scope, user_id: int, roles: Collection[int], at: datetime) -> None:
    """The user holds exactly these roles here from their next call on; none takes the workspace away from them.

    Raises ``NotFound``, and ``BadValue`` for whoever would take the administrator's right from themselves.
    """
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        reach(c.db, scope, user_id)
        held = _held(c.db, scope.workspace_id, user_id)
        _hold(c, scope, user_id, held, _known(c.db, scope, roles))
        if user_id == scope.user_id and not scope.installation and not _administers(c.db, scope.workspace_id, user_id):
            raise BadValue("roles", "somebody else has to take the right to administer from you")


def disable(database: Database, scope: Scope, user_id: int, at: datetime) -> None:
    """The user cannot sign in, every session of theirs is over, and what they hold lapses within seconds (``data/lapsing.py``).

    Raises ``NotFound``, ``BadValue`` for oneself and for the last installation administrator, and ``NotPermitted`` where
    the user also has a role in a workspace that the scope's person does not administer.
    """
    _set_disabled(database, scope, user_id, True, at)


def enable(database: Database, scope: Scope, user_id: int, at: datetime) -> None:
    """The user can sign in again, with the roles and the password they had. Raises as ``disable`` does."""
    _set_disabled(database, scope, user_id, False, at)


def set_person(
    database: Database, scope: Scope, user_id: int, name: str, trained_until: date | None, at: datetime
) -> None:
    """The name colleagues see, and the last day on which training is valid (None where none is known).

    Raises ``BadValue``, ``NotFound``, and ``NotPermitted`` as ``disable`` does.
    """
    check_name(name)
    with change(database, INSTALLATION, actor_of(scope), at) as c:
        user = _reach_wholly(c.db, scope, user_id)
        before = _person(c, user)
        user.name, user.trained_until = name.strip(), trained_until
        if before != (after := _person(c, user)):
            c.state("change", "user", user_id, before=before, after=after)


def check_name(name: str) -> None:
    """Raise ``BadValue`` for a name that nobody can be called."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadValue("name", f"give the name colleagues see, at most {LONGEST_NAME} characters")


def roles_held(database: Database, scope: Scope, user_id: int) -> set[int]:
    """The roles that the user holds here. Raises ``NotFound`` and ``NotPermitted``."""
    with database.read() as db:
        reach(db, scope, user_id)
        return set(_held(db, scope.workspace_id, user_id))


def set_installation(database: Database, scope: Scope, user_id: int, holds: bool, at: datetime) -> None:
    """Whether the user administers the installation; only who does may say so. Raises as ``disable`` does."""
    if not scope.installation:
        raise NotPermitted("administer the installation")
    with change(database, INSTALLATION, actor_of(scope), at) as c:
        user = _reach_wholly(c.db, scope, user_id)
        if not holds:
            _keep_one(c.db, scope, user)
        before, user.installation_administrator = user.installation_administrator, holds
        c.state("installation", "user", user_id, before={"administrator": before}, after={"administrator": holds})


def reach(db: Session, scope: Scope, user_id: int) -> User:
    """The user, where the scope's person may see them in administration. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    user = db.get(User, user_id)
    if user is None or not (scope.installation or _held(db, scope.workspace_id, user_id)):
        raise NotFound
    return user


def _reach_wholly(db: Session, scope: Scope, user_id: int) -> User:
    """The user, for what holds in every workspace: then all of theirs must be administered by the scope's person."""
    user = reach(db, scope, user_id)
    if scope.installation:
        return user
    theirs = set(db.scalars(select(Membership.workspace_id).where(Membership.user_id == user_id)))
    mine = {one for one in theirs if scope.user_id is not None and _administers(db, one, scope.user_id)}
    if user.installation_administrator or theirs - mine:
        raise NotPermitted("change somebody who works in a workspace that you do not administer")
    return user


def _set_disabled(database: Database, scope: Scope, user_id: int, disabled: bool, at: datetime) -> None:
    with change(database, INSTALLATION, actor_of(scope), at) as c:
        user = _reach_wholly(c.db, scope, user_id)
        if disabled:
            _keep_one(c.db, scope, user)
            end_sessions(c.db, user_id, at, "disabled")
        before, user.disabled = user.disabled, disabled
        action = "disable" if disabled else "enable"
        c.state(action, "user", user_id, before={"disabled": before}, after={"disabled": disabled})


def _keep_one(db: Session, scope: Scope, user: User) -> None:
    if user.id == scope.user_id:
        raise BadValue("user", "somebody else has to do that to you")
    others = select(User.id).where(
        User.installation_administrator.is_(True), User.disabled.is_(False), User.id != user.id
    )
    if user.installation_administrator and db.scalar(others.limit(1)) is None:
        raise BadValue("user", "this is the last installation administrator: make another one first")


def _held(db: Session, workspace_id: int, user_id: int) -> dict[int, str]:
    rows = db.execute(
        select(Role.id, Role.name)
        .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Role.workspace_id))
        .where(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
    )
    return dict(rows.all())


def _administers(db: Session, workspace_id: int, user_id: int) -> bool:
    rows = db.execute(
        select(Role.name, Role.permissions, Role.built_in)
        .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Role.workspace_id))
        .where(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
    )
    return any(Permission.ADMINISTER in rights_of(*role) for role in rows)


def _known(db: Session, scope: Scope, roles: Collection[int], *, needed: bool = False) -> set[int]:
    found = set(db.scalars(select(Role.id).where(Role.workspace_id == scope.workspace_id, Role.id.in_(roles))))
    if found != set(roles):
        raise NotFound
    if needed and not found:
        raise BadValue("roles", "choose at least one")
    return found


def _hold(c: Change, scope: Scope, user_id: int, held: dict[int, str], wanted: Collection[int]) -> None:
    """Make the memberships what is wanted, and state the names of the roles before and after."""
    names = dict(c.db.execute(select(Role.id, Role.name).where(Role.workspace_id == scope.workspace_id)).all())
    gone = set(held) - set(wanted)
    if gone:
        c.db.execute(
            delete(Membership).where(
                Membership.workspace_id == scope.workspace_id,
                Membership.user_id == user_id,
                Membership.role_id.in_(gone),
            )
        )
        look_soon(c.db, c.at, Hold.workspace_id == scope.workspace_id, Hold.user_id == user_id)
    for role_id in set(wanted) - set(held):
        c.db.add(
            Membership(workspace_id=scope.workspace_id, user_id=user_id, role_id=role_id, audit_id=c.audit_id),
        )
    before, after = sorted(held.values()), sorted(names[one] for one in wanted)
    if before != after:
        c.state("roles", "user", user_id, before={"roles": before}, after={"roles": after})
        c.db.flush()


def _person(c: Change, user: User) -> dict[str, Any]:
    until = user.trained_until
    return {"name": c.digest(user.name), "trained_until": until and until.isoformat()}
