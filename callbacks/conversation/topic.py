"""Say what a conversation is about."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, number, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.queries.choices import topics
from data.queries.conversation import thread
from data.topics import set_topic
from layouts.conversation import topic as layout
from models.permissions import Permission, Scope
from models.problems import BadValue


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the topics of this workspace. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()), topics(found.database, scope))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, chosen: Any) -> Any:
    """Set it. Raises the problems of ``data.topics.set_topic``."""
    found, topic = house(), number(chosen)
    if topic is None and chosen != layout.NONE:
        raise BadValue("topic", "choose one of the list")
    word, event = set_topic(found.database, scope, key_of(clicks, key), topic, found.clock())
    return done(f"About: {word}.", event)


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.WORD, "value")])
