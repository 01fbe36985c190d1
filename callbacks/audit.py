"""The audit: the address says what is searched for; the walk through the chain goes on beside it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate
from flask import Flask, Response, request

from callbacks.callers import current_session
from callbacks.guard import LOCATION, needs, wire, wire_route
from callbacks.house import house
from callbacks.places import fields_of, find
from data.exports import csv_parts, note_export
from data.freshness import require_fresh
from data.people import workspace_mark
from data.queries.audit import all_of, audit, today_of
from layouts import audit as layout
from layouts import deeds, links
from models.auditing import CUSTOM, AuditFilters, audit_fields, audit_filters_from
from models.permissions import Permission, Scope
from models.snapshots import AuditRow

Ids = layout.Ids
FIELDS = (Ids.PERIOD, Ids.FIRST, Ids.LAST, Ids.PERSON, Ids.ACTION, Ids.KIND, Ids.NUMBER)
NAMES = ("period", "from", "to", "person", "action", "kind", "number")
HEADINGS = (
    *("Event", "Number", "At (UTC)", "Who", "Address", "Session", "Action", "Thing", "Its number"),
    *("In words", "Before and after", "Reason"),
)


def filters_of(scope: Scope, query: str) -> AuditFilters:
    """The filters of an address, in the workspace's own days."""
    return audit_filters_from(fields_of(query), today_of(house().database, scope, house().clock()))


def page(scope: Scope, _rest: str, query: str) -> Any:
    """The search at first paint."""
    found = audit(house().database, scope, filters_of(scope, query), house().clock())
    return layout.page(found, house().checks.look(scope), scope.permissions)


@needs(Permission.READ_AUDIT)
def refresh(scope: Scope, search: str, path: str) -> tuple[Any, str]:
    """What the address asks for, and whether the two dates show."""
    if _is_elsewhere(path):
        raise PreventUpdate
    found = audit(house().database, scope, filters_of(scope, search), house().clock())
    return layout.body(found, scope.permissions), layout.dates_class(found.filters.period)


@needs(Permission.READ_AUDIT)
def choose(scope: Scope, *values: Any) -> str:
    """Put what was chosen into the address; what is found follows it."""
    *chosen, path, search = values
    if _is_elsewhere(path):
        raise PreventUpdate
    before = filters_of(scope, search)
    given = {name: "" if value == layout.ANY else value for name, value in zip(NAMES, chosen, strict=True)}
    if given["period"] == CUSTOM != before.period and before.first and before.last:
        given |= {"from": before.first.isoformat(), "to": before.last.isoformat()}
    after = audit_filters_from(given, today_of(house().database, scope, house().clock()))
    if audit_fields(after) == {name: value for name, value in audit_fields(before).items() if name != "before"}:
        raise PreventUpdate
    return "?" + urlsplit(links.audit(scope.slug, after, None)).query


def _is_elsewhere(path: str) -> bool:
    place = find(path)
    return place is None or place.page.name != "audit"


@needs(Permission.READ_AUDIT)
def begin(scope: Scope, pressed: int | None) -> tuple[Any, ...]:
    """Begin a walk through the workspace's chain."""
    if not pressed:
        raise PreventUpdate
    house().checks.start(scope)
    return told(scope)


@needs(Permission.READ_AUDIT)
def stop(scope: Scope, pressed: int | None) -> tuple[Any, ...]:
    """End it where it is."""
    if not pressed:
        raise PreventUpdate
    house().checks.stop(scope)
    return told(scope)


@needs(Permission.READ_AUDIT)
def follow(scope: Scope, _ticks: int | None) -> tuple[Any, ...]:
    """How far it is."""
    return told(scope)


def told(scope: Scope) -> tuple[Any, ...]:
    """The state in words, which button shows, and whether to ask again in a second."""
    found = house().checks.look(scope)
    zone = workspace_mark(house().database, scope.workspace_id).zone
    return layout.state(found, zone), found.running, not found.running, not found.running


@needs(Permission.READ_AUDIT)
def download(scope: Scope) -> Response:
    """Every event of the search as CSV, as it is read: on the record before it leaves. Raises ``NotFresh``."""
    require_fresh(current_session(), house().clock())
    filters = filters_of(scope, request.query_string.decode(errors="replace"))
    note_export(house().database, scope, "audit", {"file": "csv", **audit_fields(filters)}, house().clock())
    response = Response(csv_parts(HEADINGS, _lines(all_of(house().database, scope, filters))), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"watchroom-{scope.slug}-audit.csv")
    return response


def _lines(rows: Iterator[AuditRow]) -> Iterator[tuple[Any, ...]]:
    for one in rows:
        changes = "; ".join(deeds.differences(one, {}))
        yield (
            *(one.number, one.id, one.at, one.actor, one.address, one.session, one.action, one.kind, one.key),
            *(deeds.deed(one, {}), changes, one.reason),
        )


def register(app: Dash) -> None:
    """The list has one owner and so has the state of the walk; the fields are never drawn again under a person's hands."""
    wire(
        app,
        refresh,
        [Output(Ids.BODY, "children"), Output(Ids.DATES, "className")],
        [Input(LOCATION, "search")],
        [State(LOCATION, "pathname")],
        prevent_initial_call=True,
    )
    wire(
        app,
        choose,
        Output(LOCATION, "search", allow_duplicate=True),
        [Input(one, "value") for one in FIELDS],
        [State(LOCATION, "pathname"), State(LOCATION, "search")],
        prevent_initial_call=True,
    )
    for handler, trigger in (
        (begin, (Ids.VERIFY, "n_clicks")),
        (stop, (Ids.STOP, "n_clicks")),
        (follow, (Ids.CLOCK, "n_intervals")),
    ):
        outputs = [
            Output(Ids.STATE, "children", allow_duplicate=True),
            Output(Ids.VERIFY, "hidden", allow_duplicate=True),
            Output(Ids.STOP, "hidden", allow_duplicate=True),
            Output(Ids.CLOCK, "disabled", allow_duplicate=True),
        ]
        wire(app, handler, outputs, [Input(*trigger)], prevent_initial_call=True)


def register_server(server: Flask) -> None:
    """The events as a file."""
    wire_route(server, "/audit/events.csv", download)
