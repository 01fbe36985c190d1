"""The pages for those who are not signed in: signing in and out, the set-up link, a kiosk's link."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from callbacks.callers import (
    KIOSK_COOKIE,
    current_session,
    half_signed_in,
    keep_half,
    let_in,
    let_out,
    session_token,
)
from callbacks.guard import SIGN_IN, anybody, wire_route
from callbacks.house import box, house
from callbacks.problems import sentence, status
from data.beginning import complete_setup, may_set_up
from data.factors import finish_sign_in
from data.invitations import accept, invited
from data.kiosks import check_kiosk
from data.pairings import code_of
from data.security_keys import has_keys
from data.signing import is_demonstration, sign_in, sign_out
from models.problems import BadValue, HalfSignedIn, Problem, SetUpAlready, TooManyTries, WeakPassword

CODE = f"{SIGN_IN}/code"
KIOSK_LASTS = timedelta(days=400)
"""Browsers keep no cookie longer; opening the link again begins anew."""


@anybody
def sign_in_page() -> ResponseReturnValue:
    """The form; who is signed in already goes on to where they wanted."""
    if current_session() is not None:
        return redirect(safe_next(request.args.get("next")))
    return _sign_in_form(request.args.get("next", ""))


@anybody
def sign_in_now() -> ResponseReturnValue:
    """Try the name and password; a refusal is said above the form, never which of the two was wrong."""
    house_ = house()
    name, wanted = request.form.get("sign_in", ""), request.form.get("next", "")
    try:
        token = sign_in(
            house_.database,
            house_.throttle,
            name,
            request.form.get("password", ""),
            request.remote_addr or "",
            house_.clock(),
        )
    except HalfSignedIn as half:
        keep_half(half, house_.clock())
        return redirect(f"{CODE}?{urlencode({'next': safe_next(wanted)})}")
    except Problem as problem:
        return _refused(_sign_in_form(wanted, name, sentence(problem)), problem)
    let_in(token)
    return redirect(safe_next(wanted))


@anybody
def code_page() -> ResponseReturnValue:
    """The second step, for whoever has just given the right password."""
    half = half_signed_in(house().clock())
    if half is None:
        return redirect(SIGN_IN)
    keys = has_keys(house().database, half)
    return render_template("code.html", next=safe_next(request.args.get("next")), problem="", keys=keys)


@anybody
def code_now() -> ResponseReturnValue:
    """Try the code. A wrong one may be tried again, until the password has to be given again."""
    home, wanted = house(), request.form.get("next", "")
    half = half_signed_in(home.clock())
    if half is None:
        return redirect(SIGN_IN)
    try:
        token = finish_sign_in(
            home.database,
            box(),
            home.throttle,
            half,
            request.form.get("code", ""),
            request.remote_addr or "",
            home.clock(),
        )
    except Problem as problem:
        keys = has_keys(home.database, half)
        form = make_response(render_template("code.html", next=safe_next(wanted), problem=sentence(problem), keys=keys))
        return _refused(form, problem)
    let_in(token)
    return redirect(safe_next(wanted))


@anybody
def sign_out_page() -> ResponseReturnValue:
    """Ask first: a link alone must not sign anybody out."""
    if current_session() is None:
        return redirect(SIGN_IN)
    return render_template("signout.html")


@anybody
def sign_out_now() -> ResponseReturnValue:
    """End the session here and in the database."""
    token = session_token()
    if token is not None:
        sign_out(house().database, token, house().clock())
    let_out()
    return redirect(SIGN_IN)


@anybody
def setup_page(token: str) -> ResponseReturnValue:
    """The first run's form. Raises ``SetUpAlready`` for a link that no longer works."""
    if not may_set_up(house().database, token):
        raise SetUpAlready
    return render_template("setup.html", problem="", values={})


@anybody
def setup_now(token: str) -> ResponseReturnValue:
    """Make the first administrator and workspace; what was wrong is said above the form, and nothing has changed."""
    values = {name: request.form.get(name, "") for name in ("sign_in", "name", "workspace")}
    password = request.form.get("password", "")
    try:
        if password != request.form.get("again", ""):
            raise BadValue("password", "type the same password twice")
        complete_setup(
            house().database, token, password=password, at=house().clock(), address=request.remote_addr or "", **values
        )
    except (BadValue, WeakPassword, TooManyTries) as problem:
        form = make_response(render_template("setup.html", problem=sentence(problem), values=values))
        return _refused(form, problem)
    return redirect(f"{SIGN_IN}?{urlencode({'made': values['sign_in']})}")


