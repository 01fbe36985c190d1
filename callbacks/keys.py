"""The switch of the sheet of keys."""

from typing import Any

from dash import Dash, Input, Output
from dash.exceptions import PreventUpdate

from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data.preferences import set_single_keys
from layouts import keys, shell
from models.permissions import Permission, Scope


@needs(Permission.VIEW_BOARD)
def switch(scope: Scope, on: Any) -> tuple[str, str]:
    """Turn single keys on or off for the person, here and wherever they sign in. Raises ``NotFound`` for a kiosk."""
    if not isinstance(on, bool):
        raise PreventUpdate
    set_single_keys(house().database, scope, on, house().clock())
    return ("on" if on else "off"), f"Single keys are {'on' if on else 'off'}."


def register(app: Dash) -> None:
    """One switch."""
    wire(
        app,
        switch,
        [Output(shell.Ids.FRAME, shell.SINGLE_KEYS), Output(NOTICE, "children", allow_duplicate=True)],
        [Input(keys.Ids.SINGLE, "value")],
        prevent_initial_call=True,
    )
