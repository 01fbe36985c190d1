"""Take a conversation over from whoever holds it."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data import moving
from data.queries.conversation import thread
from layouts.conversation import takeover as layout
from models.permissions import Permission, Scope


@needs(Permission.CLAIM)
def draw(scope: Scope, key: int) -> Any:
    """The form. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()), scope.permissions)


@needs(Permission.CLAIM)
def submit(scope: Scope, clicks: int | None, key: Any, reason: Any) -> Any:
    """Take it. Raises the problems of ``data.moving.take_over``."""
    found = house()
    former = moving.take_over(found.database, scope, key_of(clicks, key), str(reason or ""), found.clock())
    told = f" {former} is told." if former else ""
    return done(f"You are answering this conversation.{told}")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.REASON, "value")])
