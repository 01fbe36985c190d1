"""The people of a workspace, or of the installation: who they are, what they hold, when they were last here."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from data.colleagues import reach
from data.database import Database
from data.practice import practice
from models.audit import AuditEvent
from models.invitations import Invitation, SecondFactor
from models.people import Membership, Role, SignedIn, User
from models.permissions import Permission, Scope, rights_of
from models.snapshots.admin import InvitationRow, RoleMark, UserRow, UsersPage
from models.workspace import Workspace

AT_ONCE = 100
"""People on one page of the list."""
TRIAGING = ("assess", "assign", "claim", "close")
"""Actions of the audit chain that are somebody's triage of a conversation."""


def users(
    database: Database,
    scope: Scope,
    now: datetime,
    *,
    search: str = "",
    number: int = 1,
    chosen: int | None = None,
    everybody: bool = False,
) -> UsersPage:
    """The people whose name or sign-in name holds ``search``, by name. Raises ``NotPermitted``; ``NotFound`` for ``chosen``.

    ``everybody`` is heard from the installation administrator alone.
    """
    scope.require(Permission.ADMINISTER)
    everybody = everybody and scope.installation
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        wanted = _wanted(scope, search, everybody)
        total = db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        pages = max(1, -(-total // AT_ONCE))
        number = min(max(number, 1), pages)
        listed = list(db.scalars(wanted.order_by(User.name, User.id).limit(AT_ONCE).offset((number - 1) * AT_ONCE)))
        known = {row.id: row for row in _rows(db, scope, listed)}
        return UsersPage(
            workspace=ways.mark,
            as_at=now,
            today=now.astimezone(ways.zone).date(),
            rows=tuple(known[user.id] for user in listed),
            total=total,
            number=number,
            pages=pages,
            search=search,
            invitations=_invitations(db, scope, now),
            roles=roles_of(db, scope.workspace_id),
            chosen=_rows(db, scope, [reach(db, scope, chosen)])[0] if chosen is not None else None,
            installation=scope.installation,
            everybody=everybody,
        )


def roles_of(db: Session, workspace_id: int) -> tuple[RoleMark, ...]:
    """The roles of a workspace: the built-in ones first."""
    rows = db.execute(
        select(Role.id, Role.name).where(Role.workspace_id == workspace_id).order_by(Role.built_in.desc(), Role.name)
    )
    return tuple(RoleMark(*row) for row in rows)


def people_of(db: Session, workspace_id: int) -> tuple[tuple[int, str], ...]:
    """Everybody with a role in the workspace who may sign in: key and name, by name."""
    held = select(Membership.user_id).where(Membership.workspace_id == workspace_id)
    rows = db.execute(
        select(User.id, User.name).where(User.id.in_(held), User.disabled.is_(False)).order_by(User.name, User.id)
    )
    return tuple((key, name) for key, name in rows)


def _wanted(scope: Scope, search: str, everybody: bool) -> Select[User]:
    wanted = select(User)
    if not everybody:
        held = select(Membership.user_id).where(Membership.workspace_id == scope.workspace_id)
        wanted = wanted.where(User.id.in_(held))
    if search:
        part = search.casefold()
        wanted = wanted.where(
            or_(func.lower(User.name).contains(part, autoescape=True), User.sign_in.contains(part, autoescape=True))
        )
    return wanted


def _rows(db: Session, scope: Scope, people: Collection[User]) -> list[UserRow]:
    keys = {user.id for user in people}
    roles, homes = _memberships(db, scope, keys)
    signed_in = _latest(db, select(SignedIn.user_id, func.max(SignedIn.began)), SignedIn.user_id, keys)
    triaged = _latest(
        db,
        select(AuditEvent.user_id, func.max(AuditEvent.at)).where(
            AuditEvent.workspace_id == scope.workspace_id, AuditEvent.action.in_(TRIAGING)
        ),
        AuditEvent.user_id,
        keys,
    )
    factors = set(
        db.scalars(
            select(SecondFactor.user_id).where(SecondFactor.user_id.in_(keys), SecondFactor.confirmed.is_not(None))
        )
    )
    mine = administered(db, scope)
    return [
        UserRow(
            id=user.id,
            sign_in=user.sign_in,
            name=user.name,
            roles=tuple(roles[user.id]),
            workspaces=tuple(sorted(mine[one] for one in homes[user.id] if one in mine)),
            elsewhere=sum(one not in mine for one in homes[user.id]),
            last_signed_in=signed_in.get(user.id),
            last_triaged=triaged.get(user.id),
            trained_until=user.trained_until,
            disabled=user.disabled,
            installation_administrator=user.installation_administrator,
            second_factor=user.id in factors,
            yourself=user.id == scope.user_id,
        )
        for user in people
    ]


def _memberships(
    db: Session, scope: Scope, keys: Collection[int]
) -> tuple[dict[int, list[RoleMark]], dict[int, set[int]]]:
    roles: dict[int, list[RoleMark]] = defaultdict(list)
    homes: dict[int, set[int]] = defaultdict(set)
    rows = db.execute(
        select(Membership.user_id, Membership.workspace_id, Role.id, Role.name)
        .join(Role, (Role.id == Membership.role_id) & (Role.workspace_id == Membership.workspace_id))
        .where(Membership.user_id.in_(keys))
        .order_by(Role.name)
    )
    for user_id, home, role_id, name in rows:
        homes[user_id].add(home)
        if home == scope.workspace_id:
            roles[user_id].append(RoleMark(role_id, name))
    return roles, homes


def _latest(db: Session, wanted: Any, person: Any, keys: Collection[int]) -> dict[int, datetime]:
    rows = db.execute(wanted.where(person.in_(keys)).group_by(person))
    return {key: at for key, at in rows if at is not None}


def administered(db: Session, scope: Scope) -> dict[int, str]:
    """Name by key of the workspaces that the asker administers."""
    wanted = select(Workspace.id, Workspace.name)
    if not scope.installation:
        held = db.execute(
            select(Membership.workspace_id, Role.name, Role.permissions, Role.built_in)
            .join(Role, (Role.id == Membership.role_id) & (Role.workspace_id == Membership.workspace_id))
            .where(Membership.user_id == scope.user_id)
        )
        mine = {home for home, *role in held if Permission.ADMINISTER in rights_of(*role)}
        wanted = wanted.where(Workspace.id.in_(mine | {scope.workspace_id}))
    return dict(db.execute(wanted).all())


def _invitations(db: Session, scope: Scope, now: datetime) -> tuple[InvitationRow, ...]:
    rows = db.scalars(
        select(Invitation)
        .where(
            Invitation.workspace_id == scope.workspace_id,
            Invitation.used.is_(None),
            Invitation.withdrawn.is_(None),
            Invitation.expires > now,
        )
        .order_by(Invitation.expires)
    )
    return tuple(InvitationRow(row.id, row.sign_in, row.name, tuple(row.roles), row.expires) for row in rows)
