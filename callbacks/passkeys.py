"""Security keys and passkeys: added and removed on one's own page, and shown when signing in."""

from flask import Flask, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from callbacks import me
from callbacks.callers import half_signed_in, let_in
from callbacks.guard import SIGN_IN, anybody, somebody, wire_route
from callbacks.house import house
from callbacks.problems import sentence, status
from callbacks.signin import CODE, safe_next
from data.security_keys import Site, add_key, ask_to_add, ask_to_show, finish_by_key, has_keys, remove_key, site_of
from models.problems import NotSignedIn, Problem


def site() -> Site:
    """The site that keys belong to."""
    return site_of(house().settings.address)


@somebody
def question() -> Response:
    """What the browser needs to make a key, after the password."""
    me.know()
    return _json(ask_to_add(house().database, site(), me.session_here(), house().clock()))


@somebody
def add() -> ResponseReturnValue:
    """Keep the key that the browser made."""
    name, answer = request.form.get("name", ""), request.form.get("answer", "")
    try:
        add_key(house().database, site(), me.session_here(), name, answer, house().clock())
    except Problem as problem:
        return me.refused(problem)
    return me.again("The key is added. It stands in for a code from now on.")


@somebody
def remove(number: int) -> ResponseReturnValue:
    """Remove a key, after the password."""
    try:
        me.know()
        remove_key(house().database, me.session_here(), number, house().clock())
    except Problem as problem:
        return me.refused(problem)
    return me.again("The key is removed.")


@anybody
def show_question() -> Response:
    """What the browser needs to show a key, for whoever has just given the right password. Raises ``NotSignedIn``."""
    half = half_signed_in(house().clock())
    if half is None:
        raise NotSignedIn
    return _json(ask_to_show(house().database, site(), half, house().clock()))


@anybody
def show() -> ResponseReturnValue:
    """Try the key. After a wrong answer one may try again, or give a code."""
    home, wanted = house(), safe_next(request.form.get("next", ""))
    half = half_signed_in(home.clock())
    if half is None:
        return redirect(SIGN_IN)
    answer, address = request.form.get("answer", ""), request.remote_addr or ""
    try:
        token = finish_by_key(home.database, site(), home.throttle, half, answer, address, home.clock())
    except Problem as problem:
        keys = has_keys(home.database, half)
        form = make_response(render_template("code.html", next=wanted, problem=sentence(problem), keys=keys))
        form.status_code = status(problem)
        return form
    let_in(token)
    return redirect(wanted)


def register(server: Flask) -> None:
    """The forms, and the questions that the script fetches."""
    wire_route(server, "/me/keys/question", question, ("POST",))
    wire_route(server, "/me/keys", add, ("POST",))
    wire_route(server, "/me/keys/<int:number>", remove, ("POST",))
    wire_route(server, f"{CODE}/question", show_question, ("POST",))
    wire_route(server, f"{SIGN_IN}/key", show, ("POST",))


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json", headers={"Cache-Control": "no-store"})
