"""One conversation: as a page, beside the queue, and what can be done with it in both places."""

from typing import Any

from dash import Dash

from callbacks.conversation import claiming, forms, outgoing, panel, reply, undoing
from callbacks.house import house
from data.queries.conversation import thread
from layouts import conversation as layout
from models.permissions import Scope


def page(scope: Scope, rest: str, _query: str) -> Any:
    """The conversation at first paint. Raises ``NotFound``."""
    found = thread(house().database, scope, int(rest), house().clock())
    panel.viewed(scope, found)
    return layout.page(found, scope.permissions)


def register(app: Dash) -> None:
    """The panel follows news and the address; buttons and forms say what was done and let the panel draw itself again."""
    panel.register(app)
    claiming.register(app)
    undoing.register(app)
    forms.register(app)
    reply.register(app)
    outgoing.register(app)
