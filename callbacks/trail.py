"""One conversation's trail, for those who may read it."""

from typing import Any

from callbacks.house import house
from callbacks.places import fields_of
from data.queries.trail import trail
from layouts import trail as layout
from models.addresses import number_in
from models.permissions import Scope


def page(scope: Scope, rest: str, query: str) -> Any:
    """The page, drawn once: it is read and not followed. Raises ``NotFound``."""
    after = number_in(fields_of(query).get("after")) or 0
    return layout.page(trail(house().database, scope, int(rest), after, house().clock()))
