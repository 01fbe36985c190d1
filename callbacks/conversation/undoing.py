"""Take back: a conversation from a snooze or a partner, and one's own last move for a while."""

from typing import Any

from dash import ALL, Dash, Input, Output, State

from callbacks.conversation.acting import drawn_again, pressed
from callbacks.fields import key_of
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data.states import resume as take_back
from data.undoing import undo as undo_event
from layouts import conversation as layout
from models.permissions import Permission, Scope


@needs(Permission.CLOSE)
def resume(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """It is with us again, and awake. Raises the problems of ``data.states.resume``."""
    take_back(house().database, scope, key_of(pressed(clicks, buttons)["id"]), house().clock())
    return "It is open again.", drawn_again()


@needs(Permission.READ)
def undo(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """Take back what the notice told of. Raises the problems of ``data.undoing.undo``."""
    undo_event(house().database, scope, key_of(pressed(clicks, buttons)["id"]), house().clock())
    return "Taken back.", drawn_again()


def register(app: Dash) -> None:
    """One button each."""
    for handler, button in ((resume, layout.resume_button), (undo, layout.undo_button)):
        wire(
            app,
            handler,
            [Output(NOTICE, "children", allow_duplicate=True), Output(layout.Ids.LIVE, "data", allow_duplicate=True)],
            [Input(button(ALL), "n_clicks")],
            [State(button(ALL), "id")],
            prevent_initial_call=True,
        )
