"""Correct a note of one's own, or strike it out."""

from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import done, key_of, number, wire_form
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data.notes import correct_note, strike_note
from data.queries.conversation import thread
from data.queries.notes import colleagues_here, own_note
from layouts import conversation
from layouts.conversation import note as layout
from models.permissions import Permission, Scope

Ids = layout.Ids


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form for the note of this key. Raises ``NotAuthor`` and ``NotFound``."""
    found = house()
    conversation_id, one = own_note(found.database, scope, key)
    told = thread(found.database, scope, conversation_id, found.clock())
    return layout.draw_correction(told, one, colleagues_here(found.database, scope))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, which: Any, text: str | None) -> Any:
    """Correct it. Raises the problems of ``data.notes.correct_note``."""
    key_of(clicks, key)
    correct_note(house().database, scope, number(which) or 0, text or "", house().clock())
    return done("The note is corrected. What it said before is kept.")


@needs(Permission.ASSESS)
def strike(scope: Scope, clicks: int | None, which: Any) -> Any:
    """Strike it out. Raises the problems of ``data.notes.strike_note``."""
    if not clicks:
        raise PreventUpdate
    strike_note(house().database, scope, number(which) or 0, house().clock())
    return done("The note is struck out. It stays where it is.")


def register(app: Dash) -> None:
    """The form's two buttons."""
    wire_form(app, submit, layout.CORRECT, [State(Ids.WHICH, "data"), State(Ids.NEW_TEXT, "value")])
    outputs = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(conversation.Ids.LIVE, "data", allow_duplicate=True),
        Output(conversation.Ids.FORM, "children", allow_duplicate=True),
    ]
    wire(app, strike, outputs, [Input(Ids.STRIKE, "n_clicks")], [State(Ids.WHICH, "data")], prevent_initial_call=True)
