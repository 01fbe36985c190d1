"""Which page stands at an address. The address is the only state: each page reads its own part of the query."""

from typing import Any
from urllib.parse import urlsplit

from dash import Dash, Input, Output, State
from dash.exceptions import MissingCallbackContextException, PreventUpdate
from flask import has_request_context, request

from callbacks import (
    accounts,
    admin,
    alarms,
    audit,
    conversation,
    experts,
    incidents,
    keys,
    notifications,
    privacy,
    queue,
    reports,
    shift,
    statics,
    trail,
    wallboard,
)
from callbacks.callers import caller, current_session, scope_at, theme
from callbacks.guard import slug_in, somebody, wire
from callbacks.house import house
from callbacks.places import Place, find
from data.people import workspace_mark, workspaces_of
from data.policies import owed_policy
from data.queries.alarms import called_by_alarms
from data.queries.notifications import unread
from data.signing import is_demonstration
from layouts import missing, shell
from models.permissions import Scope
from models.problems import NotFound, Problem
from models.snapshots import Shell

PAGES = {
    "queue": queue.page,
    "wallboard": wallboard.page,
    "reports": reports.page,
    "accounts": accounts.page,
    "conversation": conversation.page,
    "incidents": incidents.page,
    "shift": shift.page,
    "experts": experts.page,
    "notifications": notifications.page,
    "alarms": alarms.page,
    "admin": admin.page,
    "audit": audit.page,
    "privacy": privacy.page,
    "trail": trail.page,
}
"""What draws each page of ``layouts/pages.py``: called with the scope, the rest of the path, and the query."""
DRAWING = {"wallboard", "reports"}
"""Pages that draw a chart at first paint."""
NO_CALLBACK = (MissingCallbackContextException, LookupError, AttributeError)
"""What Dash raises, by thread and version, where a page sets a notice or a field beside itself and no callback runs."""
DRAWN = "data-drawn"
"""Where the page's place keeps which address it shows: an address may be set again without having changed."""


class ThemedDash(Dash):
    """Dash whose page is in the theme of whoever asks for it."""

    def interpolate_index(self, **kwargs: Any) -> str:  # type: ignore[override]
        """The page, with its theme named before anything is drawn, and with what its charts will need."""
        place = find(request.path)
        draws = place is not None and place.page.name in DRAWING
        index = super().interpolate_index(**{**kwargs, "scripts": statics.needed(kwargs["scripts"])})
        return shell.filled(index, theme(), statics.chart_script() if draws else "")


def first_layout() -> Any:
    """What Dash asks for first, with the page in it of whoever asks (``Referer``): one journey less before it is seen.

    Where that does not say, or the page has something to tell beside, the router draws it a moment later.
    """
    asked = urlsplit(request.referrer or "") if has_request_context() and request.path == "/_dash-layout" else None
    if asked is None or asked.netloc != request.host or find(asked.path) is None or caller() is None:
        return shell.root()
    search = f"?{asked.query}"
    try:
        return shell.root(framed(asked.path, search), address_of(asked.path, search))
    except (Problem, *NO_CALLBACK):
        return shell.root()


def address_of(path: str, search: str) -> str:
    """What decides which page stands: the path and the workspace; the rest of the query is the page's own."""
    return f"{path}?{slug_in(search) or ''}"


@somebody
def draw_page(path: str, search: str, drawn: str | None) -> tuple[Any, str]:
    """The page of the address, and that address; where it stands already, it answers for its own query itself."""
    wanted = address_of(path, search)
    if wanted == drawn:
        raise PreventUpdate
    return framed(path, search), wanted


def framed(path: str, search: str) -> Any:
    """The page in its frame, or what is said where there is none for this person."""
    place = find(path)
    try:
        scope = scope_at(slug_in(search))
        content = draw(place, scope, search) if place else missing.not_found()
    except NotFound:
        return shell.frame(shell_of(None), missing.not_found(), path)
    return shell.frame(shell_of(scope), content, path)


def draw(place: Place, scope: Scope, search: str) -> Any:
    """A page's content, or that this person may not open it. Raises ``NotFound``."""
    if not scope.may(place.page.permission):
        return missing.no_permission(place.page.title)
    return PAGES[place.page.name](scope, place.rest, search)


def shell_of(scope: Scope | None) -> Shell:
    """What the frame says of who is signed in, and where."""
    session, found = current_session(), house()
    who = caller()
    return Shell(
        user=session.name if session else (who.name if who else ""),
        workspace=workspace_mark(found.database, scope.workspace_id) if scope else None,
        workspaces=workspaces_of(found.database, session.user_id) if session else (),
        permissions=frozenset(scope.permissions) if scope else frozenset(),
        demonstration=is_demonstration(found.database),
        kiosk=session is None,
        theme=theme(),
        single_keys=session.single_keys if session else False,
        unread=unread(found.database, scope) if scope else 0,
        alarms=called_by_alarms(found.database, scope, found.clock()) if scope else 0,
        policy=owed_policy(found.database, scope) if scope else None,
        major=found.pictures.take("major", scope.workspace_id) if scope else None,
    )


def register(app: Dash) -> None:
    """Wire the router and every page."""
    app.layout = first_layout
    wire(
        app,
        draw_page,
        [Output(shell.Ids.PAGE, "children"), Output(shell.Ids.PAGE, DRAWN)],
        [Input(shell.Ids.URL, "pathname")],
        [State(shell.Ids.URL, "search"), State(shell.Ids.PAGE, DRAWN)],
    )
    for page in (
        wallboard,
        shift,
        experts,
        queue,
        conversation,
        incidents,
        notifications,
        alarms,
        reports,
        accounts,
        admin,
        privacy,
        audit,
        keys,
    ):
        page.register(app)
