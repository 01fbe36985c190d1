"""The decision log of an incident: its entries, and the form for one more."""

from typing import Any

from dash import html

from layouts.components.attributes import attributes
from layouts.components.decision import decision, fields
from layouts.incidents.ids import Ids
from models.snapshots.cases import IncidentPage, Incidents

PREFIX = "incident-decision"


def form(found: Incidents, chosen: IncidentPage) -> html.Details:
    """A line for each heading of the National Decision Model."""
    keep = html.Button("Keep the decision", id=Ids.DECIDE, className="button button-first", type="button")
    parts = [
        html.Summary("Write a decision down"),
        *fields(PREFIX, chosen.decisions, found.as_at, found.workspace.zone),
        html.Div(keep, className="form-buttons"),
    ]
    return html.Details(parts, className="card", **attributes(aria_label="Write a decision down"))


def log(found: Incidents, chosen: IncidentPage) -> list[Any]:
    """Every entry, the newest first."""
    entries: list[Any] = [decision(one, found.as_at, found.workspace.zone) for one in reversed(chosen.decisions)]
    empty = html.P("None yet. What is decided, and why, is written down below and stays.", className="aside")
    parts: list[Any] = [html.H2("Decisions"), *(entries or [empty])]
    return [html.Section(parts, className="card", **attributes(aria_label="Decisions"))]
