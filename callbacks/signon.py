"""Single sign-on: to the provider, and back."""

from flask import Flask, abort, redirect, request, session
from flask.typing import ResponseReturnValue

from callbacks.callers import let_in
from callbacks.guard import SIGN_IN, anybody, wire_route
from callbacks.house import house
from callbacks.signin import safe_next
from data.oidc import Provider, Trip, come_back, provider_of, set_out
from data.signon import groups_of, sign_on
from models.problems import SignOnFailed

TRIP = "trip"


@anybody
def leave() -> ResponseReturnValue:
    """Send the browser to the provider; what it needs to come back stays in its signed cookie."""
    address, trip = set_out(_provider())
    session.clear()
    session[TRIP] = [trip.state, trip.nonce, trip.verifier, safe_next(request.args.get("next"))]
    return redirect(address)


@anybody
def arrive() -> ResponseReturnValue:
    """Believe the provider's answer, or say why not. What the browser kept works once."""
    kept = session.pop(TRIP, None)
    if kept is None:
        raise SignOnFailed("this browser has not begun to sign in, or has taken too long")
    home = house()
    who = come_back(_provider(), Trip(*kept[:3]), request.args, home.clock())
    groups = groups_of(home.settings.oidc_groups)
    let_in(sign_on(home.database, who, groups, request.remote_addr or "", home.clock()))
    return redirect(safe_next(kept[3]))


def register(server: Flask) -> None:
    """The two routes; without a provider they answer nobody."""
    wire_route(server, f"{SIGN_IN}/oidc", leave)
    wire_route(server, "/oidc/callback", arrive)


def _provider() -> Provider:
    found = provider_of(house().settings)
    if found is None:
        abort(404)
    return found
