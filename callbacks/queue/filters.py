"""The filters' lists and the address: one follows the other, and the address decides."""

from collections.abc import Sequence
from typing import Any

from dash import Dash, Input, Output, State, set_props
from dash.exceptions import PreventUpdate

from callbacks.guard import LOCATION, needs, wire
from callbacks.places import fields_of
from layouts import links
from layouts import queue as layout
from models.filters import filters_from, to_query
from models.permissions import Permission, Scope
from models.snapshots import QueueFilters


def follow(filters: QueueFilters, chosen: Sequence[Any]) -> None:
    """The lists follow the address, which a link may have changed.

    Only one that said otherwise when it was asked is set: what somebody chose since must not be undone.
    """
    for (name, part), says in zip(layout.FIELDS.items(), chosen, strict=True):
        wanted = layout.tools.shown(filters, name)
        if wanted != says:
            set_props(part, {"value": wanted})


@needs(Permission.READ)
def choose(scope: Scope, *values: Any) -> str:
    """Put what was chosen into the address; the page follows the address. The last value is the address."""
    *chosen, search = values
    before = filters_from(fields_of(search))
    fields = to_query(before) | {
        name: "" if value == layout.ANY else str(value)
        for name, value in zip(layout.FIELDS, chosen, strict=True)
        if value is not None
    }
    after = filters_from(fields | {"page": ""})
    if all(getattr(after, name) == getattr(before, name) for name in layout.FIELDS):
        raise PreventUpdate
    return "?" + links.queue(scope.slug, after).partition("?")[2]


def register(app: Dash) -> None:
    """Filters only ever change the address."""
    wire(
        app,
        choose,
        Output(LOCATION, "search", allow_duplicate=True),
        [Input(part, "value") for part in layout.FIELDS.values()],
        [State(LOCATION, "search")],
        prevent_initial_call=True,
    )
