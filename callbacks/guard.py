"""The door: whoever asks for anything is looked at here first, and what names no permission is refused.

Three marks say who may ask: ``@anybody``, ``@somebody`` (a session or a kiosk; the view asks for its scope itself) and
``@needs(permission)``. Handlers are called with the ``Scope`` first, resolved afresh at every call.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial, update_wrapper
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

from dash import Dash, State
from flask import Flask, abort, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from callbacks import bodies
from callbacks.callers import caller, note_by_hand, owes_factor, permitted, scope_at
from callbacks.house import house
from callbacks.places import MAIN_BOARD, find, first_place
from data.kiosks import KioskFacts
from data.signing import SessionFacts, remember_workspace
from data.tokens import TokenFacts
from models.permissions import Permission, Scope
from models.problems import NoRole, NotFound, NotSignedIn, Problem

LOCATION = "url"
SIGN_IN = "/sign-in"
MARK = "__needs__"
OWN_PAGE = ("callbacks.me.", "callbacks.passkeys.", "callbacks.tokens.")

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Open(StrEnum):
    """Who may ask, where no permission is named."""

    ANYBODY = "anybody"
    SOMEBODY = "somebody"


DASH = {
    "_dash_assets.static": Open.ANYBODY,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Open.ANYBODY,
    "/_favicon.ico": Open.ANYBODY,
    "/_dash-layout": Open.SOMEBODY,
    "/_dash-dependencies": Open.SOMEBODY,
    "/_reload-hash": Open.SOMEBODY,
    bodies.ENDPOINT: Open.SOMEBODY,
}
"""Endpoints that Dash makes. One that is not here is refused, also when a later Dash brings it."""

PAGE_ENDPOINTS = {"/", "/<path:path>"}


def anybody(view: Handler) -> Handler:
    """Mark a view that needs no sign-in."""
    setattr(view, MARK, Open.ANYBODY)
    return view


def somebody(view: Handler) -> Handler:
    """Mark a view for sessions and kiosks that asks for its own scopes."""
    setattr(view, MARK, Open.SOMEBODY)
    return view


def needs(permission: Permission) -> Callable[[Handler], Handler]:
    """Mark a handler or a view with the permission it needs; it is then called with the ``Scope`` first."""
    return partial(_mark, permission)


def _mark(permission: Permission, handler: Handler) -> Handler:
    setattr(handler, MARK, permission)
    return handler


def mark_of(view: object) -> Permission | Open | None:
    """The permission that a handler or a view names, if it does."""
    return getattr(view, MARK, None)


def wire(
    app: Dash,
    handler: Callable[..., Any],
    outputs: Any,
    inputs: Sequence[Any],
    states: Sequence[Any] = (),
    **options: Any,
) -> None:
    """Make ``handler`` answer for ``outputs``: a ``Dash`` callback behind the door, called ``handler(scope, *values)``.

    The workspace is the address's. One for ``@somebody`` (the router) is called without a scope and asks for its own.
    Raises ``TypeError`` for a handler that names no permission.
    """
    if mark_of(handler) in (None, Open.ANYBODY):
        raise TypeError(f"{handler.__name__} names no permission")
    guarded = update_wrapper(partial(answer, handler), handler)
    app.callback(outputs, list(inputs), [*states, State(LOCATION, "search")], **options)(guarded)


def answer(handler: Callable[..., Any], *values: Any) -> Any:
    """Resolve the scope from the last value (the address's query), ask its permission, and call the handler.

    The door's own refusals are HTTP answers; a handler's problems become notices (``callbacks/problems.py``).
    """
    g.reached = True
    if mark_of(handler) is Open.SOMEBODY:
        return handler(*values[:-1])
    return handler(_scope_or_abort(slug_in(values[-1]), handler), *values[:-1])


def _scope_or_abort(slug: str | None, handler: Callable[..., Any]) -> Scope:
    try:
        return permitted(slug, getattr(handler, MARK))
    except NotSignedIn:
        abort(401)
    except Problem:
        abort(403)


def slug_in(search: Any) -> str | None:
    """The workspace of an address's query, None where it has none."""
    if not isinstance(search, str):
        return None
    return next(iter(parse_qs(search.lstrip("?")).get("workspace", ())), None)


def wire_route(server: Flask, rule: str, view: Callable[..., Any], methods: Sequence[str] = ("GET",)) -> None:
    """Make ``view`` answer for a path. It must be marked; one with a permission is called with the ``Scope`` first."""
    mark = mark_of(view)
    if mark is None:
        raise TypeError(f"{view.__name__} says nothing about who may ask")
    called = update_wrapper(partial(visit, view), view) if isinstance(mark, Permission) else view
    server.add_url_rule(rule, endpoint=f"{view.__module__}.{view.__name__}", view_func=called, methods=list(methods))


def visit(view: Callable[..., Any], **values: Any) -> ResponseReturnValue:
    """Ask the view's permission in the workspace of the query, and call it."""
    return view(permitted(request.args.get("workspace"), getattr(view, MARK)), **values)


def at_the_door() -> ResponseReturnValue | None:
    """Default deny, before every request. None lets it through."""
    if request.endpoint is None:
        return None
    if request.endpoint in PAGE_ENDPOINTS:
        return at_a_page()
    mark = DASH.get(request.endpoint) or mark_of(current_app.view_functions[request.endpoint])
    if mark is None:
        abort(403)
    if request.endpoint == bodies.ENDPOINT:
        at_a_callback()
    elif mark is not Open.ANYBODY:
        at_a_route(request.endpoint)
    return None


def at_a_route(endpoint: str) -> None:
    """Somebody, who owes no second factor: whoever does has only their own page."""
    who = caller()
    if who is None:
        abort(401)
    if isinstance(who, TokenFacts):
        house().allowance.take(who.token_id, house().clock())
    if isinstance(who, SessionFacts) and not endpoint.startswith(OWN_PAGE) and owes_factor(who):
        abort(403)


def at_a_callback() -> None:
    """A callback runs for sessions and kiosks, when its body makes sense and its handler names a permission."""
    who = caller()
    if who is None:
        abort(401)
    if isinstance(who, SessionFacts) and owes_factor(who):
        abort(403)
    body = bodies.read()
    known = house().dash.callback_map.get(bodies.output_of(body))
    if known is None or not bodies.fits(body, known):
        abort(400)
    if mark_of(known.get("callback")) in (None, Open.ANYBODY):
        abort(403)
    if bodies.is_by_hand(body):
        note_by_hand()


def at_a_page() -> ResponseReturnValue | None:
    """Pages are for those who may open them; an address without a workspace is sent on to one that names it."""
    place = find(request.path)
    if place is None and request.path != "/":
        abort(404)
    who = caller()
    if who is None:
        return redirect(sign_in_address())
    if isinstance(who, SessionFacts) and owes_factor(who):
        return redirect("/me")
    note_by_hand()
    slug = request.args.get("workspace")
    scope = scope_or_nowhere(slug)
    if place is None or slug is None:
        place = place or first_place(scope, who.board if isinstance(who, KioskFacts) else MAIN_BOARD)
        return redirect(f"{place.path}?{urlencode(request.args.to_dict() | {'workspace': scope.slug})}")
    scope.require(place.page.permission)
    if isinstance(who, SessionFacts):
        remember_workspace(house().database, who, scope.workspace_id)
    return None


def scope_or_nowhere(slug: str | None) -> Scope:
    """The scope; ``NoRole`` where no workspace was asked for and the caller has none at all."""
    try:
        return scope_at(slug)
    except NotFound:
        if slug is None:
            raise NoRole from None
        raise


def sign_in_address() -> str:
    """The sign-in page, which leads back to the page asked for."""
    if request.path == "/":
        return SIGN_IN
    return f"{SIGN_IN}?{urlencode({'next': request.full_path.rstrip('?')})}"
