"""METHANE: the composer, the versions that were kept, and each as plain text."""

from datetime import datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from layouts.incidents.ids import Ids, cite, cited_by, text_of, uncite
from layouts.incidents.one import NAMES
from models.incidents import LINES, LONGEST_LINE, NOT_KNOWN, Major
from models.posts import Kind
from models.snapshots.cases import Evidence, IncidentMark, IncidentPage, Incidents, Report, ReportLine

SETTLES = 400
"""Milliseconds without a key before what was typed is kept."""
MAJORS = {Major.UNKNOWN: NOT_KNOWN, Major.STANDBY: "standby", Major.DECLARED: "declared"}

__all__ = ["citations", "cite", "composer", "reports", "text"]


def composer(found: Incidents, chosen: IncidentPage) -> html.Section:
    """Seven lines. What is typed is kept as it is typed; news draws no field again."""
    listed = [{"value": key, "label": NAMES[key]} for key, _, _ in LINES]
    line = dbc.Select(id=Ids.LINE, options=listed, value="location", size="sm")
    lines = [part for one in chosen.draft.lines for part in _line(one, chosen, found)]
    keep = html.Button("Keep this version", id=Ids.KEEP, className="button button-first", type="button")
    saved = html.Span("", id=Ids.SAVED, className="aside")
    parts = [
        html.H2("METHANE"),
        frame.field(Ids.LINE, "Cite goes to", line),
        *lines,
        html.Div([keep, saved], className="form-buttons"),
    ]
    return html.Section(parts, className="card methane", **attributes(aria_label="METHANE"))


def _line(one: ReportLine, chosen: IncidentPage, found: Incidents) -> list[Any]:
    label = html.Label([html.Strong(one.letter), f" {one.meaning}"], htmlFor=_html_id(one.key))
    fields: list[Any] = [label]
    if one.key == "major":
        choices = [{"value": str(key), "label": word} for key, word in MAJORS.items()]
        told = html.Label("Is it a major incident?", htmlFor=Ids.MAJOR, className="visually-hidden")
        fields += [told, dbc.Select(id=Ids.MAJOR, options=choices, value=chosen.draft.major or "", size="sm")]
    area = dbc.Textarea(
        id=text_of(one.key),
        value=one.text,
        rows=1,
        maxlength=LONGEST_LINE,
        size="sm",
        placeholder=NOT_KNOWN,
        debounce=SETTLES,
    )
    cited = html.Div(citations(one, found), id=cited_by(one.key), className="cited")
    return [html.Div([*fields, area, cited], className="form-field")]


def _html_id(key: str) -> str:
    """How Dash writes the id of a line's field into the page."""
    return f'{{"line":"{key}","type":"methane-text"}}'


def citations(one: ReportLine, found: Incidents) -> list[Any]:
    """The messages of a line, each with the way to take it off again."""
    return [_citation(one.key, each, found) for each in one.evidence]


def _citation(line: str, one: Evidence, found: Incidents) -> html.Span:
    where = source(one, found.as_at, found.workspace.zone)
    way = dcc.Link(
        where, href=links.conversation(one.conversation_id, found.workspace.slug), title=marks.plain(one.text)
    )
    off = html.Button(
        [html.Span("×", **attributes(aria_hidden="true")), html.Span(f"Take off {where}", className="visually-hidden")],
        id=uncite(line, one.id),
        className="button-quiet",
        type="button",
    )
    return html.Span([way, off], className="citation")


def source(one: Evidence, now: datetime, zone: str) -> str:
    """When and where a message was sent: “13:45 X”, “12 Oct, 13:45 Facebook, private”."""
    private = ", private" if one.kind is Kind.PRIVATE else ""
    return f"{wording.moment(one.sent, now, zone)} {wording.channel(one.channel)}{private}"


def reports(found: Incidents, chosen: IncidentPage) -> list[Any]:
    """Every version that was kept, the newest open."""
    if not chosen.reports:
        return []
    kept = [_report(one, chosen.row.mark, found, first=n == 0) for n, one in enumerate(chosen.reports)]
    parts = [html.H2("METHANE reports kept"), *kept]
    return [html.Section(parts, className="card reports-kept", **attributes(aria_label="METHANE reports kept"))]


def _report(one: Report, mark: IncidentMark, found: Incidents, first: bool) -> html.Details:
    zone, now = found.workspace.zone, found.as_at
    words = f"Version {one.number}, {wording.moment(one.written, now, zone)}, {one.author or 'somebody'}"
    name = f"methane-{one.number}"
    copy = html.Button(
        ["Copy as plain text ", *([marks.key("Y")] if first else [])],
        className="button",
        type="button",
        **attributes(data_copy=name, data_key="y" if first else None),
    )
    lines = [_kept(line, one, found) for line in one.lines]
    plain = html.Pre(text(one, mark, zone), id=name, className="visually-hidden", **attributes(aria_hidden="true"))
    return html.Details(
        [html.Summary(marks.plain(words)), html.Dl(lines, className="methane-lines"), copy, plain], open=first
    )


def _kept(line: ReportLine, one: Report, found: Incidents) -> html.Div:
    zone, now = found.workspace.zone, found.as_at
    cited = [
        part
        for each in line.evidence
        for part in (
            " ",
            dcc.Link(source(each, now, zone), href=links.conversation(each.conversation_id, found.workspace.slug)),
        )
    ]
    said = html.Dd([marks.remote(_said(line, one)), *cited])
    return html.Div([html.Dt([html.Strong(line.letter), f" {line.meaning}"]), said])


def _said(line: ReportLine, one: Report) -> str:
    """What a line says: “not known” where nobody said or cited anything."""
    parts = [MAJORS[Major(one.major)]] if line.key == "major" and one.major else []
    parts += [line.text] if line.text else []
    if parts:
        return ". ".join(parts) + ("" if line.evidence else " (no message cited)")
    return "see" if line.evidence else NOT_KNOWN


def text(one: Report, mark: IncidentMark, zone: str) -> str:
    """The whole report as plain text, with the whole date and time of everything it cites."""
    name = f"{mark.name} ({mark.reference})" if mark.reference else mark.name
    lines = [
        f"METHANE, version {one.number}: {name}",
        f"{_when(one.written, zone)}, {one.author or 'somebody'}. What the public say is {wording.VERACITIES[mark.veracity]}.",
    ]
    for line in one.lines:
        cited = "; ".join(
            f"{_when(each.sent, zone)} {wording.channel(each.channel)}, {each.kind}" for each in line.evidence
        )
        lines.append(f"{line.letter} {line.meaning}: {_said(line, one)}{f' [{cited}]' if cited else ''}")
    return marks.plain("\n".join(lines))


def _when(at: datetime | None, zone: str) -> str:
    if at is None:
        return NOT_KNOWN
    there = wording.local(at, zone)
    return f"{there.day} {there:%b %Y}, {there:%H:%M}"
