"""Write a note on a conversation."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.notes import add_note
from data.queries.conversation import thread
from data.queries.notes import colleagues_here
from layouts.conversation import note as layout
from models.permissions import Permission, Scope


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the colleagues of this workspace. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()), colleagues_here(found.database, scope))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, text: str | None) -> Any:
    """Keep it. Raises the problems of ``data.notes.add_note``."""
    found = house()
    add_note(found.database, scope, key_of(clicks, key), text or "", found.clock())
    return done("The note is kept.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.TEXT, "value")])
