"""The wallboard and the queue as they were: ``at`` in their addresses. For people who may read a trail, never for kiosks."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.callers import theme
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of
from data.people import workspace_mark
from data.queries.past import queue_at, wallboard_as_at
from layouts import links, missing
from layouts import past as layout
from models.filters import filters_from, to_query
from models.permissions import Permission, Scope
from models.problems import NotKnown

AT = "at"
EARLIER = "earlier"
"""What an address says for the minute before this one."""

KNOWABLE = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Beyond these no clock arithmetic is tried."""


def wall(scope: Scope, query: str) -> Any:
    """The main board at the instant of the address; None where it names none."""
    return _drawn(scope, query, layout.WALL)


def queue(scope: Scope, query: str) -> Any:
    """The queue at the instant of the address; None where it names none."""
    return _drawn(scope, query, layout.QUEUE)


def _drawn(scope: Scope, query: str, path: str) -> Any:
    fields = fields_of(query)
    if AT not in fields:
        return None
    if not scope.may(Permission.READ_TRAIL):
        return missing.no_permission("the past")
    mark, now = workspace_mark(house().database, scope.workspace_id), house().clock()
    at = instant_in(fields[AT], mark.zone, now)
    try:
        if path == layout.WALL:
            return layout.wall(wallboard_as_at(house().database, scope, at, now), now, theme())
        return layout.queue(queue_at(house().database, scope, filters_from(fields), at, now), now)
    except NotKnown:
        return layout.unknown(mark, at, now, path)


def instant_in(text: str, zone: str, now: datetime) -> datetime:
    """The instant that an address names: UTC with a ``Z``, else the workspace's local time. What makes no sense is ``EARLIER``.

    A local time that a clock change doubles is its first occurrence.
    """
    try:
        found = datetime.fromisoformat(text)
        at = found.replace(tzinfo=found.tzinfo or ZoneInfo(zone)).astimezone(UTC)
        return at if KNOWABLE[0] < at < KNOWABLE[1] else now - timedelta(minutes=1)
    except (ValueError, OverflowError):
        return now - timedelta(minutes=1)


@needs(Permission.READ_TRAIL)
def go(scope: Scope, pressed: int | None, day: str, time: str, path: str, search: str) -> str:
    """Another minute of the same page."""
    if not pressed or not day or not time:
        raise PreventUpdate
    zone = workspace_mark(house().database, scope.workspace_id).zone
    at = links.instant(instant_in(f"{day}T{time}", zone, house().clock()))
    kept = to_query(filters_from(fields_of(search))) if path == layout.QUEUE else {}
    return f"{path}?{urlencode({'workspace': scope.slug, AT: at, **kept})}"


def register(app: Dash) -> None:
    """One button: a minute chosen by hand. Everything else is a link."""
    ids = layout.Ids
    wire(
        app,
        go,
        Output(LOCATION, "href", allow_duplicate=True),
        [Input(ids.GO, "n_clicks")],
        [State(ids.DAY, "value"), State(ids.TIME, "value"), State(LOCATION, "pathname"), State(LOCATION, "search")],
        prevent_initial_call=True,
    )
