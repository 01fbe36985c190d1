"""The banner of a major incident: put up, worded anew, taken down; and drawn on every page that is open."""

from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.incidents.managing import standing
from callbacks.problems import NOTICE
from data.majors import put_up, take_down
from data.people import workspace_mark
from layouts import incidents as layout
from layouts import shell
from layouts.components.major import banner
from models.permissions import Permission, Scope

Ids = layout.Ids


@needs(Permission.INCIDENT)
def show(
    scope: Scope, clicks: int | None, path: str, summary: str | None, lines: str | None, sure: Any
) -> tuple[str, Any, bool]:
    """Put the banner up, or word it anew. Raises the problems of ``data.majors.put_up``."""
    if not clicks:
        raise PreventUpdate
    put_up(house().database, scope, standing(path), summary or "", lines or "", sure is True, house().clock())
    return "The banner stands on every screen.", drawn_again(), False


@needs(Permission.INCIDENT)
def clear(scope: Scope, clicks: int | None, path: str, sure: Any) -> tuple[str, Any, bool]:
    """Take it down. Raises the problems of ``data.majors.take_down``."""
    if not clicks:
        raise PreventUpdate
    take_down(house().database, scope, standing(path), sure is True, house().clock())
    return "The banner is gone from every screen.", drawn_again(), False


@needs(Permission.VIEW_BOARD)
def refresh(scope: Scope, _news: Any, path: str) -> Any:
    """The banner as it stands now, for whatever page is open."""
    mark = house().pictures.take("major", scope.workspace_id)
    return banner(mark, workspace_mark(house().database, scope.workspace_id), path)


def register(app: Dash) -> None:
    """Two buttons, and the place of the banner in the frame."""
    where = State(LOCATION, "pathname")
    outputs = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(Ids.LIVE, "data", allow_duplicate=True),
        Output(Ids.CERTAIN, "value", allow_duplicate=True),
    ]
    sure = State(Ids.CERTAIN, "value")
    words = [State(Ids.SUMMARY, "value"), State(Ids.LINES, "value"), sure]
    wire(app, show, outputs, [Input(Ids.PUT_UP, "n_clicks")], [where, *words], prevent_initial_call=True)
    wire(app, clear, outputs, [Input(Ids.TAKE_DOWN, "n_clicks")], [where, sure], prevent_initial_call=True)
    news = Input(shell.Ids.MAJOR_LIVE, "data")
    wire(app, refresh, Output(shell.Ids.MAJOR, "children"), [news], [where], prevent_initial_call=True)
