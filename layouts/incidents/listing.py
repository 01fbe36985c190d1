"""All incidents: those that go on first."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from layouts.incidents.ids import Ids
from models.incidents import LONGEST_NAME, LONGEST_REFERENCE
from models.snapshots.cases import IncidentRow, Incidents

HEADERS = ("Incident", "Reference", "Is it so?", "Conversations", "Waiting", "METHANE", "Opened", "Closed")


def body(found: Incidents) -> list[Any]:
    """Heading and a row an incident."""
    at = f"as at {wording.clock(found.as_at, found.workspace.zone)}, {found.workspace.zone}"
    title = html.Div([html.H1("Incidents"), html.Span(at, className="aside")], className="sheet-head")
    if not found.rows:
        empty = (
            "No incident yet. Open one below, or from a conversation with the key I: it groups conversations about the "
            "same thing."
            if found.may_manage
            else "No incident yet. A supervisor opens one; it then appears here, and you can add conversations to it."
        )
        return [title, html.P(empty, className="panel-empty")]
    return [title, _table(found)]


def _table(found: Incidents) -> html.Div:
    heads = [html.Th(one, scope="col", role="columnheader") for one in HEADERS]
    rows = html.Tbody([_row(one, found) for one in found.rows], role="rowgroup")
    whole = html.Table(
        [html.Thead(html.Tr(heads, role="row"), role="rowgroup"), rows],
        className="register",
        role="table",
        **attributes(aria_label="Incidents"),
    )
    return html.Div(whole, className="register-holder", tabIndex=0, role="region", **attributes(aria_label="Incidents"))


def _row(one: IncidentRow, found: Incidents) -> html.Tr:
    zone, now = found.workspace.zone, found.as_at
    link = dcc.Link(
        marks.plain(one.mark.name), href=links.incident(one.mark.id, found.workspace.slug), className="strong"
    )
    opened = f"{wording.moment(one.opened, now, zone)}{f', {one.opened_by}' if one.opened_by else ''}"
    said = [
        marks.plain(one.mark.reference) or wording.DASH,
        wording.VERACITIES[one.mark.veracity],
        wording.number(one.conversations),
        wording.number(one.unanswered),
        wording.plural(one.reports, "version") if one.reports else "none",
        marks.plain(opened),
        wording.moment(one.closed, now, zone) if one.closed else "goes on",
    ]
    cells = [
        html.Td(html.Div(words), role="cell", **attributes(data_label=header))
        for header, words in zip(HEADERS[1:], said, strict=True)
    ]
    name = html.Th(link, scope="row", role="rowheader")
    return html.Tr([name, *cells], role="row", **attributes(data_row="true", data_id=str(one.mark.id)))


def opening() -> html.Div:
    """A new incident, without a conversation yet."""
    name = dbc.Input(id=Ids.NEW_NAME, maxlength=LONGEST_NAME, value="", size="sm", autocomplete="off")
    number = dbc.Input(id=Ids.NEW_REFERENCE, maxlength=LONGEST_REFERENCE, value="", size="sm", autocomplete="off")
    parts = [
        html.H2("Open an incident", className="form-title"),
        frame.field(Ids.NEW_NAME, "Name", name, "such as Canal Street fire"),
        frame.field(Ids.NEW_REFERENCE, "Reference", number, "in command and control, such as 482 of 12 October"),
        html.Button("Open it", id=Ids.OPEN, className="button button-first", type="button"),
    ]
    return html.Div(parts, className="card", role="group", **attributes(aria_label="Open an incident"))
