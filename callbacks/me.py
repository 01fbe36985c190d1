"""One's own page: look, second factor, password, sessions. Plain forms, so that a password manager knows what is what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from flask import Flask, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from callbacks.callers import current_session, factor_due, owes_factor
from callbacks.guard import SIGN_IN, somebody, wire_route
from callbacks.house import box, house
from callbacks.problems import sentence, status
from data.factors import begin_factor, confirm_factor, enrolment, remove_factor, renew_codes
from data.freshness import know_password
from data.me import change_own_password, set_look, sign_out_one, sign_out_others
from data.people import workspaces_of
from data.queries.me import me
from data.signing import SessionFacts
from data.tokens import own_tokens
from models.problems import BadValue, NotSignedIn, Problem
from models.tokens import DAYS, Reach
from models.workspace import DEFAULT_ZONE


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code as the strokes of a path: digits and letters of ours, never markup."""

    size: int
    path: str


@somebody
def page() -> ResponseReturnValue:
    """The page; whoever is not signed in is asked to."""
    if current_session() is None:
        return redirect(f"{SIGN_IN}?next=/me")
    return drawn()


@somebody
def look() -> ResponseReturnValue:
    set_look(
        house().database, session_here(), request.form.get("theme", ""), "single_keys" in request.form, house().clock()
    )
    return again("Saved. Pages you open from now on look like that.")


@somebody
def password() -> ResponseReturnValue:
    """Another password, after the present one."""
    new = request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise BadValue("password", "type the same new password twice")
        old, home = request.form.get("old", ""), house()
        change_own_password(home.database, home.throttle, session_here(), old, new, home.clock())
    except Problem as problem:
        return refused(problem)
    return again("The password is changed, and every other browser is signed out.")


@somebody
def others() -> ResponseReturnValue:
    sign_out_others(house().database, session_here(), house().clock())
    return again("Every other browser is signed out.")


@somebody
def other(number: int) -> ResponseReturnValue:
    sign_out_one(house().database, session_here(), number, house().clock())
    return again("That browser is signed out.")


@somebody
def begin() -> ResponseReturnValue:
    try:
        know()
        begin_factor(house().database, box(), session_here(), house().clock())
    except Problem as problem:
        return refused(problem)
    return redirect("/me#factor")


@somebody
def confirm() -> ResponseReturnValue:
    """The first code of the app shows that it works; then the recovery codes are shown this once."""
    try:
        codes = confirm_factor(house().database, box(), session_here(), request.form.get("code", ""), house().clock())
    except Problem as problem:
        return refused(problem)
    return drawn(said="The second factor is set up.", codes=codes)


@somebody
def remove() -> ResponseReturnValue:
    try:
        know()
        remove_factor(house().database, session_here(), house().clock())
    except Problem as problem:
        return refused(problem)
    return again("The second factor is removed.")


@somebody
def codes() -> ResponseReturnValue:
    try:
        know()
        made = renew_codes(house().database, session_here(), house().clock())
    except Problem as problem:
        return refused(problem)
    return drawn(said="The old recovery codes no longer work.", codes=made)


def qr_of(text: str) -> Qr:
    """The QR code of a text, with the quiet zone that scanners need."""
    code = segno.make(text, error="m", micro=False)
    rows = code.matrix_iter(border=4)
    strokes = [f"M{x} {y}.5h1" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return Qr(int(code.symbol_size(border=4)[0]), "".join(strokes))


def register(server: Flask) -> None:
    """The page and its forms."""
    wire_route(server, "/me", page)
    for rule, view in (
        ("/me/look", look),
        ("/me/password", password),
        ("/me/sessions", others),
        ("/me/sessions/<int:number>", other),
        ("/me/factor/begin", begin),
        ("/me/factor/confirm", confirm),
        ("/me/factor/remove", remove),
        ("/me/codes", codes),
    ):
        wire_route(server, rule, view, ("POST",))


def session_here() -> SessionFacts:
    """The session that asks. Raises ``NotSignedIn``."""
    session = current_session()
    if session is None:
        raise NotSignedIn
    return session


def know() -> None:
    """The password, from the form. Raises ``WrongSignIn`` and ``TooManyTries``."""
    home = house()
    know_password(home.database, home.throttle, session_here(), request.form.get("password", ""), home.clock())


def drawn(said: str = "", problem: str = "", codes: list[str] | None = None, token: str = "") -> Response:
    """The page, with what is said this once."""
    session, home = session_here(), house()
    new = enrolment(home.database, box(), session)
    facts: dict[str, Any] = {
        "me": me(home.database, session, home.clock()),
        "enrolment": new,
        "qr": qr_of(new.address) if new else None,
        "said": said or SAID.get(request.args.get("said", ""), ""),
        "problem": problem,
        "codes": codes,
        "token": token,
        "tokens": own_tokens(home.database, session.user_id, home.clock()),
        "workspaces": workspaces_of(home.database, session.user_id),
        "reaches": [(one.value, WORDS[one]) for one in Reach],
        "lengths": DAYS,
        "owed": owes_factor(session),
        "due": factor_due(session),
        "when": _when,
        "theme": session.theme,
    }
    response = make_response(render_template("me.html", **facts))
    response.headers["Cache-Control"] = "no-store"
    return response


def again(said: str) -> ResponseReturnValue:
    """Back to the page, which says so."""
    key = next((name for name, words in SAID.items() if words == said), "")
    return redirect(f"/me?said={key}")


def refused(problem: Problem) -> Response:
    """The page, with why not."""
    response = drawn(problem=sentence(problem))
    response.status_code = status(problem)
    return response


def _when(at: datetime) -> str:
    there = at.astimezone(ZoneInfo(DEFAULT_ZONE))
    return f"{there.day} {there:%b}, {there:%H:%M}"


WORDS = {
    Reach.FIGURES: "Figures of the reports",
    Reach.QUEUE: "How many wait in the queue",
    Reach.ACCOUNTS: "States of accounts",
}
"""What a token may read, as the page says it."""

SAID = {
    "look": "Saved. Pages you open from now on look like that.",
    "password": "The password is changed, and every other browser is signed out.",
    "others": "Every other browser is signed out.",
    "other": "That browser is signed out.",
    "key": "The key is added. It stands in for a code from now on.",
    "no-key": "The key is removed.",
    "token": "The token is revoked: it is refused from now on.",
    "removed": "The second factor is removed.",
}
"""What is said after a form, by a word in the address: an address never carries a sentence of its own."""
