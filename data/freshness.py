"""A fresh sign-in: for what could hurt everybody, the password was given within the last quarter of an hour.

Whoever has a second factor shows that too: see ``data.factors.prove_wholly``.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from data.audit import Change, change
from data.database import Database
from data.passwords import is_right
from data.security import trying
from data.signing import SessionFacts
from data.throttle import Throttle
from models.audit import INSTALLATION, Actor
from models.people import SignedIn, User
from models.problems import NotFresh, TooManyTries, WrongSignIn

FRESH_FOR = timedelta(minutes=15)


def is_fresh(session: SessionFacts, at: datetime) -> bool:
    """Whether the session's user gave their password a short while ago."""
    return at - session.proved <= FRESH_FOR


def require_fresh(session: SessionFacts | None, at: datetime) -> None:
    """Raise ``NotFresh`` where the password has to be given again."""
    if session is None or not is_fresh(session, at):
        raise NotFresh


def prove(
    database: Database,
    throttle: Throttle,
    session: SessionFacts,
    password: str,
    at: datetime,
    also: Callable[[Change], Any] | None = None,
) -> None:
    """The user gives the password again, and the session is fresh; ``also`` is done in the same change.

    Raises ``TooManyTries`` before looking, and ``WrongSignIn``.
    """
    know_password(database, throttle, session, password, at)
    actor = Actor(session.name, session.user_id, session.session_id, session.address)
    with change(database, INSTALLATION, actor, at) as c:
        how = also(c) if also is not None else "password"
        c.db.get_one(SignedIn, session.session_id).proved = at
        c.state("prove", "session", session.session_id, after={"by": how})


def know_password(database: Database, throttle: Throttle, session: SessionFacts, password: str, at: datetime) -> None:
    """Whoever sits there knows the password. Raises ``TooManyTries`` before looking, and ``WrongSignIn``."""
    with database.read() as db:
        user = db.get_one(User, session.user_id)
        folded, password_hash = user.sign_in, user.password_hash
    with trying("password again", session.name, session.address, session.user_id):
        throttle.begin(folded, session.address, True, at)
        try:
            matches = is_right(password_hash, password)
        except TooManyTries:
            throttle.unseen(folded, session.address)
            raise
        if not matches:
            raise WrongSignIn
    throttle.right(folded, session.address)
