"""Which page stands at an address. The address is the only state: each page reads its own part of the query."""

from typing import Any

from dash import Dash, Input, Output, dcc, html

from callbacks.guard import LOCATION, somebody, wire


def frame() -> Any:
    """What every page starts from."""
    return html.Div([dcc.Location(LOCATION), html.Main(id="page"), html.Div(id="notice", role="status")])


@somebody
def draw_page(path: str, search: str) -> Any:
    """Draw the page of the address."""
    return f"{path} {search}"


def register(app: Dash) -> None:
    """Wire the router."""
    wire(app, draw_page, Output("page", "children"), [Input(LOCATION, "pathname"), Input(LOCATION, "search")])
