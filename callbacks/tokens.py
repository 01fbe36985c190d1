"""Tokens of the API, on one's own page: made with the password, shown once, revoked by a button."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from callbacks import me
from callbacks.callers import owes_factor
from callbacks.guard import somebody, wire_route
from callbacks.house import house
from data.tokens import create_token, revoke_token
from models.problems import BadValue, Problem


@somebody
def create() -> ResponseReturnValue:
    """A new token, shown this once, to whoever gives their password and owes no second factor."""
    form, home = request.form, house()
    days = form.get("days", "")
    try:
        session = me.session_here()
        if owes_factor(session):
            raise BadValue("token", "set up your second factor first")
        me.know()
        length = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
        made = create_token(
            home.database,
            session,
            form.get("workspace", ""),
            form.get("name", ""),
            form.getlist("reach"),
            length,
            home.clock(),
        )
    except Problem as problem:
        return me.refused(problem)
    return me.drawn(said="The token is made. Copy it now.", token=made)


@somebody
def revoke(number: int) -> ResponseReturnValue:
    """The token is refused from now on."""
    revoke_token(house().database, me.session_here(), number, house().clock())
    return me.again(me.SAID["token"])


def register(server: Flask) -> None:
    """The two forms."""
    wire_route(server, "/me/tokens", create, ("POST",))
    wire_route(server, "/me/tokens/<int:number>", revoke, ("POST",))
