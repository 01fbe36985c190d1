"""The wallboard: three boards, for people signed in and for kiosks. What they show is pushed (callbacks/live.py)."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output

from callbacks import past
from callbacks.callers import theme
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.places import MAIN_BOARD
from layouts import wallboard
from layouts.boards import hours, main, response
from models.permissions import Permission, Scope

PAGES: dict[str, Callable[[Any, str], Any]] = {
    MAIN_BOARD: wallboard.page,
    "hours": hours.page,
    "response": response.page,
}


def page(scope: Scope, board: str, query: str) -> Any:
    """One board at first paint, or the main one as it was where the address names an instant."""
    then = past.wall(scope, query) if board == MAIN_BOARD else None
    return then or PAGES[board](house().pictures.take(board, scope.workspace_id), theme())


@needs(Permission.VIEW_BOARD)
def list_inbound(scope: Scope, _news: Any) -> Any:
    """The numbers of the main board's chart, as a table."""
    return wallboard.inbound_table(house().pictures.take(MAIN_BOARD, scope.workspace_id))


@needs(Permission.VIEW_BOARD)
def list_hours(scope: Scope, _news: Any) -> Any:
    """Out-of-hours shares by day."""
    return hours.table(house().pictures.take("hours", scope.workspace_id))


@needs(Permission.VIEW_BOARD)
def list_response(scope: Scope, _news: Any) -> Any:
    """First responses by day."""
    return response.table(house().pictures.take("response", scope.workspace_id))


def register(app: Dash) -> None:
    """Tables follow their live regions. Tiles and charts are pushed, and no callback outputs them. The past has one button."""
    past.register(app)
    for handler, listed, live in (
        (list_inbound, main.Ids.INBOUND_TABLE, main.Ids.LIVE_TABLE),
        (list_hours, hours.Ids.TABLE, hours.Ids.LIVE_TABLE),
        (list_response, response.Ids.TABLE, response.Ids.LIVE_TABLE),
    ):
        wire(app, handler, Output(listed, "children"), [Input(live, "data")], prevent_initial_call=True)
