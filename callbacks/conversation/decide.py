"""Write a decision down on a conversation."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, number, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.decisions import About, decide
from data.queries.conversation import thread
from layouts.components.decision import NEW, corrects_of, part_of
from layouts.conversation import decide as layout
from models.decisions import KEYS
from models.permissions import Permission, Scope
from models.problems import NotFound


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form. Raises ``NotFound``."""
    return layout.draw(thread(house().database, scope, key, house().clock()))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, corrects: Any, *answers: Any) -> Any:
    """Keep it. Raises the problems of ``data.decisions.decide``."""
    about = About(conversation_id=key_of(clicks, key))
    said = dict(zip(KEYS, answers, strict=True))
    entry = decide(house().database, scope, about, said, corrected(corrects), house().clock())
    return done(f"Decision {entry} is kept.")


def corrected(value: Any) -> int | None:
    """The entry that a form says is corrected, None for a new one. Raises ``NotFound``."""
    if value in (None, NEW):
        return None
    key = number(value)
    if key is None:
        raise NotFound
    return key


def register(app: Dash) -> None:
    """The form's button."""
    fields = [corrects_of(layout.NAME), *(part_of(layout.NAME, key) for key in KEYS)]
    wire_form(app, submit, layout.NAME, [State(one, "value") for one in fields])
