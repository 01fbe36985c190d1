"""Whether those behind open streams may still see what they see: one look for all of them, not one for each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from data.signing import is_good
from models.people import Membership, Role, SignedIn, User
from models.permissions import INSTALLATION_PERMISSIONS, Permission, rights_of
from models.workspace import Kiosk, Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """What a stream rests on: a session with permissions in its workspaces, or a kiosk."""

    session_id: int | None = None
    kiosk_id: int | None = None
    needs: frozenset[tuple[int, Permission]] = frozenset()


def owner_of(standing: Standing | None) -> tuple[int | None, int | None] | None:
    """Whose places to count together: one signed-in browser's, or one kiosk's."""
    return (standing.session_id, standing.kiosk_id) if standing is not None else None


def fallen(database: Database, standings: Collection[Standing], now: datetime) -> dict[Standing, str]:
    """Those of ``standings`` that hold no longer, with why: ``signed-out``, ``role`` or ``kiosk``.

    Changes nothing: an open stream is not a sign of a person, so it never makes a session last longer.
    """
    kiosks = {standing.kiosk_id for standing in standings if standing.kiosk_id is not None}
    sessions = {standing.session_id for standing in standings if standing.session_id is not None}
    with database.read() as db:
        shown = (
            set(db.scalars(select(Kiosk.id).where(Kiosk.id.in_(kiosks), Kiosk.revoked.is_(None)))) if kiosks else set()
        )
        users = _signed_in(db, sessions, now) if sessions else {}
        held = _held(db, set(users.values())) if users else set()
    reasons: dict[Standing, str] = {}
    for standing in standings:
        if standing.kiosk_id is not None:
            if standing.kiosk_id not in shown:
                reasons[standing] = "kiosk"
        elif standing.session_id not in users:
            reasons[standing] = "signed-out"
        elif not {(users[standing.session_id], *need) for need in standing.needs} <= held:
            reasons[standing] = "role"
    return reasons


def _signed_in(db: Session, sessions: Iterable[int], now: datetime) -> dict[int | None, int]:
    """The user of each session that is not over."""
    rows = db.scalars(
        select(SignedIn)
        .join(User, User.id == SignedIn.user_id)
        .where(SignedIn.id.in_(sessions), SignedIn.ended.is_(None), User.disabled.is_(False))
    )
    return {session.id: session.user_id for session in rows if is_good(session.began, session.last_active, now)}


def _held(db: Session, users: Iterable[int]) -> set[tuple[int, int, str]]:
    rows = db.execute(
        select(Membership.user_id, Membership.workspace_id, Role.name, Role.permissions, Role.built_in)
        .join(Role, Role.id == Membership.role_id)
        .where(Membership.user_id.in_(users))
    )
    held = {(user, workspace, right) for user, workspace, *role in rows for right in rights_of(*role)}
    everywhere = db.execute(
        select(User.id, Workspace.id)
        .join(Workspace, User.installation_administrator.is_(True))
        .where(User.id.in_(users))
    )
    return held | {(user, workspace, right) for user, workspace in everywhere for right in INSTALLATION_PERMISSIONS}
