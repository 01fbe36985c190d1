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
def redraw_inbound(scope: Scope, _news: Any) -> Any:
    """The main board's chart, when its own numbers changed."""
    return wallboard.inbound_figure(house().pictures.take(MAIN_BOARD, scope.workspace_id), theme())


@needs(Permission.VIEW_BOARD)
def list_inbound(scope: Scope, _news: Any) -> Any:
    """The same numbers as a table: apart from the chart, which a table of 175 cells would hold up, and only once open."""
    return wallboard.inbound_table(house().pictures.take(MAIN_BOARD, scope.workspace_id))


@needs(Permission.VIEW_BOARD)
def redraw_hours(scope: Scope, _news: Any) -> Any:
    """The chart of out-of-hours shares."""
    return hours.drawing(house().pictures.take("hours", scope.workspace_id), theme())


@needs(Permission.VIEW_BOARD)
def list_hours(scope: Scope, _news: Any) -> Any:
    """Its table."""
    return hours.table(house().pictures.take("hours", scope.workspace_id))


@needs(Permission.VIEW_BOARD)
def redraw_response(scope: Scope, _news: Any) -> Any:
    """The chart of first responses."""
    return response.drawing(house().pictures.take("response", scope.workspace_id), theme())


@needs(Permission.VIEW_BOARD)
def list_response(scope: Scope, _news: Any) -> Any:
    """Its table."""
    return response.table(house().pictures.take("response", scope.workspace_id))


def register(app: Dash) -> None:
    """Charts and tables follow their live regions."""
    for handler, output, live in (
        (redraw_inbound, Output(main.Ids.INBOUND_CHART, "figure"), main.Ids.LIVE_INBOUND),
        (list_inbound, Output(main.Ids.INBOUND_TABLE, "children"), main.Ids.LIVE_TABLE),
        (redraw_hours, Output(hours.Ids.CHART, "figure"), hours.Ids.LIVE),
        (list_hours, Output(hours.Ids.TABLE, "children"), hours.Ids.LIVE_TABLE),
        (redraw_response, Output(response.Ids.CHART, "figure"), response.Ids.LIVE),
        (list_response, Output(response.Ids.TABLE, "children"), response.Ids.LIVE_TABLE),
    ):
        wire(app, handler, output, [Input(live, "data")], prevent_initial_call=True)
