"""Say who should answer a conversation."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data import moving
from data.queries.choices import takers
from data.queries.conversation import thread
from data.takers import to_of
from layouts.conversation import assign as layout
from models.permissions import Permission, Scope


@needs(Permission.MOVE_WORK)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the colleagues and teams of this workspace. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()), *takers(found.database, scope))


@needs(Permission.MOVE_WORK)
def submit(scope: Scope, clicks: int | None, key: Any, to: Any, reason: Any) -> Any:
    """Assign it. Raises the problems of ``data.moving.assign``."""
    found = house()
    moving.assign(found.database, scope, key_of(clicks, key), to_of(to), str(reason or ""), found.clock())
    return done("Assigned." if to != layout.NOBODY else "Assigned to nobody in particular.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.TO, "value"), State(layout.Ids.REASON, "value")])
