"""Send a reply back to its author, with what has to change."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, number, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.outbox import refuse
from data.queries.conversation import thread
from layouts.conversation import send_back as layout
from models.permissions import Permission, Scope


@needs(Permission.REPLY)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the replies that wait. Raises ``NotFound``."""
    return layout.draw(thread(house().database, scope, key, house().clock()))


@needs(Permission.REPLY)
def submit(scope: Scope, clicks: int | None, key: Any, reply: str | None, reason: str | None) -> Any:
    """Send it back. Raises the problems of ``data.outbox.refuse``."""
    key_of(clicks, key)
    refuse(house().database, scope, number(reply) or 0, reason or "", house().clock())
    return done("Sent back: its author sees why.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.REPLY, "value"), State(layout.REASON, "value")])
