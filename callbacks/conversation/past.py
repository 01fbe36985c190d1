"""What the person of a conversation was in touch about before."""

from typing import Any

from dash import Dash

from callbacks.guard import needs
from callbacks.house import house
from data.queries.conversation import thread
from data.queries.repeat import history
from layouts.conversation import past as layout
from models.permissions import Permission, Scope


@needs(Permission.READ)
def draw(scope: Scope, key: int) -> Any:
    """The list. Raises ``NotFound``."""
    found, now = house(), house().clock()
    return layout.draw(thread(found.database, scope, key, now), history(found.database, scope, key, now))


def register(_app: Dash) -> None:
    """It is only looked at."""
