"""The banner of a major incident: one line above every page, with its agreed words behind it; on a wall, all of it."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.snapshots import MajorMark, WorkspaceMark

COPY = "major-lines"
WALL = "/wallboard"


def banner(mark: MajorMark | None, workspace: WorkspaceMark | None, path: str) -> list[Any]:
    """What the banner's place holds at an address; nothing where none stands."""
    if mark is None or workspace is None:
        return []
    return _wall(mark, workspace) if path.startswith(WALL) else _desk(mark, workspace)


def _title(mark: MajorMark, workspace: WorkspaceMark) -> list[Any]:
    return [
        html.Strong("MAJOR INCIDENT"),
        " ",
        html.Strong(marks.remote(mark.name)),
        f", since {_when(mark, workspace.zone)}",
    ]


def _when(mark: MajorMark, zone: str) -> str:
    there = wording.local(mark.begun, zone)
    return f"{there:%H:%M} on {there.day} {there:%b}"


def _wall(mark: MajorMark, workspace: WorkspaceMark) -> list[Any]:
    lines = [html.P(["We say: ", marks.remote(mark.lines)], className="major-lines")] if mark.lines else []
    said = [*_title(mark, workspace), ". ", marks.remote(mark.summary)]
    return [html.Div([html.P(said), *lines], className="major major-wall")]


def _desk(mark: MajorMark, workspace: WorkspaceMark) -> list[Any]:
    head = html.Summary([*_title(mark, workspace), ": ", html.Span(marks.remote(mark.summary), className="aside")])
    lines = (
        [
            html.Span(marks.remote(mark.lines), id=COPY, className="major-agreed"),
            " ",
            html.Button("Copy the joint lines", className="button", type="button", **attributes(data_copy=COPY)),
        ]
        if mark.lines
        else ["none agreed yet. Say nothing in public beyond what is agreed elsewhere."]
    )
    worded = wording.local(mark.worded, workspace.zone)
    by = f"Worded so at {worded:%H:%M} on {worded.day} {worded:%b} by {mark.by}. "
    way = dcc.Link("Open the incident", href=links.incident(mark.incident_id, workspace.slug))
    parts = [
        head,
        html.P(["METHANE: ", marks.remote(mark.summary)]),
        html.P([html.Strong("Joint lines: "), *lines]),
        html.P([marks.plain(by), way], className="aside"),
    ]
    return [html.Details(parts, className="major major-desk")]
