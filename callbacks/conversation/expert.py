"""Ask for an expert on a conversation."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.asking import ask
from data.queries.conversation import thread
from data.queries.experts import experts
from layouts.conversation import expert as layout
from layouts.conversation.frame import UNCHOSEN
from models.permissions import Permission, Scope
from models.problems import BadValue


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form. Raises ``NotFound``."""
    database, now = house().database, house().clock()
    return layout.draw(thread(database, scope, key, now), experts(database, scope, "", False, now).words)


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, skill: Any) -> Any:
    """Call the first who fits. Raises the problems of ``data.asking.ask``."""
    conversation = key_of(clicks, key)
    if not isinstance(skill, str) or skill in ("", UNCHOSEN):
        raise BadValue("skill", "choose one")
    found = ask(house().database, scope, conversation, skill, house().clock())
    if found.called_id is None:
        return done("Nobody on duty could be called: supervisors are told.")
    return done("An expert is called.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.SKILL, "value")])
