"""Decline a hand-over that is offered."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data import handing
from data.queries.conversation import thread
from layouts.conversation import decline as layout
from models.permissions import Permission, Scope


@needs(Permission.CLAIM)
def draw(scope: Scope, key: int) -> Any:
    """The form. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()))


@needs(Permission.CLAIM)
def submit(scope: Scope, clicks: int | None, key: Any, reason: Any) -> Any:
    """Say no. Raises the problems of ``data.handing.decline``."""
    found = house()
    handing.decline(found.database, scope, key_of(clicks, key), str(reason or ""), found.clock())
    return done("Declined. Whoever offered it goes on answering.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.REASON, "value")])
