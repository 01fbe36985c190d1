"""The wallboard: three boards, for people signed in and for kiosks. Tiles are pushed; charts are drawn again here."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output

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


def page(scope: Scope, board: str, _query: str) -> Any:
    """One board at first paint."""
    return PAGES[board](house().pictures.take(board, scope.workspace_id), theme())


@needs(Permission.VIEW_BOARD)
def redraw_inbound(scope: Scope, _news: Any) -> tuple[Any, Any]:
    """The main board's chart and its table, when their own numbers changed."""
    board = house().pictures.take(MAIN_BOARD, scope.workspace_id)
    return wallboard.inbound_figure(board, theme()), wallboard.inbound_table(board)


@needs(Permission.VIEW_BOARD)
def redraw_hours(scope: Scope, _news: Any) -> tuple[Any, Any]:
    """The chart of out-of-hours shares."""
    board = house().pictures.take("hours", scope.workspace_id)
    return hours.drawing(board, theme()), hours.table(board)


@needs(Permission.VIEW_BOARD)
def redraw_response(scope: Scope, _news: Any) -> tuple[Any, Any]:
    """The chart of first responses."""
    board = house().pictures.take("response", scope.workspace_id)
    return response.drawing(board, theme()), response.table(board)


def register(app: Dash) -> None:
    """Charts follow their live regions."""
    for handler, ids, live in (
        (redraw_inbound, (main.Ids.INBOUND_CHART, main.Ids.INBOUND_TABLE), main.Ids.LIVE_INBOUND),
        (redraw_hours, (hours.Ids.CHART, hours.Ids.TABLE), hours.Ids.LIVE),
        (redraw_response, (response.Ids.CHART, response.Ids.TABLE), response.Ids.LIVE),
    ):
        drawn, listed = ids
        outputs = [Output(drawn, "figure"), Output(listed, "children")]
        wire(app, handler, outputs, [Input(live, "data")], prevent_initial_call=True)
