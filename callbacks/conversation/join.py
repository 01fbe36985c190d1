"""Make a conversation part of an incident, open one with it, or take it out."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, number, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.incidents import add_to_incident, open_incident, take_from_incident
from data.queries.conversation import thread
from data.queries.members import incidents_here
from layouts.conversation import join as layout
from models.permissions import Permission, Scope
from models.problems import BadValue

Ids = layout.Ids


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the incidents that go on. Raises ``NotFound``."""
    found = house()
    told = thread(found.database, scope, key, found.clock())
    return layout.draw(told, incidents_here(found.database, scope), scope.may(Permission.INCIDENT))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, which: Any, name: str | None, reference: str | None) -> Any:
    """Do it. Raises the problems of ``data.incidents``, and ``BadValue`` where no incident was chosen."""
    found, conversation_id = house(), key_of(clicks, key)
    now = found.clock()
    if isinstance(which, str) and which.startswith(layout.OUT):
        left = number(which.removeprefix(layout.OUT)) or 0
        take_from_incident(found.database, scope, left, conversation_id, now)
        return done("It does not belong to that incident any more.")
    if which == layout.NEW:
        open_incident(found.database, scope, name or "", reference or "", [conversation_id], now)
        return done("The incident is open, with this conversation in it.")
    chosen = number(which)
    if chosen is None:
        raise BadValue("incident", "choose one")
    add_to_incident(found.database, scope, chosen, [conversation_id], now)
    return done("It belongs to the incident now.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(part, "value") for part in (Ids.WHICH, Ids.NAME, Ids.REFERENCE)])
