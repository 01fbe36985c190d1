"""Close a conversation with an outcome."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, number, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.queries.choices import outcomes
from data.queries.conversation import thread
from data.states import close
from layouts.conversation import close as layout
from models.permissions import Permission, Scope


@needs(Permission.CLOSE)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the outcomes of this workspace. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()), outcomes(found.database, scope))


@needs(Permission.CLOSE)
def submit(scope: Scope, clicks: int | None, key: Any, outcome: Any, reason: Any) -> Any:
    """Close it. Raises the problems of ``data.states.close``."""
    found = house()
    why = reason if isinstance(reason, str) else ""
    word, event = close(found.database, scope, key_of(clicks, key), number(outcome), found.clock(), why)
    return done(f"Closed: {word}.", event)


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(part, "value") for part in layout.Ids])
