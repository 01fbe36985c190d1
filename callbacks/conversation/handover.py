"""Hand a claim over to a colleague or a team."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data import handing
from data.queries.choices import takers
from data.queries.conversation import thread
from data.takers import to_of
from layouts.conversation import handover as layout
from models.permissions import Permission, Scope


@needs(Permission.CLAIM)
def draw(scope: Scope, key: int) -> Any:
    """The form, with whom it can go to. Raises ``NotFound``."""
    found = house()
    people, teams = takers(found.database, scope)
    others = {key: name for key, name in people.items() if key != scope.user_id}
    return layout.draw(thread(found.database, scope, key, found.clock()), others, teams)


@needs(Permission.CLAIM)
def submit(scope: Scope, clicks: int | None, key: Any, to: Any, note: Any) -> Any:
    """Offer it. Raises the problems of ``data.handing.offer``."""
    found = house()
    handing.offer(found.database, scope, key_of(clicks, key), to_of(to), str(note or ""), found.clock())
    return done("Offered. You are answering this conversation until they accept.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.TO, "value"), State(layout.Ids.NOTE, "value")])
