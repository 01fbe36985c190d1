"""Acts on many conversations at once: those chosen in the list, of one grade."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, number
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data.many import close_all
from data.moving import Moved, move_all
from data.takers import to_of
from layouts import queue as layout
from layouts import wording
from models.permissions import Permission, Scope
from models.problems import BadValue

Ids = layout.Ids


@needs(Permission.MOVE_WORK)
def move(scope: Scope, clicks: int | None, picked: Any, to: Any, reason: Any) -> tuple[Any, ...]:
    """Assign them all. Raises the problems of ``data.moving.move_all``."""
    found, keys = house(), keys_in(clicks, picked)
    moved = move_all(found.database, scope, keys, to_of(to), str(reason or ""), found.clock())
    return done("assigned", moved)


@needs(Permission.CLOSE)
def close(scope: Scope, clicks: int | None, picked: Any, outcome: Any, reason: Any) -> tuple[Any, ...]:
    """Close them all. Raises the problems of ``data.many.close_all``."""
    found, keys = house(), keys_in(clicks, picked)
    if number(outcome) is None:
        raise BadValue("outcome", "choose how they ended")
    closed = close_all(found.database, scope, keys, number(outcome), str(reason or ""), found.clock())
    return done("closed", closed)


def keys_in(clicks: int | None, picked: Any) -> list[int]:
    """What the page says is chosen. Raises ``PreventUpdate`` where nobody pressed, or nothing is."""
    keys = [number(one) for one in picked] if isinstance(picked, list) else []
    found = [key for key in keys if key is not None]
    if not clicks or not found:
        raise PreventUpdate
    return found


def done(word: str, moved: Moved) -> tuple[Any, ...]:
    """The notice, the reason to look again, and what stays chosen: that which was left."""
    said = f"{wording.plural(len(moved.done), 'conversation')} {word}."
    if moved.left:
        said += (
            f" {wording.plural(len(moved.left), 'conversation')} left as they were: changed meanwhile, or not assessed."
        )
    return said, drawn_again(), [str(key) for key in moved.left]


def register(app: Dash) -> None:
    """The bar below the list; the page itself knows what is chosen."""
    outputs = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(Ids.LIVE, "data", allow_duplicate=True),
        Output(Ids.PICKED, "data", allow_duplicate=True),
    ]
    for act, button, field in ((move, Ids.MANY_MOVE, Ids.MANY_TO), (close, Ids.MANY_CLOSE, Ids.MANY_OUTCOME)):
        states = [State(Ids.PICKED, "data"), State(field, "value"), State(Ids.MANY_REASON, "value")]
        wire(app, act, outputs, [Input(button, "n_clicks")], states, prevent_initial_call=True)
    app.clientside_callback(
        ClientsideFunction("queue", "picked"),
        [Output(Ids.MANY, "hidden"), Output(Ids.PICKED_COUNT, "children")],
        Input(Ids.PICKED, "data"),
    )