@anybody
def kiosk_link(token: str) -> ResponseReturnValue:
    """A kiosk's own link: keep its token in this browser and show its board."""
    kiosk = check_kiosk(house().database, token)
    if kiosk is None:
        abort(make_response(render_template("kiosk.html"), 404))
    response = redirect(f"/wallboard/{kiosk.board}?{urlencode({'workspace': kiosk.slug})}")
    keep_kiosk(response, token)
    return response


@anybody
def invitation_page(token: str) -> ResponseReturnValue:
    """Who the link is for, and the password they choose. Raises ``InvitationOver``."""
    return _invitation_form(token)


@anybody
def invitation_now(token: str) -> ResponseReturnValue:
    """Make the colleague's sign-in; what was wrong is said above the form, and the link still works."""
    password = request.form.get("password", "")
    try:
        if password != request.form.get("again", ""):
            raise BadValue("password", "type the same password twice")
        who = invited(house().database, token, house().clock())
        accept(house().database, token, password, house().clock(), request.remote_addr or "")
    except (BadValue, WeakPassword, TooManyTries) as problem:
        return _refused(_invitation_form(token, sentence(problem)), problem)
    return redirect(f"{SIGN_IN}?{urlencode({'made': who.sign_in})}")


def _invitation_form(token: str, problem: str = "") -> Response:
    who = invited(house().database, token, house().clock())
    return make_response(render_template("invitation.html", who=who, problem=problem))


@anybody
def pairing_page() -> ResponseReturnValue:
    """A screen that waits: its code, until an administrator has typed it; then its board."""
    token = request.cookies.get(KIOSK_COOKIE)
    kiosk = check_kiosk(house().database, token) if token else None
    if kiosk is not None:
        return redirect(f"/wallboard/{kiosk.board}?{urlencode({'workspace': kiosk.slug})}")
    code, token = code_of(house().database, token, house().clock())
    page = make_response(render_template("pair.html", code=code))
    page.headers["Cache-Control"] = "no-store"
    keep_kiosk(page, token)
    return page


def keep_kiosk(response: BaseResponse, token: str) -> None:
    """Keep the screen's token in its browser."""
    response.set_cookie(
        KIOSK_COOKIE, token, max_age=KIOSK_LASTS, httponly=True, samesite="Lax", secure=house().settings.secure
    )


def register(server: Flask) -> None:
    """The plain pages."""
    wire_route(server, SIGN_IN, sign_in_page)
    wire_route(server, SIGN_IN, sign_in_now, ("POST",))
    wire_route(server, CODE, code_page)
    wire_route(server, CODE, code_now, ("POST",))
    wire_route(server, "/sign-out", sign_out_page)
    wire_route(server, "/sign-out", sign_out_now, ("POST",))
    wire_route(server, "/setup/<token>", setup_page)
    wire_route(server, "/setup/<token>", setup_now, ("POST",))
    wire_route(server, "/invitation/<token>", invitation_page)
    wire_route(server, "/invitation/<token>", invitation_now, ("POST",))
    wire_route(server, "/kiosk", pairing_page)
    wire_route(server, "/kiosk/<token>", kiosk_link)


def safe_next(wanted: str | None) -> str:
    """The path to go on to: only ever one of ours, whatever a link says."""
    path = wanted or "/"
    is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_ours and path.isprintable() else "/"


def _sign_in_form(wanted: str, name: str = "", problem: str = "") -> Response:
    page = render_template(
        "signin.html",
        next=safe_next(wanted),
        sign_in=name or request.args.get("made", ""),
        problem=problem,
        demonstration=is_demonstration(house().database),
        provider=house().settings.oidc_label if house().settings.oidc_issuer else "",
    )
    return make_response(page)


def _refused(form: Response, problem: Problem) -> Response:
    form.status_code = status(problem)
    if isinstance(problem, TooManyTries):
        form.headers["Retry-After"] = str(max(int(problem.wait.total_seconds()), 1))
    return form
