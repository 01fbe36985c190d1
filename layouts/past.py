"""The main board and the queue as they were: read only, under a banner that cannot be missed. Nothing in them counts on.

Every way out of here is an ordinary link that loads a page: nothing is pushed to these, and no callback draws them again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from layouts import links, wallboard, wording
from layouts.boards import main
from layouts.components.attributes import attributes
from layouts.queue import rows, side, turn
from models.snapshots import PastMark, PastQueue, PastWall, WorkspaceMark

WALL, QUEUE = "/wallboard/main", "/queue"
STEPS = (
    ("1 hour back", timedelta(hours=-1), "−1 h"),
    ("10 minutes back", timedelta(minutes=-10), "−10 min"),
    ("1 minute back", timedelta(minutes=-1), "−1 min"),
    ("1 minute on", timedelta(minutes=1), "+1 min"),
    ("10 minutes on", timedelta(minutes=10), "+10 min"),
    ("1 hour on", timedelta(hours=1), "+1 h"),
)
COUNTING = ("data-since", "data-due", "data-from", "data-clock", "data-row", "data-id", "data-key", "data-region")
"""What makes our scripts count on, move or ask: nothing of it is true of the past."""


class Ids(StrEnum):
    DAY = "past-day"
    TIME = "past-time"
    GO = "past-go"


def wall(found: PastWall, now: datetime, theme: str) -> html.Div:
    """The main board as it was."""
    board, mark = found.board, found.mark
    body = [_still(part, board.workspace.slug, mark.at) for part in wallboard.body(board, theme)]
    for part in body:
        _fill(part, wallboard.inbound_table(board))
    drawn = html.Div(body, className="wall wall-main", **attributes(data_past="true"))
    return html.Div([banner(board.workspace, mark, now, WALL, "Wallboard"), drawn], className="past past-wall")


def queue(found: PastQueue, now: datetime) -> html.Div:
    """One page of the queue as it was. A row leads to what is on the record of its conversation."""
    then, mark = found.queue, found.mark
    slug = then.workspace.slug
    titles = [html.Th(name, scope="col", role="columnheader", className=f"col-{name.lower()}") for name in rows.COLUMNS]
    drawn = [rows.row(one, then) for one in then.rows] or [rows.empty("Nothing stood in this view at that time.")]
    table = html.Table(
        [
            html.Thead(html.Tr(titles, role="row"), role="rowgroup"),
            html.Tbody([_still(one, slug, mark.at) for one in drawn], role="rowgroup"),
        ],
        className="rows",
        role="table",
        **attributes(aria_label="Conversations"),
    )
    views = html.Aside(
        [_still(one, slug, mark.at) for one in side.views(then)],
        className="views",
        **attributes(aria_label="Views and accounts"),
    )
    said = html.P(wording.plural(then.total, "conversation"), className="caption aside")
    pages = html.Div([_still(one, slug, mark.at) for one in turn(then)], className="turn")
    listed = html.Section(
        [html.Div(table, className="rows-holder", tabIndex=0), html.Div([said, pages], className="list-foot")],
        className="list",
        **attributes(aria_label="List"),
    )
    desk = html.Div([views, listed], className="desk desk-past", **attributes(data_past="true"))
    return html.Div([banner(then.workspace, mark, now, QUEUE, "Queue"), desk], className="past past-queue")


def unknown(workspace: WorkspaceMark, at: datetime, now: datetime, path: str) -> html.Div:
    """Nothing was kept of that instant: say so, and let another one be chosen."""
    mark = PastMark(at, False, None, None)
    said = html.Section(
        [
            html.P("What stood here at that time was not kept, or it has not come yet.", className="strong"),
            html.P("Choose a later minute, or one that has gone by."),
        ],
        className="missing",
    )
    return html.Div(
        [banner(workspace, mark, now, path, "Not known"), said], className="past", **attributes(data_past="1")
    )


def banner(workspace: WorkspaceMark, mark: PastMark, now: datetime, path: str, title: str) -> html.Section:
    """Which minute this is, how sure it is, and the ways through time."""
    zone = workspace.zone
    when = f"{wording.hour_minute(mark.at, zone)} on {wording.dated(mark.at, zone)}"
    head = html.Div(
        [
            html.H1([html.Span(f"{title} ", className="visually-hidden"), f"As at {when}"], className="past-when"),
            html.P(f"The past, read only. Nothing here changes by itself. {said(mark, zone)}", className="past-said"),
        ],
        className="past-head",
    )
    return html.Section(
        [head, _steps(workspace, mark, now, path), _choose(workspace, mark)],
        className="past-banner",
        **attributes(aria_label="The past"),
    )


def said(mark: PastMark, zone: str) -> str:
    """What the board's figures rest on."""
    if not mark.noted:
        return "Drawn from the record alone: no note was made in that minute, so how the connectors stood is not known."
    at = f"those noted at {wording.clock(mark.at, zone)}"
    if mark.same is None:
        return f"Drawn from the record of {wording.clock(mark.at, zone)}."
    return f"Its figures equal {at}." if mark.same else f"Its figures DIFFER from {at}: tell whoever looks after this."


