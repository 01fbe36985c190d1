"""Signing in and out: sessions live in the database, so that signing out, disabling and changing roles count at once."""

import hashlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.audit import Change, change
from data.database import Database
from data.passwords import is_right
from data.security import trying
from data.throttle import Throttle
from models.audit import INSTALLATION, Actor
from models.claims import Hold
from models.invitations import SecondFactor
from models.people import Membership, Role, SignedIn, User, fold_sign_in
from models.permissions import INSTALLATION_PERMISSIONS, Permission, Scope, rights_of
from models.problems import DemonstrationOnly, HalfSignedIn, NotSaved, TooManyTries, WrongSignIn
from models.workspace import Installation, Workspace

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
"""One long shift: after it a person signs in again, however busy the session was."""
NOTED = timedelta(minutes=1)
"""``last_active`` is written at most this often."""
DEMONSTRATION = "demonstration"
"""The key of ``installation`` that marks the database of a demonstration."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session that is good now, and whose it is. ``workspace_id`` is the one used last in it."""

    session_id: int
    user_id: int
    name: str
    installation_administrator: bool
    theme: str
    single_keys: bool
    address: str
    workspace_id: int | None
    last_active: datetime
    proved: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What signing in needs to know of the user of that name."""

    user_id: int
    name: str
    password_hash: str
    allowed: bool
    demonstration: bool
    factor: bool = False


def factor_mark(password_hash: str) -> str:
    """What says that the password has not changed since it was given."""
    return token_hash(password_hash)[:24]


def token_hash(token: str) -> str:
    """How a token is kept. Tokens are 256 random bits, so that a plain digest cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_token() -> str:
    """A token that cannot be guessed."""
    return secrets.token_urlsafe(32)


def is_demonstration(database: Database) -> bool:
    """Whether this database is marked as the demonstration's."""
    with database.read() as db:
        return _is_marked(db)


def sign_in(database: Database, throttle: Throttle, name: str, password: str, address: str, at: datetime) -> str:
    """Begin a session and return its token: the only time it is seen.

    Takes as long for a name that does not exist. Raises ``TooManyTries`` before looking, ``WrongSignIn`` for a wrong
    name or password or a disabled user (never said which), and ``DemonstrationOnly``, after the right password, for a
    demonstration's user on a database without its mark, and ``HalfSignedIn`` where a second factor is to be shown.
    """
    folded = fold_sign_in(name)
    with database.read() as db:
        found = _found(db, folded)
        known = found is not None and _has_been_at(db, found.user_id, address)
        marked = _is_marked(db)
    with trying("sign in", found.name if found else "", address, found.user_id if found else None):
        throttle.begin(folded, address, known, at)
        try:
            matches = is_right(found.password_hash if found else None, password)
        except TooManyTries:
            throttle.unseen(folded, address)
            raise
        if not matches or found is None or not found.allowed:
            raise WrongSignIn
        throttle.right(folded, address)
        if found.demonstration and not marked:
            raise DemonstrationOnly
        if found.factor:
            raise HalfSignedIn(found.user_id, factor_mark(found.password_hash))
    return begin_session(database, found, address, at)


def session_of(database: Database, token: str, at: datetime) -> SessionFacts | None:
    """The session of a token, where it is still good; None where it ended, idled out or its user is disabled.

    Looking does not keep it alive: see ``keep_alive``.
    """
    with database.read() as db:
        row = db.execute(
            select(SignedIn, User)
            .join(User, User.id == SignedIn.user_id)
            .where(SignedIn.token_hash == token_hash(token), SignedIn.ended.is_(None), User.disabled.is_(False))
        ).one_or_none()
        if row is None or not is_good(row[0].began, row[0].last_active, at):
            return None
        if row[1].demonstration and not _is_marked(db):
            return None
        return _facts(*row)


def keep_alive(database: Database, session: SessionFacts, at: datetime) -> None:
    """A person did something, which puts off the idle end. Never called for streams and for pages redrawing themselves.

    Where the database takes no changes the session simply stays as it was: people go on reading.
    """
    if at - session.last_active >= NOTED:
        with suppress(NotSaved), database.write() as db:
            db.execute(update(SignedIn).where(SignedIn.id == session.session_id).values(last_active=at))


def is_good(began: datetime, last_active: datetime, at: datetime) -> bool:
    """Whether a session that nobody ended is neither idle nor too old."""
    return at - last_active <= IDLE and at - began <= LONGEST


def over_at(began: datetime, last_active: datetime) -> datetime:
    """Until when ``is_good`` holds where nothing more is done."""
    return min(last_active + IDLE, began + LONGEST)


