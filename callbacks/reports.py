"""The reports: the address says which one, and of what; the picker only ever changes the address."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from dash import Dash, Input, Output, State, set_props
from dash.exceptions import PreventUpdate
from flask import Flask, Response, request

from callbacks.callers import current_session, theme
from callbacks.guard import LOCATION, needs, wire, wire_route
from callbacks.house import house
from callbacks.places import fields_of, find
from data.exports import Sheet, csv_parts, note_export, parquet_parts, workbook_parts
from data.figures import figures_csv, figures_xlsx
from data.freshness import require_fresh
from data.queries.reports.activity import activity_report
from data.queries.reports.compare import compare_report
from data.queries.reports.engagement import engagement_report
from data.queries.reports.foi import foi_pack
from data.queries.reports.ground import today_of
from data.queries.reports.hours import hours_report
from data.queries.reports.response import response_report
from data.queries.reports.rows import ROWS
from data.queries.reports.survey import survey_report
from data.queries.reports.topics import topics_report
from layouts import links
from layouts.reports import activity, compare, engagement, hours, picker, response, shifts, survey, topics
from models.permissions import Permission, Scope
from models.problems import BadValue
from models.reporting import CUSTOM, ReportFilters, report_filters_from
from models.staffing import DAYS, LENGTHS
from models.tables import tables_of

Ids = picker.Ids
STARTS = frozenset(str(hour) for hour in range(24))
FIELDS = (Ids.PERIOD, Ids.FIRST, Ids.LAST, Ids.CHANNEL, Ids.ACCOUNT)

READ: dict[str, Callable[..., Any]] = {
    "activity": activity_report,
    "response": response_report,
    "hours": hours_report,
    "engagement": engagement_report,
    "topics": topics_report,
    "compare": compare_report,
    "survey": survey_report,
}
"""What reads each report: called with the database, the scope, the filters and the present instant."""
DRAW: dict[str, Callable[..., list[Any]]] = {
    "activity": activity.body,
    "response": response.body,
    "hours": hours.body,
    "engagement": engagement.body,
    "topics": topics.body,
    "compare": compare.body,
    "survey": survey.body,
}
FILES = {"csv": figures_csv, "xlsx": figures_xlsx}
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
"""The media type of a file by its ending: rows go in each of these, figures in those of ``FILES``."""


def filters_of(scope: Scope, query: str) -> ReportFilters:
    """The filters of an address, in the workspace's own days."""
    now = house().clock()
    return report_filters_from(fields_of(query), today_of(house().database, scope, now))


def read(scope: Scope, report: str, query: str) -> Any:
    """The report as it is now."""
    return READ[report](house().database, scope, filters_of(scope, query), house().clock())


def drawn(scope: Scope, report: str, found: Any) -> list[Any]:
    """Its body in the theme of whoever asks."""
    return DRAW[report](found, theme(), scope.may(Permission.EXPORT))


def page(scope: Scope, report: str, query: str) -> Any:
    """A report at first paint."""
    found = read(scope, report, query)
    return picker.page(found.head, report, drawn(scope, report, found))


@needs(Permission.REPORT)
def refresh(scope: Scope, search: str, path: str, *said: Any) -> tuple[Any, Any, str]:
    """The report of the address again, the others of its period, and whether the two dates show.

    The fields, which ``said`` so when it was asked, follow the address.
    """
    place = find(path)
    if place is None or place.page.name != "reports":
        raise PreventUpdate
    found = read(scope, place.rest, search)
    for (part, value), was in zip(picker.shown(found.head.filters).items(), said, strict=True):
        if value != was:
            set_props(part, {"value": value})
    others = picker.tabs(found.head, place.rest)
    return drawn(scope, place.rest, found), others, picker.dates_class(found.head.filters.period)


@needs(Permission.REPORT)
def choose(scope: Scope, period: str, first: str, last: str, channel: str, account: str, path: str, search: str) -> str:
    """Put what was chosen into the address; the report follows it."""
    place = find(path)
    if place is None or place.page.name != "reports":
        raise PreventUpdate
    before = filters_of(scope, search)
    chosen = {"period": period, "from": first, "to": last, "channel": _any(channel), "account": _any(account)}
    if period == CUSTOM != before.period:
        chosen |= {"from": before.first.isoformat(), "to": before.last.isoformat()}
    today = today_of(house().database, scope, house().clock())
    after = report_filters_from(chosen, today)
    if after == before:
        raise PreventUpdate
    return "?" + urlsplit(links.report(place.rest, scope.slug, after)).query


