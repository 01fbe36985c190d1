"""Incidents: the list, and one with everything in it. News draws again what looks otherwise, and never a field."""

from typing import Any

from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.incidents import answer, decide, major, managing, methane
from callbacks.places import find
from data.queries.incidents import incidents
from layouts import incidents as layout
from layouts.incidents import listing
from models.permissions import Permission, Scope

Ids = layout.Ids


def page(scope: Scope, rest: str, _query: str) -> Any:
    """The page at first paint. Raises ``NotFound``."""
    return layout.page(incidents(house().database, scope, int(rest) if rest else None, house().clock()))


@needs(Permission.READ)
def refresh_list(scope: Scope, _news: Any, path: str) -> Any:
    """The list again."""
    if managing.chosen(path) is not None or not _is_here(path):
        raise PreventUpdate
    return listing.body(incidents(house().database, scope, None, house().clock()))


@needs(Permission.READ)
def refresh(scope: Scope, _news: Any, path: str, *looks: str | None) -> tuple[Any, ...]:
    """Each region of one incident, where it looks otherwise, and its sign."""
    key = managing.chosen(path)
    if key is None:
        raise PreventUpdate
    found = incidents(house().database, scope, key, house().clock())
    drawn, signs = layout.regions(found), layout.signs(found)
    said: list[Any] = []
    for part, look in zip(layout.REGIONS, looks, strict=True):
        said += [no_update if signs[part] == look else drawn[part], signs[part]]
    return tuple(said)


def _is_here(path: str) -> bool:
    place = find(path)
    return place is not None and place.page.name == Ids.PAGE


def register(app: Dash) -> None:
    """The regions follow the workspace's news; each form fills itself."""
    news, where = Input(Ids.LIVE, "data"), State(LOCATION, "pathname")
    wire(app, refresh_list, Output(Ids.LIST, "children"), [news], [where], prevent_initial_call=True)
    outputs = [Output(part, name) for part in layout.REGIONS for name in ("children", layout.SIGN)]
    looks = [State(part, layout.SIGN) for part in layout.REGIONS]
    wire(app, refresh, outputs, [news], [where, *looks], prevent_initial_call=True)
    for part in (managing, methane, answer, major, decide):
        part.register(app)
