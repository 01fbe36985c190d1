"""Users and the roles they hold: one change, one event in the chain of what it belongs to."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from data.audit import Change, change
from data.database import Database
from data.holds import look_soon
from data.passwords import hash_password, refuse_common
from data.roles import add_built_in
from models.audit import INSTALLATION, Actor
from models.claims import Hold
from models.people import Membership, Role, SignedIn, User, check_password, fold_sign_in
from models.permissions import BUILT_IN_ROLES
from models.problems import BadValue, NotFound
from models.snapshots import WorkspaceMark
from models.tokens import ApiToken
from models.workspace import Workspace

LONGEST_NAME = 100


def create_user(
    database: Database,
    sign_in: str,
    name: str,
    password: str,
    at: datetime,
    actor: Actor,
    *,
    installation_administrator: bool = False,
    demonstration: bool = False,
) -> int:
    """A new colleague, with no role anywhere; returns the key.

    Raises ``WeakPassword``, and ``BadValue`` for a sign-in name that is empty or taken.
    """
    check_user(sign_in, name, password)
    password_hash = hash_password(password)
    with change(database, INSTALLATION, actor, at) as c:
        user = add_user(c, sign_in, name, password_hash, installation_administrator, demonstration)
    return user.id


def check_user(sign_in: str, name: str, password: str) -> None:
    """Raise ``BadValue`` or ``WeakPassword`` for what nobody may be called, or sign in with."""
    folded = fold_sign_in(sign_in)
    if not folded or len(folded) > LONGEST_NAME or not folded.isprintable() or " " in folded:
        raise BadValue("sign-in name", f"give one word of at most {LONGEST_NAME} characters")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadValue("name", f"give the name colleagues see, at most {LONGEST_NAME} characters")
    check_password(password)
    refuse_common(password)


def add_user(
    c: Change, sign_in: str, name: str, password_hash: str, installation_administrator: bool, demonstration: bool
) -> User:
    """Add the user within a change of the installation's chain, and state it."""
    folded = fold_sign_in(sign_in)
    if c.db.scalar(select(User.id).where(User.sign_in == folded)) is not None:
        raise BadValue("sign-in name", "choose another one: it is taken")
    user = User(
        sign_in=folded,
        name=name.strip(),
        password_hash=password_hash,
        created=c.at,
        installation_administrator=installation_administrator,
        demonstration=demonstration,
        audit_id=c.audit_id,
    )
    c.db.add(user)
    c.db.flush()
    after = {"installation_administrator": installation_administrator, "demonstration": demonstration}
    c.state("create", "user", user.id, after=after)
    return user


def disable_user(database: Database, user_id: int, at: datetime, actor: Actor) -> None:
    """The user can no longer sign in, and every session of theirs is over. Raises ``NotFound``."""
    with change(database, INSTALLATION, actor, at) as c:
        user = c.db.get(User, user_id)
        if user is None:
            raise NotFound
        user.disabled = True
        end_sessions(c.db, user_id, at, "disabled")
        c.state("disable", "user", user_id, before={"disabled": False}, after={"disabled": True})


def change_password(database: Database, user_id: int, password: str, at: datetime, actor: Actor) -> None:
    """A new password; every session and token of the user is over. Raises ``WeakPassword`` and ``NotFound``."""
    check_password(password)
    refuse_common(password)
    password_hash = hash_password(password)
    with change(database, INSTALLATION, actor, at) as c:
        user = c.db.get(User, user_id)
        if user is None:
            raise NotFound
        user.password_hash = password_hash
        end_sessions(c.db, user_id, at, "password changed")
        revoke_tokens(c.db, user_id, at)
        c.state("change password", "user", user_id)


def grant(database: Database, workspace_id: int, user_id: int, role: str, at: datetime, actor: Actor) -> None:
    """The user holds the role in the workspace from now on; holding it already changes nothing. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        add_membership(c, user_id, role)
        c.state("grant", "user", user_id, after={"role": role})


def add_membership(c: Change, user_id: int, role: str) -> None:
    """Add the membership within a change of the workspace's chain."""
    role_id = _role_to_hold(c, role)
    if c.db.get(User, user_id) is None:
        raise NotFound
    if c.db.get(Membership, (c.workspace_id, user_id, role_id)) is None:
        c.db.add(
            Membership(workspace_id=c.workspace_id, user_id=user_id, role_id=role_id, audit_id=c.audit_id),
        )


def withdraw(database: Database, workspace_id: int, user_id: int, role: str, at: datetime, actor: Actor) -> None:
    """The user no longer holds the role there: it counts from their next call. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        membership = c.db.get(Membership, (workspace_id, user_id, _role_id(c.db, workspace_id, role)))
        if membership is None:
            raise NotFound
        c.db.delete(membership)
        look_soon(c.db, at, Hold.workspace_id == workspace_id, Hold.user_id == user_id)
        c.state("withdraw", "user", user_id, before={"role": role})


def workspaces_of(database: Database, user_id: int) -> tuple[WorkspaceMark, ...]:
    """The workspaces that the user may open, by name: where they hold a role, all for the installation administrator."""
    with database.read() as db:
        rows = db.execute(
            select(Workspace.slug, Workspace.name, Workspace.zone)
            .where(
                or_(
                    Workspace.id.in_(select(Membership.workspace_id).where(Membership.user_id == user_id)),
                    select(User.installation_administrator).where(User.id == user_id).scalar_subquery(),
                )
            )
            .order_by(Workspace.name, Workspace.id)
        )
        return tuple(WorkspaceMark(slug, name, zone) for slug, name, zone in rows)


def workspace_mark(database: Database, workspace_id: int) -> WorkspaceMark:
    """A workspace as the frame of a page names it. Raises ``NotFound``."""
    with database.read() as db:
        found = db.get(Workspace, workspace_id)
        if found is None:
            raise NotFound
        return WorkspaceMark(found.slug, found.name, found.zone)


def _role_to_hold(c: Change, role: str) -> int:
    """The role's key. A built-in one that came after the workspace was made is added to it by whoever gives it first."""
    try:
        return _role_id(c.db, c.workspace_id, role)
    except NotFound:
        if role not in BUILT_IN_ROLES:
            raise
    return add_built_in(c, role).id


def _role_id(db: Session, workspace_id: int, role: str) -> int:
    role_id = db.scalar(select(Role.id).where(Role.workspace_id == workspace_id, Role.name == role))
    if role_id is None:
        raise NotFound
    return role_id


def end_sessions(db: Session, user_id: int, at: datetime, why: str, but: int | None = None) -> None:
    """End every session of the user, all ``but`` one where one is named."""
    db.execute(
        update(SignedIn)
        .where(SignedIn.user_id == user_id, SignedIn.ended.is_(None), SignedIn.id != (but or 0))
        .values(ended=at, ended_why=why)
    )
    look_soon(db, at, Hold.user_id == user_id)


def revoke_tokens(db: Session, user_id: int, at: datetime) -> None:
    """Every token of the user is refused from the next call on: who knew the old password may have made one."""
    db.execute(update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked.is_(None)).values(revoked=at))
