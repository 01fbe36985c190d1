"""The first run: there is no default account, so a link that works once makes the first administrator."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from data.administration import add_workspace, slug_of
from data.audit import Change
from data.database import Database
from data.passwords import hash_password
from data.people import add_membership, add_user, check_user
from data.signing import new_token, token_hash
from models.audit import INSTALLATION, Actor
from models.people import User
from models.problems import SetUpAlready
from models.workspace import DEFAULT_ZONE, Installation

SET_UP = "setup"
"""The key of ``installation`` that holds the hash of the set-up link's token."""


def setup_token(database: Database) -> str | None:
    """A new token for the set-up link, which puts an earlier one out of use; None once there is a user."""
    token = new_token()
    with database.write() as db:
        if _somebody(db):
            return None
        db.merge(Installation(key=SET_UP, value=token_hash(token)))
    return token


def may_set_up(database: Database, token: str) -> bool:
    """Whether the set-up link with this token still works."""
    with database.read() as db:
        kept = db.get(Installation, SET_UP)
        return kept is not None and kept.value == token_hash(token) and not _somebody(db)


def complete_setup(
    database: Database,
    token: str,
    *,
    sign_in: str,
    name: str,
    password: str,
    workspace: str,
    at: datetime,
    zone: str = DEFAULT_ZONE,
    address: str = "",
) -> int:
    """Make the installation administrator and the first workspace, where they hold the role Administrator.

    Returns the user's key. The link is used up. Raises ``SetUpAlready``, ``WeakPassword`` and ``BadValue``; then
    nothing has changed.
    """
    if not may_set_up(database, token):
        raise SetUpAlready
    check_user(sign_in, name, password)
    password_hash = hash_password(password)
    actor = Actor(name.strip(), address=address)
    with database.write() as db:
        kept = db.get(Installation, SET_UP, with_for_update=True)
        if kept is None or kept.value != token_hash(token) or _somebody(db):
            raise SetUpAlready
        db.execute(delete(Installation).where(Installation.key == SET_UP))
        first = Change(db, database.audit_key, INSTALLATION, actor, at)
        user = add_user(first, sign_in, name, password_hash, True, False)
        first.finish()
        workspace_id, filled = add_workspace(db, database.audit_key, slug_of(workspace), workspace, at, actor, zone)
        add_membership(filled, user.id, "Administrator")
        filled.finish()
    database.announce(workspace_id, filled.revision or 0)
    return user.id


def _somebody(db: Session) -> bool:
    return bool(db.scalar(select(func.count()).select_from(User)))
