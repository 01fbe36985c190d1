"""What a person may do. Roles are named sets of these, held per workspace; the door asks for one at every call."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.problems import NotPermitted


class Permission(StrEnum):
    """One thing that somebody may do in a workspace."""

    VIEW_BOARD = "view board"
    READ = "read messages"
    ASSESS = "assess"
    CLAIM = "claim"
    REPLY = "reply"
    CLOSE = "close"
    MOVE_WORK = "move work"
    REPORT = "report"
    EXPORT = "export"
    EXPORT_TEXTS = "export texts"
    INCIDENT = "incident"
    READ_TRAIL = "read a conversation's audit"
    READ_AUDIT = "read audit"
    DRAFT = "draft"
    ENGAGEMENT = "engagement"
    VIEW_ACCOUNTS = "view accounts"
    PRIVACY = "look after personal data"
    ERASE = "erase"
    ADMINISTER = "administer"


class Installation(StrEnum):
    """One thing that the installation administrator may do, outside every workspace."""

    MANAGE = "manage installation"


_DESK = {Permission.READ, Permission.ASSESS, Permission.CLAIM, Permission.REPLY, Permission.CLOSE}
_SEEN_BY_ALL = {Permission.VIEW_BOARD, Permission.VIEW_ACCOUNTS}

INSTALLATION_PERMISSIONS = frozenset(_SEEN_BY_ALL | {Permission.ADMINISTER})
"""What the installation administrator may do in every workspace, without a role in it: no message is read by it."""

BUILT_IN_ROLES: dict[str, frozenset[Permission]] = {
    "Operator": frozenset(_SEEN_BY_ALL | _DESK),
    "Supervisor": frozenset(
        _SEEN_BY_ALL
        | _DESK
        | {Permission.MOVE_WORK, Permission.REPORT, Permission.EXPORT, Permission.EXPORT_TEXTS}
        | {Permission.INCIDENT, Permission.READ_TRAIL}
    ),
    "Analyst": frozenset(_SEEN_BY_ALL | {Permission.REPORT, Permission.EXPORT}),
    "Auditor": frozenset(
        _SEEN_BY_ALL | {Permission.READ, Permission.READ_TRAIL, Permission.READ_AUDIT, Permission.EXPORT_TEXTS}
    ),
    "Content creator": frozenset(_SEEN_BY_ALL | {Permission.DRAFT, Permission.ENGAGEMENT}),
    "Administrator": frozenset(_SEEN_BY_ALL | {Permission.ADMINISTER}),
    "Records officer": frozenset(
        _SEEN_BY_ALL | {Permission.READ, Permission.READ_TRAIL, Permission.PRIVACY, Permission.ERASE}
    ),
}
"""The roles of every new workspace. Auditors read and change nothing; administrators see messages only with another role.

What is held of people, and for how long, is looked after by somebody who neither answers them nor hands out rights.
"""

_KNOWN = frozenset(Permission)

KIOSK_PERMISSIONS = frozenset({Permission.VIEW_BOARD})


def rights_of(name: str, stored: Iterable[str], built_in: bool) -> frozenset[Permission]:
    """What a role may do.

    A built-in role's rights are those of ``BUILT_IN_ROLES``, whatever was stored when its workspace was made: so a new
    permission reaches every workspace with the program that brings it. A stored word that is no permission gives none.
    """
    if built_in and name in BUILT_IN_ROLES:
        return BUILT_IN_ROLES[name]
    return frozenset(Permission(word) for word in stored if word in _KNOWN)


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, where, and what they may do there: made at the door for one call and passed to everything behind it.

    ``user_id`` is None for a kiosk, a command and the poller. ``session_id`` names the signed-in browser, ``address`` where
    it is. ``installation`` is true for the installation administrator, whose arm reaches into every workspace. A scope
    never outlives the call: a changed role counts on the next one.
    """

    workspace_id: int
    slug: str
    permissions: frozenset[Permission]
    user_id: int | None = None
    name: str = ""
    session_id: int | None = None
    kiosk_id: int | None = None
    address: str = ""
    installation: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the permission is held here."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise ``NotPermitted`` where the permission is not held."""
        if permission not in self.permissions:
            raise NotPermitted(permission)
