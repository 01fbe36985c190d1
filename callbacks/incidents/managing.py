"""Open an incident, say what it is, close it and open it again."""

from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, number
from callbacks.fields import text_of
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import find
from callbacks.problems import NOTICE
from data.incidents import close_incident, describe_incident, open_incident, reopen_incident
from data.queries.incidents import incidents
from layouts import incidents as layout
from layouts import links
from models.permissions import Permission, Scope

Ids = layout.Ids


def chosen(path: str) -> int | None:
    """The incident of an address, None for the list and for other pages."""
    place = find(path)
    return number(place.rest) if place is not None and place.page.name == Ids.PAGE else None


def standing(path: str) -> int:
    """The incident of an address. Raises ``PreventUpdate`` where there is none."""
    key = chosen(path)
    if key is None:
        raise PreventUpdate
    return key


@needs(Permission.INCIDENT)
def begin(scope: Scope, clicks: int | None, name: str | None, reference: str | None) -> tuple[str, str]:
    """Open one, and go to it. Raises the problems of ``data.incidents.open_incident``."""
    if not clicks:
        raise PreventUpdate
    key = open_incident(
        house().database, scope, text_of(name, "name"), text_of(reference, "reference"), [], house().clock()
    )
    return links.incident(key, scope.slug).partition("?")[0], "The incident is open."


@needs(Permission.INCIDENT)
def describe(scope: Scope, clicks: int | None, path: str, *facts: str | None) -> tuple[str, Any]:
    """Keep what it is. Raises the problems of ``data.incidents.describe_incident``."""
    if not clicks:
        raise PreventUpdate
    name, reference, veracity = map(text_of, facts, ("name", "reference", "veracity"))
    describe_incident(house().database, scope, standing(path), name, reference, veracity, house().clock())
    return "Kept.", drawn_again()


@needs(Permission.INCIDENT)
def end(scope: Scope, clicks: int | None, path: str) -> tuple[str, Any, str]:
    """Close it, or open it again. Raises the problems of ``data.incidents``."""
    if not clicks:
        raise PreventUpdate
    key, found = standing(path), house()
    page = incidents(found.database, scope, key, found.clock())
    if page.rows[0].mark.open:
        close_incident(found.database, scope, key, found.clock())
        return "The incident is closed. Its conversations stay as they are.", drawn_again(), "Open it again"
    reopen_incident(found.database, scope, key, found.clock())
    return "The incident goes on.", drawn_again(), "Close the incident"


def register(app: Dash) -> None:
    """A button each."""
    told = Output(NOTICE, "children", allow_duplicate=True)
    again = Output(Ids.LIVE, "data", allow_duplicate=True)
    where = State(LOCATION, "pathname")
    fields = [State(Ids.NEW_NAME, "value"), State(Ids.NEW_REFERENCE, "value")]
    away = Output(LOCATION, "pathname", allow_duplicate=True)
    wire(app, begin, [away, told], [Input(Ids.OPEN, "n_clicks")], fields, prevent_initial_call=True)
    facts = [State(part, "value") for part in (Ids.NAME, Ids.REFERENCE, Ids.VERACITY)]
    wire(app, describe, [told, again], [Input(Ids.DESCRIBE, "n_clicks")], [where, *facts], prevent_initial_call=True)
    label = Output(Ids.CLOSE, "children")
    wire(app, end, [told, again, label], [Input(Ids.CLOSE, "n_clicks")], [where], prevent_initial_call=True)
