"""What somebody sees of themselves: their sessions and their second factor."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from data.database import Database
from data.factors import codes_left, has_factor
from data.signing import SessionFacts, is_good
from models.people import SignedIn, User
from models.security_keys import SecurityKey


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A signed-in browser of theirs; ``here``: the one that asks."""

    id: int
    began: datetime
    last_active: datetime
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A security key of theirs; ``used`` is when it last signed them in."""

    id: int
    name: str
    created: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Me:
    """``codes`` counts the recovery codes that still work."""

    sign_in: str
    name: str
    theme: str
    single_keys: bool
    sessions: tuple[OwnSession, ...]
    factor: bool
    codes: int
    keys: tuple[OwnKey, ...]


def me(database: Database, session: SessionFacts, now: datetime) -> Me:
    """The person of the session, with every session of theirs that is not over."""
    with database.read() as db:
        user = db.get_one(User, session.user_id)
        rows = db.scalars(
            select(SignedIn)
            .where(SignedIn.user_id == session.user_id, SignedIn.ended.is_(None))
            .order_by(SignedIn.last_active.desc())
        )
        return Me(
            sign_in=user.sign_in,
            name=user.name,
            theme=user.theme,
            single_keys=user.single_keys,
            sessions=tuple(
                OwnSession(row.id, row.began, row.last_active, row.address, row.id == session.session_id)
                for row in rows
                if is_good(row.began, row.last_active, now)
            ),
            factor=has_factor(db, session.user_id),
            codes=codes_left(db, session.user_id),
            keys=tuple(
                OwnKey(row.id, row.name, row.created, row.used)
                for row in db.scalars(
                    select(SecurityKey).where(SecurityKey.user_id == session.user_id).order_by(SecurityKey.id)
                )
            ),
        )
