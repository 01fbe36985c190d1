"""What called the person to a conversation: the number in the bar, and the list behind it."""

from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import pressed
from callbacks.fields import key_of
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import find
from data.notes import mark_read
from data.queries.notifications import notifications, unread
from layouts import notifications as layout
from layouts import shell
from models.permissions import Permission, Scope

Ids = layout.Ids


def page(scope: Scope, _rest: str, _query: str) -> Any:
    """The page at first paint."""
    return layout.page(notifications(house().database, scope, house().clock()))


@needs(Permission.READ)
def count(scope: Scope, _news: Any) -> Any:
    """The number in the bar, when anybody was told of something or read it."""
    return shell.called(unread(house().database, scope))


@needs(Permission.READ)
def refresh(scope: Scope, _news: Any, path: str) -> Any:
    """The list again."""
    place = find(path)
    if place is None or place.page.name != layout.Ids.PAGE:
        raise PreventUpdate
    return layout.body(notifications(house().database, scope, house().clock()))


@needs(Permission.READ)
def read_one(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> Any:
    """One of them is read. Another person's is left alone."""
    mark_read(house().database, scope, [key_of(pressed(clicks, buttons)["id"])], house().clock())
    return {"as_at": house().clock().isoformat()}


@needs(Permission.READ)
def read_all(scope: Scope, clicks: int | None) -> Any:
    """All that the page shows are read."""
    if not clicks:
        raise PreventUpdate
    found = notifications(house().database, scope, house().clock())
    mark_read(house().database, scope, [one.id for one in found.rows], house().clock())
    return {"as_at": house().clock().isoformat()}


def register(app: Dash) -> None:
    """The bar and the list follow the same news; reading tells both to look again."""
    news = Input(Ids.LIVE, "data")
    wire(app, count, Output(shell.Ids.UNREAD, "children"), [news], prevent_initial_call=True)
    wire(app, refresh, Output(Ids.BODY, "children"), [news], [State(LOCATION, "pathname")], prevent_initial_call=True)
    told = Output(Ids.LIVE, "data", allow_duplicate=True)
    one = layout.opened(ALL)
    wire(app, read_one, told, [Input(one, "n_clicks")], [State(one, "id")], prevent_initial_call=True)
    wire(app, read_all, told, [Input(Ids.ALL, "n_clicks")], prevent_initial_call=True)
