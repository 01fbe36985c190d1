"""Who is calling: a session or a kiosk, and what they may do in the workspace they ask for. Looked up at every request."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from callbacks.house import house
from data.factors import Half
from data.factors import factor_due as data_factor_due
from data.kiosks import KioskFacts, check_kiosk
from data.signing import SessionFacts, keep_alive, scope_for, session_of
from data.tokens import TokenFacts, token_of
from models.permissions import Permission, Scope
from models.problems import HalfSignedIn, NotFound, NotSignedIn

KIOSK_COOKIE = "watchroom_kiosk"
HALF = "half"
HALF_LASTS = timedelta(minutes=5)

Caller = SessionFacts | KioskFacts | TokenFacts
API = "callbacks.api."
BEARER = "Bearer "


@dataclass(frozen=True)
class SignedInUser(UserMixin):
    """What Flask-Login keeps. Its id is the session's token, so that a cookie kept from an ended session is nobody."""

    token: str
    facts: SessionFacts

    def get_id(self) -> str:
        """The session's token."""
        return self.token


def register(server: Flask) -> None:
    """Let Flask-Login find sessions in the database; a cookie that turns up in another browser is nobody's."""
    manager = LoginManager()
    manager.session_protection = "strong"
    manager.user_loader(load)
    # Not init_app: it also reads the session after every answer, for a remember-me cookie that we do not have, and so
    # marks public files as different for every cookie.
    server.login_manager = manager


def load(token: str) -> SignedInUser | None:
    """The session of a cookie, or None."""
    facts = session_of(house().database, token, house().clock())
    return SignedInUser(token, facts) if facts else None


def let_in(token: str) -> None:
    """Begin a new browser session with this token: nothing is kept from before signing in."""
    session.clear()
    user = load(token)
    if user is None:
        raise NotSignedIn
    login_user(user)


def session_token() -> str | None:
    """The token of the session that calls, if one does."""
    return current_user.token if current_session() is not None else None


def keep_half(half: HalfSignedIn, at: datetime) -> None:
    """The password was right: remembered in the signed cookie, for the few minutes that the second step takes."""
    session.clear()
    session[HALF] = [half.user_id, half.mark, at.isoformat()]


def half_signed_in(at: datetime) -> Half | None:
    """Whose password was right in this browser a moment ago."""
    kept = session.get(HALF)
    if kept is None or at - datetime.fromisoformat(kept[2]) > HALF_LASTS:
        return None
    return Half(int(kept[0]), str(kept[1]))


def factor_due(who: SessionFacts) -> datetime | None:
    """From when on this person sees only their own page for want of a second factor. Looked up once a request."""
    if "factor_due" not in g:
        home = house()
        grace = timedelta(days=home.settings.second_factor_grace)
        g.factor_due = data_factor_due(home.database, who, home.settings.second_factor, grace)
    found: datetime | None = g.factor_due
    return found


def owes_factor(who: SessionFacts) -> bool:
    """Whether this person must set up a second factor before anything else opens."""
    due = factor_due(who)
    return due is not None and due <= house().clock()


def let_out() -> None:
    """End the browser's session. End it in the database first: a cookie kept from it would still be good."""
    logout_user()
    session.clear()
    g.pop("caller", None)


def current_session() -> SessionFacts | None:
    """The signed-in browser that calls, if one does."""
    return current_user.facts if current_user.is_authenticated else None


def caller() -> Caller | None:
    """Who calls: of the API the token that is shown, else a session before a kiosk; None for anybody."""
    if "caller" not in g:
        shown = request.headers.get("Authorization")
        by_token = shown is not None and (request.endpoint or "").startswith(API)
        g.caller = _token(shown or "") if by_token else current_session() or _kiosk()
    found: Caller | None = g.caller
    return found


def theme() -> str:
    """The theme to draw in: a person's own, or the one that a kiosk was given."""
    who = caller()
    return who.theme if who is not None else "dark"


def note_by_hand() -> None:
    """A person did this, which puts off the idle end of their session."""
    who = caller()
    if isinstance(who, SessionFacts):
        keep_alive(house().database, who, house().clock())


def scope_at(slug: str | None) -> Scope:
    """What the caller may do in the workspace ``slug`` (None: the one they used last).

    Raises ``NotSignedIn`` for nobody and ``NotFound`` where the caller has no role, as where no workspace is.
    """
    scopes: dict[str | None, Scope | None] = g.setdefault("scopes", {})
    if slug not in scopes:
        scopes[slug] = _scope(caller(), slug)
    found = scopes[slug]
    if found is None:
        raise NotFound
    return found


def permitted(slug: str | None, permission: Permission) -> Scope:
    """The scope, where it holds the permission; else ``NotPermitted``."""
    scope = scope_at(slug)
    scope.require(permission)
    return scope


def _scope(who: Caller | None, slug: str | None) -> Scope | None:
    if who is None:
        raise NotSignedIn
    if isinstance(who, KioskFacts):
        return who.scope() if slug in (None, who.slug) else None
    if isinstance(who, TokenFacts):
        return who.scope(house().database, slug)
    return scope_for(house().database, who, slug)


def _token(shown: str) -> TokenFacts | None:
    token = shown.removeprefix(BEARER)
    return token_of(house().database, token, house().clock()) if token != shown else None


def _kiosk() -> KioskFacts | None:
    token = request.cookies.get(KIOSK_COOKIE)
    return check_kiosk(house().database, token) if token else None
