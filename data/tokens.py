"""Tokens of the API: made and revoked on one's own page, looked up at every call."""

import threading
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from data.audit import change
from data.database import Database
from data.factors import actor
from data.signing import SessionFacts, is_demonstration, new_token, scope_for, token_hash
from models.audit import INSTALLATION
from models.people import User
from models.permissions import Permission, Scope
from models.problems import NotFound, NotSaved, TooManyTries
from models.tokens import ApiToken, check_token, opened_by
from models.workspace import Workspace

MINUTE = timedelta(minutes=1)
A_MINUTE = 120
"""Calls that a token may make within a minute."""
PREFIX = "watchroom_"
"""How every token begins, so that scanners of leaked secrets know one."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token that is still good: whose it is and what it opens. ``owner`` is read as a session that no browser has."""

    token_id: int
    slug: str
    opens: frozenset[Permission]
    owner: SessionFacts

    @property
    def name(self) -> str:
        """The owner's name."""
        return self.owner.name

    @property
    def theme(self) -> str:
        """The owner's theme."""
        return self.owner.theme

    def scope(self, database: Database, slug: str | None) -> Scope | None:
        """What the owner may do now, as far as the token goes; None in any other workspace than its own."""
        found = scope_for(database, self.owner, self.slug) if slug in (None, self.slug) else None
        if found is None:
            return None
        return replace(found, permissions=found.permissions & self.opens, session_id=None, installation=False)


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A token of theirs that is neither revoked nor over."""

    id: int
    name: str
    workspace: str
    reach: tuple[str, ...]
    until: datetime
    last_used: datetime | None


@dataclass
class Allowance:
    """How many calls each token made within the last minute. Safe to share between threads; forgets at a restart."""

    _calls: dict[int, deque[datetime]] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def take(self, token_id: int, at: datetime) -> None:
        """Count one call. Raises ``TooManyTries`` with the wait, and counts nothing."""
        with self._guard:
            calls = self._calls.setdefault(token_id, deque(maxlen=A_MINUTE))
            if len(calls) == A_MINUTE and abs(at - calls[0]) < MINUTE:
                raise TooManyTries(calls[0] + MINUTE - at)
            calls.append(at)


def create_token(
    database: Database, session: SessionFacts, slug: str, name: str, reach: Collection[str], days: int, at: datetime
) -> str:
    """A new token of the session's person, in a workspace where they hold a role; it is never seen again.

    Raises ``BadValue`` and ``NotFound``.
    """
    kept, wanted, length = check_token(name, reach, days)
    found = scope_for(database, session, slug)
    if found is None:
        raise NotFound
    token = PREFIX + new_token()
    with change(database, INSTALLATION, actor(session), at) as c:
        row = ApiToken(
            user_id=session.user_id,
            workspace_id=found.workspace_id,
            name=kept,
            token_hash=token_hash(token),
            reach=wanted,
            created=at,
            until=at + length,
        )
        c.db.add(row)
        c.db.flush()
        c.state("create", "token", row.id, after={"reach": wanted, "days": days, "workspace": found.workspace_id})
    return token


def revoke_token(database: Database, session: SessionFacts, token_id: int, at: datetime) -> None:
    """The token is refused from the next call on. Raises ``NotFound`` for somebody else's."""
    with change(database, INSTALLATION, actor(session), at) as c:
        row = c.db.get(ApiToken, token_id)
        if row is None or row.user_id != session.user_id or row.revoked is not None:
            raise NotFound
        row.revoked = at
        c.state("revoke", "token", token_id)


def token_of(database: Database, token: str, at: datetime) -> TokenFacts | None:
    """The facts of a token; None where it is unknown, revoked or over, or its owner is disabled. Notes the use."""
    with database.read() as db:
        found = db.execute(
            select(ApiToken, User, Workspace.slug)
            .join(User, User.id == ApiToken.user_id)
            .join(Workspace, Workspace.id == ApiToken.workspace_id)
            .where(ApiToken.token_hash == token_hash(token), ApiToken.revoked.is_(None), ApiToken.until > at)
        ).one_or_none()
        if found is None or found[1].disabled:
            return None
        row, user, slug = found
        facts = TokenFacts(row.id, slug, opened_by(row.reach), _owner(row, user, at))
        used = row.last_used
    if user.demonstration and not is_demonstration(database):
        return None
    if used is None or at - used >= MINUTE:
        with suppress(NotSaved), database.write() as db:
            db.execute(update(ApiToken).where(ApiToken.id == facts.token_id).values(last_used=at))
    return facts


def _owner(row: ApiToken, user: User, at: datetime) -> SessionFacts:
    return SessionFacts(
        session_id=0,
        user_id=user.id,
        name=user.name,
        installation_administrator=user.installation_administrator,
        theme=user.theme,
        single_keys=False,
        address="",
        workspace_id=row.workspace_id,
        last_active=at,
        proved=row.created,
    )


def own_tokens(database: Database, user_id: int, at: datetime) -> tuple[OwnToken, ...]:
    """Every token of theirs that still works, the oldest first."""
    with database.read() as db:
        rows = db.execute(
            select(ApiToken, Workspace.name)
            .join(Workspace, Workspace.id == ApiToken.workspace_id)
            .where(ApiToken.user_id == user_id, ApiToken.revoked.is_(None), ApiToken.until > at)
            .order_by(ApiToken.id)
        ).all()
        return tuple(
            OwnToken(row.id, row.name, workspace, tuple(row.reach), row.until, row.last_used) for row, workspace in rows
        )
