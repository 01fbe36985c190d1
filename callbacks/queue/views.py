"""Saved views: the filters of the address under a name, for oneself or for a role."""

from typing import Any

from dash import Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, number
from callbacks.fields import text_of
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of
from callbacks.problems import NOTICE
from data import views
from layouts import queue as layout
from models.permissions import Permission, Scope

Ids = layout.Ids


@needs(Permission.READ)
def keep(
    scope: Scope,
    _save: int | None,
    _rename: int | None,
    _delete: int | None,
    name: str | None,
    role: str | None,
    view: Any,
    search: str,
) -> tuple[str, Any]:
    """Save, rename or delete, by the button that was pressed. Raises the problems of ``data.views``."""
    if not ctx.triggered or not ctx.triggered[0]["value"]:
        raise PreventUpdate
    found, shared = house(), None if role in (None, layout.ANY) else number(role)
    now, called = found.clock(), text_of(name, "name")
    if ctx.triggered_id == Ids.VIEW_SAVE:
        views.save_view(found.database, scope, called, fields_of(search), shared, now)
        return f"Saved as a view: {called}.", drawn_again()
    if ctx.triggered_id == Ids.VIEW_RENAME:
        views.change_view(found.database, scope, number(view) or 0, called, shared, now)
        return f"The view is now called {called}.", drawn_again()
    gone = views.delete_view(found.database, scope, number(view) or 0, now)
    return f"Deleted the view {gone}. Its filters are still set: save it again to undo.", drawn_again()


def register(app: Dash) -> None:
    """The form beside the filters."""
    buttons = (Ids.VIEW_SAVE, Ids.VIEW_RENAME, Ids.VIEW_DELETE)
    wire(
        app,
        keep,
        [Output(NOTICE, "children", allow_duplicate=True), Output(Ids.LIVE, "data", allow_duplicate=True)],
        [Input(button, "n_clicks") for button in buttons],
        [
            State(Ids.VIEW_NAME, "value"),
            State(Ids.VIEW_ROLE, "value"),
            State(Ids.VIEW_FORM, layout.SAVED),
            State(LOCATION, "search"),
        ],
        prevent_initial_call=True,
    )
