"""How the panel's buttons and forms act: do it, say so, and let the panel draw itself again."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from callbacks.guard import wire
from callbacks.house import house
from callbacks.problems import NOTICE
from layouts import conversation as layout
from layouts.conversation.frame import undoable
from layouts.conversation.ids import frame, submit

Ids = layout.Ids


def pressed(clicks: Sequence[int | None], buttons: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The id of the button that was pressed. A button that was only drawn has not been: raises ``PreventUpdate``."""
    if len(clicks) != len(buttons):
        raise PreventUpdate
    counts = {tuple(sorted(button.items())): count for count, button in zip(clicks, buttons, strict=True)}
    found = ctx.triggered_id
    if not isinstance(found, dict) or not counts.get(tuple(sorted(found.items()))):
        raise PreventUpdate
    return dict(found)


def drawn_again() -> dict[str, str]:
    """What tells queue and panel to look again."""
    return {"as_at": house().clock().isoformat()}


def done(said: Any, event: int | None = None) -> tuple[Any, dict[str, str], list[Any]]:
    """What a form's handler answers: the notice, the reason to look again, and the form closed.

    With the ``event`` of a move that can be taken back, the notice offers to.
    """
    return (said if event is None else undoable(said, event)), drawn_again(), []


def wire_form(app: Dash, handler: Callable[..., Any], name: str, fields: Sequence[State]) -> None:
    """Make ``handler`` do what the form is for: called ``handler(scope, clicks, conversation, *fields)``, answers ``done``.

    Where it raises a problem instead, the form stays as it is and the notice says why.
    """
    outputs = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(Ids.LIVE, "data", allow_duplicate=True),
        Output(Ids.FORM, "children", allow_duplicate=True),
    ]
    states = [State(frame(name), layout.SHOWN), *fields]
    wire(app, handler, outputs, [Input(submit(name), "n_clicks")], states, prevent_initial_call=True)


def key_of(clicks: int | None, value: Any) -> int:
    """The conversation of a form that was submitted. Raises ``PreventUpdate`` where nobody did."""
    key = number(value)
    if not clicks or key is None:
        raise PreventUpdate
    return key


def number(value: Any) -> int | None:
    """A key as a browser sends it, None for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
