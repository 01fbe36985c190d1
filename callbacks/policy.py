"""The workspace's policy as everybody reads and acknowledges it."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from callbacks.callers import current_session, scope_at, theme
from callbacks.guard import somebody, wire_route
from callbacks.house import house
from data.people import workspace_mark
from data.policies import acknowledge, policy_for
from layouts.wording import moment
from models.permissions import Scope
from models.problems import NotFound, NotSignedIn


@somebody
def page() -> ResponseReturnValue:
    """The version in force, and whether one has acknowledged it. Raises ``NotFound`` where there is none."""
    scope, home = _scope(), house()
    found = policy_for(home.database, scope)
    if found is None:
        raise NotFound
    mark, now = workspace_mark(home.database, scope.workspace_id), home.clock()
    read = moment(found.acknowledged, now, mark.zone) if found.acknowledged else ""
    shown = render_template(
        "policy.html",
        workspace=mark,
        policy=found,
        paragraphs=found.text.split("\n\n"),
        published=f"{found.published.astimezone(ZoneInfo(mark.zone)):%-d %B %Y}",
        read=read,
        theme=theme(),
    )
    response = make_response(shown)
    response.headers["Cache-Control"] = "no-store"
    return response


@somebody
def read() -> ResponseReturnValue:
    """I have read it. Raises ``NotFound`` where a newer version is in force: that one is to be read."""
    scope, number = _scope(), request.form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound
    acknowledge(house().database, scope, int(number), house().clock())
    return redirect(f"/policy?{urlencode({'workspace': scope.slug})}", 303)


def register(server: Flask) -> None:
    """The page and its one button."""
    wire_route(server, "/policy", page)
    wire_route(server, "/policy", read, ("POST",))


def _scope() -> Scope:
    """Whoever has any role in the workspace; a screen on a wall reads no policy."""
    if current_session() is None:
        raise NotSignedIn
    return scope_at(request.args.get("workspace"))
