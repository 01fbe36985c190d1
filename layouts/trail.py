"""One conversation's trail: everything on the record of it, in plain words, oldest first."""

from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts import audit, deeds, links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.snapshots import Arrived, AuditRow, Trail


class Ids(StrEnum):
    PAGE = "trail"


def page(found: Trail) -> html.Div:
    """The page. It is read, not followed: opened again, it holds what has happened since."""
    return html.Div(
        [_head(found), _list(found), _turn(found)],
        id=Ids.PAGE,
        className="sheet trail",
        **attributes(data_workspace=found.workspace.slug),
    )


def _head(found: Trail) -> html.Div:
    slug = found.workspace.slug
    about = html.P(
        [
            marks.remote(found.contact),
            f" on {wording.channel(found.channel)}, to ",
            marks.remote(found.account),
            f". Everything on the record of conversation {found.id}, as at {wording.clock(found.as_at, found.workspace.zone)}",
            f", {found.workspace.zone}.",
        ],
        className="aside",
    )
    back = dcc.Link("Open the conversation", href=links.conversation(found.id, slug), className="button")
    return html.Div([html.Div([html.H1("Trail"), back], className="sheet-head trail-head"), about])


def _list(found: Trail) -> Any:
    if not found.rows:
        return html.P("Nothing later is on the record.", className="panel-empty")
    parts: list[Any] = []
    day = ""
    for one in found.rows:
        at = one.stored if isinstance(one, Arrived) else one.at
        its_day = wording.dated(at, found.workspace.zone)
        if its_day != day:
            parts.append(html.Li(html.H2(its_day), className="trail-day"))
            day = its_day
        parts.append(_arrived(one, found) if isinstance(one, Arrived) else _event(one, found))
    return html.Ol(parts, className="trail-list")


def _arrived(one: Arrived, found: Trail) -> html.Li:
    zone = found.workspace.zone
    said = html.Span(deeds.arrival(one, zone), className="trail-said")
    return html.Li([_clock(one.stored, zone), said], className="trail-message")


def _event(one: AuditRow, found: Trail) -> html.Li:
    zone, slug = found.workspace.zone, found.workspace.slug
    then = html.A(
        "the queue then", href=links.queue_then(slug, one.at), title=f"The queue at {wording.clock(one.at, zone)}"
    )
    more = html.Span([audit.origin(one), f", event {wording.number(one.number)}, ", then], className="aside")
    said: list[Any] = [html.Span(marks.remote(deeds.deed(one, found.named)), className="trail-said")]
    changes = deeds.differences(one, found.named)
    listed = [html.Ul([html.Li(marks.remote(line)) for line in changes], className="changes")] if changes else []
    return html.Li([_clock(one.at, zone), html.Div([*said, *listed, more])])


def _clock(at: Any, zone: str) -> html.Time:
    return html.Time(wording.clock(at, zone), dateTime=at.isoformat())


def _turn(found: Trail) -> html.P:
    first = html.A("From the beginning", href=links.trail(found.id, found.workspace.slug))
    if found.later is None:
        return html.P([first], className="turn")
    later = [html.A("Later", href=links.trail(found.id, found.workspace.slug, found.later))]
    return html.P([first, *later], className="turn")
