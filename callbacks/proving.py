"""The page that asks for the password again before a file leaves, and then goes on to that file with nothing lost."""

from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from callbacks.callers import current_session
from callbacks.guard import SIGN_IN, somebody, wire_route
from callbacks.house import box, house
from callbacks.problems import PROVE, sentence, status
from callbacks.signin import safe_next
from data.factors import asks_for_code, prove_wholly
from data.freshness import is_fresh
from data.signing import SessionFacts
from models.problems import NotSignedIn, Problem

PAGES = {
    "/reports/rows": "/reports/activity",
    "/audit": "/audit",
    "/admin-configuration": "/admin/configuration",
    "/privacy/pack": "/privacy/contacts",
}
"""The page that a file is asked for on, by how its address begins; a report's file stands on the report."""


@somebody
def page() -> ResponseReturnValue:
    """The question; after a right answer, the file and the way back."""
    session, wanted = current_session(), safe_next(request.args.get("next"))
    if session is None:
        return redirect(f"{SIGN_IN}?{urlencode({'next': wanted})}")
    if is_fresh(session, house().clock()):
        return _shown("file.html", wanted, session)
    return _shown("prove.html", wanted, session)


@somebody
def answer() -> ResponseReturnValue:
    """Try the password, and the code of whoever has a second factor; a refusal is said above the form."""
    session, home, wanted = current_session(), house(), safe_next(request.form.get("next"))
    if session is None:
        raise NotSignedIn
    password, code = request.form.get("password", ""), request.form.get("code", "")
    try:
        prove_wholly(home.database, box(), home.throttle, session, password, code, home.clock())
    except Problem as problem:
        form = _shown("prove.html", wanted, session, sentence(problem))
        form.status_code = status(problem)
        return form
    return redirect(f"{PROVE}?{urlencode({'next': wanted})}", 303)


def back_from(wanted: str) -> str:
    """The page that offers a file, with the same choices."""
    parts = urlsplit(wanted)
    path = next((page for start, page in PAGES.items() if parts.path.startswith(start)), parts.path.rpartition(".")[0])
    return f"{path or '/'}?{parts.query}"


def register(server: Flask) -> None:
    """The page and its form."""
    wire_route(server, PROVE, page)
    wire_route(server, PROVE, answer, ("POST",))


def _shown(template: str, wanted: str, session: SessionFacts, problem: str = "") -> Response:
    response = make_response(
        render_template(
            template,
            next=wanted,
            back=back_from(wanted),
            code=asks_for_code(house().database, session),
            problem=problem,
            theme=session.theme,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response
