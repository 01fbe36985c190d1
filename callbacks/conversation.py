"""One conversation as a page, and what can be done with it there and beside the queue."""

from collections.abc import Callable
from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import find
from callbacks.problems import NOTICE
from data import desk
from data.queries.conversation import thread
from layouts import conversation as layout
from models.permissions import Permission, Scope


def page(scope: Scope, rest: str, _query: str) -> Any:
    """The conversation at first paint. Raises ``NotFound``."""
    return layout.page(thread(house().database, scope, int(rest), house().clock()), scope.may(Permission.CLAIM))


@needs(Permission.READ)
def refresh(scope: Scope, _news: Any, path: str) -> Any:
    """The conversation again, when something in the workspace changed."""
    place = find(path)
    if place is None or place.page.name != "conversation":
        raise PreventUpdate
    found = thread(house().database, scope, int(place.rest), house().clock())
    return layout.body(found, scope.may(Permission.CLAIM))


@needs(Permission.CLAIM)
def claim(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The person answers this conversation now."""
    return act(desk.claim, scope, clicks, buttons, "You are answering this conversation.")


@needs(Permission.CLAIM)
def release(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The person gives this conversation back."""
    return act(desk.release, scope, clicks, buttons, "You gave this conversation back.")


def act(
    doing: Callable[..., None], scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]], said: str
) -> tuple[str, Any]:
    """Do it to the conversation whose button was pressed; a button that was only drawn has not been."""
    pressed = [button["id"] for count, button in zip(clicks, buttons, strict=True) if count]
    if not pressed:
        raise PreventUpdate
    now = house().clock()
    doing(house().database, scope, int(pressed[0]), now)
    return said, {"as_at": now.isoformat()}


def register(app: Dash) -> None:
    """The panel follows its live region; buttons say what was done and let the page draw itself again."""
    ids = layout.Ids
    wire(
        app,
        refresh,
        Output(ids.PANEL, "children"),
        [Input(ids.LIVE, "data")],
        [State(LOCATION, "pathname")],
        prevent_initial_call=True,
    )
    for handler, button in ((claim, layout.claim_button), (release, layout.release_button)):
        wire(
            app,
            handler,
            [Output(NOTICE, "children", allow_duplicate=True), Output(ids.LIVE, "data", allow_duplicate=True)],
            [Input(button(ALL), "n_clicks")],
            [State(button(ALL), "id")],
            prevent_initial_call=True,
        )
