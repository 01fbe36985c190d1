"""The form that puts the banner of a major incident on every screen, words it anew, and takes it down."""

import dash_bootstrap_components as dbc
from dash import html

from layouts.components.attributes import attributes
from layouts.conversation import frame
from layouts.incidents.ids import Ids
from models.major import LONGEST_LINES, LONGEST_SUMMARY, summary_of
from models.snapshots.cases import IncidentPage, Incidents


def form(found: Incidents, chosen: IncidentPage) -> html.Details:
    """Begins with the words that stand, else with what the newest METHANE report says."""
    mark = found.major if found.major is not None and found.major.incident_id == chosen.row.mark.id else None
    report = {line.key: line.text for line in chosen.reports[0].lines} if chosen.reports else {}
    summary = dbc.Textarea(
        id=Ids.SUMMARY, rows=3, maxlength=LONGEST_SUMMARY, size="sm", value=mark.summary if mark else summary_of(report)
    )
    lines = dbc.Textarea(id=Ids.LINES, rows=3, maxlength=LONGEST_LINES, size="sm", value=mark.lines if mark else "")
    up = html.Button("Put it on every screen", id=Ids.PUT_UP, className="button button-first", type="button")
    down = html.Button("Take the banner down", id=Ids.TAKE_DOWN, className="button", type="button")
    parts = [
        html.Summary("Major incident banner"),
        html.P(
            "It stands on every page and wall of this workspace until it is taken down. Name no member of the public."
        ),
        frame.field(Ids.SUMMARY, "METHANE summary", summary, "begins as the newest report"),
        frame.field(Ids.LINES, "Joint lines", lines, "what all services have agreed to say in public"),
        dbc.Checkbox(id=Ids.CERTAIN, label="Everybody in this workspace is to see this at once", value=False),
        html.Div([up, down], className="form-buttons"),
    ]
    return html.Details(parts, className="card incident-details", **attributes(aria_label="Major incident banner"))
