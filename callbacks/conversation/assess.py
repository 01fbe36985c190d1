"""Assess a conversation: its grade, and the six answers of THRIVE."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import Ids as Panel
from callbacks.conversation.acting import done, key_of, number, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.assessing import assess
from data.queries.choices import grades
from data.queries.conversation import thread
from layouts.conversation import assess as layout
from layouts.conversation.ids import NEWEST
from models.assessing import THRIVE
from models.permissions import Permission, Scope


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the grades of this workspace. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()), grades(found.database, scope))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, newest: Any, grade: Any, *answers: Any) -> Any:
    """Save it, for everything that was on the screen. Raises the problems of ``data.assessing.assess``."""
    found = house()
    said = {name: text if isinstance(text, str) else "" for name, text in zip(THRIVE, answers, strict=True)}
    word, event = assess(
        found.database, scope, key_of(clicks, key), str(grade or ""), said, number(newest), found.clock()
    )
    return done(f"Assessed as {word}.", event)


def register(app: Dash) -> None:
    """The form's button."""
    fields = [State(Panel.THREAD, NEWEST), State(layout.Ids.GRADE, "value")]
    wire_form(app, submit, layout.NAME, [*fields, *(State(part, "value") for _, part in layout.ANSWERS)])