def sign_out(database: Database, token: str, at: datetime) -> None:
    """End the session for good. A token of no session, or of one that ended, changes nothing."""
    with database.read() as db:
        row = db.execute(
            select(SignedIn.id, SignedIn.user_id, User.name, SignedIn.address)
            .join(User, User.id == SignedIn.user_id)
            .where(SignedIn.token_hash == token_hash(token), SignedIn.ended.is_(None))
        ).one_or_none()
    if row is None:
        return
    session_id, user_id, name, address = row
    with change(database, INSTALLATION, Actor(name, user_id, session_id, address), at) as c:
        c.db.execute(
            update(SignedIn)
            .where(SignedIn.id == session_id, SignedIn.ended.is_(None))
            .values(ended=at, ended_why="signed out")
        )
        c.db.execute(update(Hold).where(Hold.session_id == session_id, Hold.look > at).values(look=at))
        c.state("sign out", "session", session_id)


def scope_for(database: Database, session: SessionFacts, slug: str | None) -> Scope | None:
    """What the session's user may do in the workspace ``slug``, read afresh at every call; None where nothing.

    Without ``slug``: the workspace used last (in this session, else in the newest earlier one), else the first that was made.
    """
    with database.read() as db:
        rows = db.execute(
            select(Workspace.id, Workspace.slug, Role.name, Role.permissions, Role.built_in)
            .join(Role, Role.workspace_id == Workspace.id)
            .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Workspace.id))
            .where(Membership.user_id == session.user_id)
            .order_by(Workspace.id)
        ).all()
        everywhere = _all_workspaces(db) if session.installation_administrator else ()
        last = session.workspace_id or _last_used(db, session.user_id)
    held: dict[tuple[int, str], set[Permission]] = {}
    for workspace_id, name, *role in rows:
        held.setdefault((workspace_id, name), set()).update(rights_of(*role))
    for home in everywhere:
        held.setdefault(home, set()).update(INSTALLATION_PERMISSIONS)
    wanted = [key for key in held if key[1] == slug] if slug is not None else _preferred(list(held), last)
    if not wanted:
        return None
    workspace_id, found = wanted[0]
    return Scope(
        workspace_id=workspace_id,
        slug=found,
        permissions=frozenset(held[wanted[0]]),
        user_id=session.user_id,
        name=session.name,
        session_id=session.session_id,
        address=session.address,
        installation=session.installation_administrator,
    )


def remember_workspace(database: Database, session: SessionFacts, workspace_id: int) -> None:
    """Keep the workspace as the one used last, where the database takes it; writes only when it is another one."""
    if session.workspace_id != workspace_id:
        with suppress(NotSaved), database.write() as db:
            db.execute(update(SignedIn).where(SignedIn.id == session.session_id).values(workspace_id=workspace_id))


def begin_session(
    database: Database, found: Found, address: str, at: datetime, also: Callable[[Change], str] | None = None
) -> str:
    """A new session of whoever has shown who they are; ``also`` is done in the same change and says how. Its token."""
    token = new_token()
    with change(database, INSTALLATION, Actor(found.name, found.user_id, None, address), at) as c:
        how = also(c) if also is not None else "password"
        signed_in = SignedIn(
            user_id=found.user_id, token_hash=token_hash(token), began=at, last_active=at, address=address
        )
        c.db.add(signed_in)
        c.db.flush()
        c.state("sign in", "session", signed_in.id, after={"by": how})
    return token


def _facts(signed_in: SignedIn, user: User) -> SessionFacts:
    return SessionFacts(
        session_id=signed_in.id,
        user_id=user.id,
        name=user.name,
        installation_administrator=user.installation_administrator,
        theme=user.theme,
        single_keys=user.single_keys,
        address=signed_in.address,
        workspace_id=signed_in.workspace_id,
        last_active=signed_in.last_active,
        proved=signed_in.proved or signed_in.began,
    )


def _found(db: Session, folded: str) -> Found | None:
    if not folded.isprintable():
        return None  # nobody is called that, and Postgres takes no NUL even to look for
    user = db.scalar(select(User).where(User.sign_in == folded))
    if user is None:
        return None
    return found_of(db, user)


def found_of(db: Session, user: User) -> Found:
    """A user as signing in knows them."""
    held = select(SecondFactor.id).where(SecondFactor.user_id == user.id, SecondFactor.confirmed.is_not(None))
    factor = db.scalar(held) is not None
    return Found(user.id, user.name, user.password_hash, not user.disabled, user.demonstration, factor)


def _has_been_at(db: Session, user_id: int, address: str) -> bool:
    earlier = select(SignedIn.id).where(SignedIn.user_id == user_id, SignedIn.address == address)
    return db.scalar(earlier.limit(1)) is not None


def _is_marked(db: Session) -> bool:
    return db.get(Installation, DEMONSTRATION) is not None


def _all_workspaces(db: Session) -> list[tuple[int, str]]:
    return list(db.execute(select(Workspace.id, Workspace.slug).order_by(Workspace.id)))


def _last_used(db: Session, user_id: int) -> int | None:
    return db.scalar(
        select(SignedIn.workspace_id)
        .where(SignedIn.user_id == user_id, SignedIn.workspace_id.is_not(None))
        .order_by(SignedIn.id.desc())
        .limit(1)
    )


def _preferred(found: list[tuple[int, str]], last: int | None) -> list[tuple[int, str]]:
    return [key for key in found if key[0] == last] or found[:1]
