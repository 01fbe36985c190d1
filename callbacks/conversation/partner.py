"""Leave a conversation to a partner."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.queries.conversation import thread
from data.states import set_aside
from layouts.conversation import partner as layout
from models.permissions import Permission, Scope


@needs(Permission.CLOSE)
def draw(scope: Scope, key: int) -> Any:
    """The form. Raises ``NotFound``."""
    return layout.draw(thread(house().database, scope, key, house().clock()))


@needs(Permission.CLOSE)
def submit(scope: Scope, clicks: int | None, key: Any, who: Any) -> Any:
    """Say who deals with it now. Raises the problems of ``data.states.set_aside``."""
    found = house()
    event = set_aside(found.database, scope, key_of(clicks, key), who if isinstance(who, str) else "", found.clock())
    return done("Left to a partner.", event)


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.WHO, "value")])
