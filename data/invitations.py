"""Inviting a colleague: a link that works once and not for long, by which they choose their own password."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.passwords import hash_password
from data.people import add_membership, add_user, check_user
from data.signing import new_token, token_hash
from models.audit import INSTALLATION, Actor
from models.invitations import INVITATION_LASTS, Invitation
from models.people import Role, User, fold_sign_in
from models.permissions import Permission, Scope
from models.problems import BadValue, InvitationOver, NotFound
from models.workspace import Workspace

UNCHOSEN = "none of the common"
"""Stands in while only the two names are looked at: whoever is invited chooses the password."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What the person who follows the link is told of it."""

    sign_in: str
    name: str
    workspace: str


def invite(database: Database, scope: Scope, sign_in: str, name: str, roles: Collection[int], at: datetime) -> str:
    """A new invitation, which puts earlier ones to the same name out of use; returns its token, never seen again.

    Raises ``BadValue`` for a name that cannot be or is taken and where no role is chosen, ``NotFound`` for a role of another
    workspace.
    """
    scope.require(Permission.ADMINISTER)
    check_user(sign_in, name, UNCHOSEN)
    folded, token = fold_sign_in(sign_in), new_token()
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _refuse_taken(c.db, folded)
        names = _role_names(c.db, scope.workspace_id, roles)
        for earlier in _standing(c.db, scope.workspace_id, folded):
            earlier.withdrawn = at
        row = Invitation(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            sign_in=folded,
            name=name.strip(),
            roles=names,
            token_hash=token_hash(token),
            created=at,
            expires=at + INVITATION_LASTS,
        )
        c.db.add(row)
        c.db.flush()
        c.state("invite", "invitation", row.id, after={"roles": names, "expires": row.expires.isoformat()})
    return token


def withdraw_invitation(database: Database, scope: Scope, invitation_id: int, at: datetime) -> None:
    """The link no longer works. Raises ``NotFound``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.get(Invitation, invitation_id)
        if row is None or row.workspace_id != scope.workspace_id or not row.stands(at):
            raise NotFound
        row.withdrawn = at
        c.state(
            "withdraw", "invitation", invitation_id, before={"withdrawn": None}, after={"withdrawn": at.isoformat()}
        )


def invited(database: Database, token: str, at: datetime) -> Invited:
    """Who a link is for. Raises ``InvitationOver`` where it does not work."""
    with database.read() as db:
        row = _of(db, token, at)
        home = db.get_one(Workspace, row.workspace_id)
        return Invited(row.sign_in, row.name, home.name)


def accept(database: Database, token: str, password: str, at: datetime, address: str = "") -> int:
    """Make the user with the roles of the invitation, which is used up; returns their key.

    Raises ``InvitationOver``, ``WeakPassword``, and ``BadValue`` where the name was taken meanwhile. Then nothing changed.
    """
    with database.read() as db:
        row = _of(db, token, at)
        sign_in, name = row.sign_in, row.name
    check_user(sign_in, name, password)
    password_hash = hash_password(password)
    actor = Actor(name, address=address)
    with database.write() as db:
        first = Change(db, database.audit_key, INSTALLATION, actor, at)
        user = add_user(first, sign_in, name, password_hash, False, False)
        first.finish()
        home = _of(db, token, at).workspace_id
        second = Change(db, database.audit_key, home, actor, at)
        taken = db.scalars(select(Invitation).where(Invitation.token_hash == token_hash(token)).with_for_update()).one()
        db.refresh(taken)
        if not taken.stands(at):
            raise InvitationOver
        taken.used = at
        held = [role for role in taken.roles if _exists(db, home, role)]
        for role in held:
            add_membership(second, user.id, role)
        second.state("accept", "invitation", taken.id, before={"used": None}, after={"user": user.id, "roles": held})
        second.finish()
    database.announce(home, second.revision or 0)
    return user.id


def _of(db: Session, token: str, at: datetime) -> Invitation:
    row = db.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    if row is None or not row.stands(at):
        raise InvitationOver
    return row


def _standing(db: Session, workspace_id: int, folded: str) -> list[Invitation]:
    rows = select(Invitation).where(
        Invitation.workspace_id == workspace_id,
        Invitation.sign_in == folded,
        Invitation.used.is_(None),
        Invitation.withdrawn.is_(None),
    )
    return list(db.scalars(rows))


def _refuse_taken(db: Session, folded: str) -> None:
    if db.scalar(select(User.id).where(User.sign_in == folded)) is not None:
        raise BadValue("sign-in name", "somebody signs in by it already: give them roles under “Add a colleague”")


def _role_names(db: Session, workspace_id: int, roles: Collection[int]) -> list[str]:
    found = db.execute(select(Role.id, Role.name).where(Role.workspace_id == workspace_id, Role.id.in_(roles))).all()
    names = dict(found)
    if set(names) != set(roles):
        raise NotFound
    if not names:
        raise BadValue("roles", "choose at least one")
    return sorted(names.values())


def _exists(db: Session, workspace_id: int, role: str) -> bool:
    """Whether the role is still there: one that was taken away since is not given."""
    return db.scalar(select(Role.id).where(Role.workspace_id == workspace_id, Role.name == role)) is not None
