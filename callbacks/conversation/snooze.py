"""Snooze a conversation until a time."""

from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.people import workspace_mark
from data.queries.conversation import thread
from data.states import snooze
from layouts.conversation import snooze as layout
from layouts.wording import moment
from models.permissions import Permission, Scope
from models.snoozes import until


@needs(Permission.CLOSE)
def draw(scope: Scope, key: int) -> Any:
    """The form. Raises ``NotFound``."""
    return layout.draw(thread(house().database, scope, key, house().clock()))


@needs(Permission.CLOSE)
def submit(scope: Scope, clicks: int | None, key: Any, choice: Any, day: Any, time: Any) -> Any:
    """Let it sleep. Raises the problems of ``data.states.snooze``."""
    found, now = house(), house().clock()
    zone = workspace_mark(found.database, scope.workspace_id).zone
    wakes = until(str(choice or ""), day, time, now, ZoneInfo(zone))
    event = snooze(found.database, scope, key_of(clicks, key), wakes, now)
    return done(f"Snoozed until {moment(wakes, now, zone)}.", event)


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(part, "value") for part in layout.Ids])
