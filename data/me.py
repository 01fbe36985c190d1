"""What everybody does about themselves: password, sessions, look."""

from datetime import datetime

from sqlalchemy import update

from data.audit import change
from data.database import Database
from data.factors import actor
from data.freshness import know_password
from data.passwords import hash_password, refuse_common
from data.people import end_sessions, revoke_tokens
from data.signing import SessionFacts
from data.throttle import Throttle
from models.audit import INSTALLATION
from models.people import SignedIn, User, check_password
from models.problems import BadValue, NotFound

THEMES = ("dark", "light", "contrast", "system")


def change_own_password(
    database: Database, throttle: Throttle, session: SessionFacts, old: str, new: str, at: datetime
) -> None:
    """A new password; every other session and every token is over.

    Raises ``WrongSignIn``, ``TooManyTries`` and ``WeakPassword``.
    """
    check_password(new)
    refuse_common(new)
    know_password(database, throttle, session, old, at)
    password_hash = hash_password(new)
    with change(database, INSTALLATION, actor(session), at) as c:
        c.db.get_one(User, session.user_id).password_hash = password_hash
        end_sessions(c.db, session.user_id, at, "password changed", but=session.session_id)
        revoke_tokens(c.db, session.user_id, at)
        c.state("change password", "user", session.user_id)


def sign_out_others(database: Database, session: SessionFacts, at: datetime) -> None:
    """Every session of theirs but this one is over."""
    with change(database, INSTALLATION, actor(session), at) as c:
        end_sessions(c.db, session.user_id, at, "signed out elsewhere", but=session.session_id)
        c.state("sign out others", "user", session.user_id)


def sign_out_one(database: Database, session: SessionFacts, other: int, at: datetime) -> None:
    """One other session of theirs is over. Raises ``NotFound`` for somebody else's."""
    with change(database, INSTALLATION, actor(session), at) as c:
        ended = c.db.execute(
            update(SignedIn)
            .where(SignedIn.id == other, SignedIn.user_id == session.user_id, SignedIn.ended.is_(None))
            .values(ended=at, ended_why="signed out elsewhere")
            .returning(SignedIn.id)
        ).all()
        if not ended or other == session.session_id:
            raise NotFound
        c.state("sign out others", "session", other)


def set_look(database: Database, session: SessionFacts, theme: str, single_keys: bool, at: datetime) -> None:
    """The theme pages are drawn in, and whether single keys do anything. Raises ``BadValue``."""
    if theme not in THEMES:
        raise BadValue("theme", f"choose one of {', '.join(THEMES)}")
    with change(database, INSTALLATION, actor(session), at) as c:
        user = c.db.get_one(User, session.user_id)
        before = {"theme": user.theme, "single_keys": user.single_keys}
        user.theme, user.single_keys = theme, single_keys
        after = {"theme": theme, "single_keys": single_keys}
        if before != after:
            c.state("look", "user", session.user_id, before=before, after=after)
