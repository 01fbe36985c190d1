"""The forms of the panel, one at a time: a button opens one, what is done or Cancel closes it, news leaves it alone."""

from collections.abc import Callable
from typing import Any

from dash import ALL, Dash, Input, Output, State

from callbacks.conversation import (
    assess,
    assign,
    close,
    correct,
    decide,
    decline,
    expert,
    flag,
    handover,
    join,
    merge,
    note,
    partner,
    past,
    send_back,
    snooze,
    takeover,
    topic,
)
from callbacks.conversation.acting import pressed
from callbacks.fields import key_of
from callbacks.guard import mark_of, needs, wire
from layouts import conversation as layout
from models.permissions import Permission, Scope
from models.problems import NotFound

FORMS: dict[str, Any] = {
    "takeover": takeover,
    "decline": decline,
    "handover": handover,
    "assign": assign,
    "close": close,
    "note": note,
    "correct": correct,
    "flag": flag,
    "past": past,
    "join": join,
    "merge": merge,
    "send-back": send_back,
    "assess": assess,
    "partner": partner,
    "snooze": snooze,
    "topic": topic,
    "decide": decide,
    "expert": expert,
}
"""A module for each form of ``layouts/conversation/actions.py``, and for those opened from within the thread:
``draw(scope, key)`` makes it, ``register(app)`` wires it.
"""


@needs(Permission.READ)
def open_form(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> Any:
    """The form whose button was pressed, in place of any other. Raises ``NotPermitted`` and ``NotFound``."""
    button = pressed(clicks, buttons)
    draw = drawer(button["form"])
    scope.require(Permission(mark_of(draw) or ""))
    return draw(scope, key_of(button["id"]))


def drawer(name: str) -> Callable[[Scope, int], Any]:
    """What draws a form. Raises ``NotFound`` where there is none of this name."""
    if name not in FORMS:
        raise NotFound
    found: Callable[[Scope, int], Any] = FORMS[name].draw
    return found


def register(app: Dash) -> None:
    """One opener for all forms; each form wires what it does itself."""
    opener = layout.opener(ALL, ALL)
    wire(
        app,
        open_form,
        Output(layout.Ids.FORM, "children", allow_duplicate=True),
        [Input(opener, "n_clicks")],
        [State(opener, "id")],
        prevent_initial_call=True,
    )
    for form in FORMS.values():
        form.register(app)