@needs(Permission.REPORT)
def move_shift(scope: Scope, begins: Any, days: Any, length: Any, path: str, search: str) -> str:
    """What one more shift would meet, as it is moved."""
    place = find(path)
    if place is None or (place.page.name, place.rest) != ("reports", "hours"):
        raise PreventUpdate
    hour, hours = str(begins), str(length)
    if days not in DAYS or hour not in STARTS or hours not in map(str, LENGTHS):
        raise BadValue("shift", "choose days, a full hour and a length from the lists")
    return shifts.shift_sentence(read(scope, "hours", search), days, int(hour), int(hours))


@needs(Permission.EXPORT)
def download_rows(scope: Scope, what: str, ending: str) -> Response:
    """The rows behind the reports as a file, as they are read: on the record before it leaves. Raises ``NotFresh``."""
    require_fresh(current_session(), house().clock())
    now, filters = house().clock(), filters_of(scope, request.query_string.decode(errors="replace"))
    found = ROWS[what](house().database, scope, filters, now)
    facts = {"file": ending, "texts": scope.may(Permission.EXPORT_TEXTS), **of(filters)}
    note_export(house().database, scope, what, facts, now)
    content: Any = csv_parts(found.headings, found.rows)
    if ending == "xlsx":
        content = workbook_parts(Sheet(what.capitalize(), found.headings, found.rows))
    elif ending == "parquet":
        content = parquet_parts(found.headings, found.kinds, found.rows)
    return as_file(content, f"watchroom-{scope.slug}-{what}-{filters.first}-{filters.last}.{ending}", ending)


@needs(Permission.EXPORT)
def download(scope: Scope, report: str, ending: str) -> Response:
    """The figures of a report as a file, on the record before it leaves. Raises ``NotFresh``."""
    require_fresh(current_session(), house().clock())
    found = read(scope, report, request.query_string.decode(errors="replace"))
    filters = found.head.filters
    content = FILES[ending](found.head, tables_of(found))
    note_export(house().database, scope, "report", {"report": report, "file": ending, **of(filters)}, house().clock())
    return as_file(content, f"watchroom-{scope.slug}-{report}-{filters.first}-{filters.last}.{ending}", ending)


@needs(Permission.EXPORT)
def download_foi(scope: Scope) -> Response:
    """Contacts and replies by month and network, for a freedom-of-information request. Raises ``NotFresh``."""
    require_fresh(current_session(), house().clock())
    now, filters = house().clock(), filters_of(scope, request.query_string.decode(errors="replace"))
    first, *rest = foi_pack(house().database, scope, filters, now)
    note_export(house().database, scope, "foi", {"file": "csv", **of(filters)}, now)
    name = f"watchroom-{scope.slug}-foi-{filters.first}-{filters.last}.csv"
    return as_file(csv_parts([str(cell) for cell in first], rest), name, "csv")


def of(filters: ReportFilters) -> dict[str, Any]:
    """What an export was of, for the record."""
    days = {"from": filters.first.isoformat(), "to": filters.last.isoformat()}
    return {**days, "channel": filters.channel, "account": filters.account}


def as_file(content: Any, name: str, ending: str) -> Response:
    """An answer that a browser keeps as a file."""
    response = Response(content, mimetype=TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _any(value: str) -> str:
    return "" if value == picker.ANY else value


def register(app: Dash) -> None:
    """The body has one owner; the picker's fields are never drawn again under a person's hands."""
    wire(
        app,
        refresh,
        [Output(Ids.BODY, "children"), Output(Ids.TABS, "children"), Output(Ids.DATES, "className")],
        [Input(LOCATION, "search")],
        [State(LOCATION, "pathname"), *(State(one, "value") for one in FIELDS)],
        prevent_initial_call=True,
    )
    wire(
        app,
        choose,
        Output(Ids.ADDRESS, "search"),
        [Input(one, "value") for one in FIELDS],
        [State(LOCATION, "pathname"), State(LOCATION, "search")],
        prevent_initial_call=True,
    )
    moved = (shifts.Ids.BEGINS, shifts.Ids.DAYS, shifts.Ids.LENGTH)
    wire(
        app,
        move_shift,
        Output(shifts.Ids.SAID, "children"),
        [Input(one, "value") for one in moved],
        [State(LOCATION, "pathname"), State(LOCATION, "search")],
        prevent_initial_call=True,
    )


def register_files(server: Flask) -> None:
    """Reports as files."""
    names = ",".join(READ)
    endings = ",".join(FILES)
    wire_route(server, "/reports/foi.csv", download_foi)
    wire_route(server, f"/reports/<any({names}):report>.<any({endings}):ending>", download)
    wire_route(server, f"/reports/rows/<any({','.join(ROWS)}):what>.<any({','.join(TYPES)}):ending>", download_rows)