def _steps(workspace: WorkspaceMark, mark: PastMark, now: datetime, path: str) -> html.Nav:
    """Links to other minutes; those that have not come are not there. The minute counts, not the second in it."""
    minute = mark.at.replace(second=0, microsecond=0)
    entries: list[Any] = []
    for name, length, short in STEPS:
        if minute + length <= now:
            link = html.A(short, href=_then(path, workspace.slug, minute + length), className="button", title=name)
            entries.append(html.Li(link))
    other, its_name = (QUEUE, "The queue then") if path == WALL else (WALL, "The wallboard then")
    entries.append(html.Li(html.A(its_name, href=_then(other, workspace.slug, minute), className="button")))
    back = html.A("Back to now", href=links.page(path, workspace.slug), className="button button-first")
    entries.append(html.Li(back))
    return html.Nav(html.Ul(entries), className="past-steps", **attributes(aria_label="Other minutes"))


def _choose(workspace: WorkspaceMark, mark: PastMark) -> html.Div:
    there = wording.local(mark.at, workspace.zone)
    return html.Div(
        [
            _labelled("Day", Ids.DAY, dbc.Input(id=Ids.DAY, type="date", value=f"{there:%Y-%m-%d}", size="sm")),
            _labelled("Time", Ids.TIME, dbc.Input(id=Ids.TIME, type="time", value=f"{there:%H:%M}", size="sm")),
            html.Button("Go there", id=Ids.GO, className="button", type="button"),
        ],
        className="past-choose",
        role="group",
        **attributes(aria_label=f"Another minute, {workspace.zone}"),
    )


def _labelled(label: str, part: str, control: Any) -> html.Div:
    return html.Div([html.Label(label, htmlFor=part), control], className="picker-part")


def _then(path: str, slug: str, at: datetime) -> str:
    return links.wall_then(slug, at) if path == WALL else links.queue_then(slug, at)


def _still(part: Any, slug: str, at: datetime) -> Any:
    """The part without anything that counts on or acts; links of the queue stay in that minute."""
    if isinstance(part, list | tuple):
        return [_still(one, slug, at) for one in part]
    if not isinstance(part, Component):
        return part
    props = {name: value for name, value in part.to_plotly_json()["props"].items() if name not in COUNTING}
    children = props.pop("children", None)
    if isinstance(part, dcc.Link):
        look = {"className": props["className"]} if props.get("className") else {}
        return html.A(_still(children, slug, at), href=_href(props["href"], slug, at), **look)
    return type(part)(**({} if children is None else {"children": _still(children, slug, at)}), **props)


def _href(href: str, slug: str, at: datetime) -> str:
    """A row leads to its conversation's trail; every other link of the queue to the same minute."""
    fields = dict(parse_qsl(urlsplit(href).query))
    if "c" in fields:
        return links.trail(int(fields["c"]), slug)
    return f"{QUEUE}?{urlencode(fields | {'at': links.instant(at)})}"


def _fill(part: Any, table: html.Table) -> None:
    """Put the chart's table where it is asked for on a live board: here it is made at once. Its mark is that of then."""
    if isinstance(part, Component):
        if getattr(part, "id", None) == main.Ids.INBOUND_TABLE:
            part.children = table
            return
        if getattr(part, "id", None) == main.Ids.INBOUND_CHART:
            for note in getattr(part, "figure", {})["layout"].get("annotations", ()):
                note["text"] = "then" if note["text"] == "now" else note["text"]
        children = getattr(part, "children", None)
        for one in children if isinstance(children, Sequence) and not isinstance(children, str) else [children]:
            _fill(one, table)
