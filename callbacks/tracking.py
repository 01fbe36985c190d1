"""Short links of our own: outside sign-in, to stored targets only, counted where a person seems to follow them."""

import hashlib

from flask import Flask, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from callbacks.guard import anybody, wire_route
from callbacks.house import house
from data.tracking import count_click, follow
from models.problems import NotFound
from models.tracking import is_person, referrer_of

GONE = "This link was turned off"
UNKNOWN = "There is no such link"


@anybody
def lead(code: str) -> ResponseReturnValue:
    """To the target of the code; one that is off, or never was, says so."""
    home = house()
    try:
        found = follow(home.database, code)
    except NotFound:
        return make_response(render_template("link.html", said=UNKNOWN, theme="system"), 404)
    if found.off:
        return make_response(render_template("link.html", said=GONE, theme="system"), 410)
    now = home.clock()
    if is_person(request.method, dict(request.headers)) and home.followers.is_new(found.id, _who(), now):
        count_click(home.database, found, referrer_of(request.headers.get("Referer", "")), now)
    return redirect(found.target, 302)


def _who() -> str:
    """A browser at an address, for a minute and in memory only."""
    said = f"{request.remote_addr}\n{request.headers.get('User-Agent', '')}"
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()


def register(server: Flask) -> None:
    """The route of every short link."""
    wire_route(server, "/l/<code>", lead)
