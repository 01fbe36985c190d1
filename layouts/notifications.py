"""What called somebody to a conversation: notes that name them, and what became of their claims; the newest first."""

from enum import StrEnum
from typing import Any

from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.snapshots.cases import Notifications, Notified

MENTION = "mention"
WORDS = {
    MENTION: "named you in a note",
    "claim lapsed": "ended your claim, which had lapsed",
    "taken over": "took over what you held",
    "moved away": "gave what you held to somebody else",
    "assigned": "assigned this to you",
    "handed over": "hands this over to you",
    "hand-over accepted": "accepted your hand-over",
    "hand-over declined": "declined your hand-over",
    "hand-over timed out": "ended your hand-over, which nobody accepted in time",
}
"""What happened, by the kind of notification (``models.claims.Told`` has those of claims)."""


class Ids(StrEnum):
    PAGE = "notifications"
    BODY = "notifications-body"
    ALL = "notifications-all"
    LIVE = "live-notifications"


def opened(key: int | Wildcard) -> dict[str, Any]:
    """The button that marks this notification as read."""
    return {"type": "read", "id": key}


def page(found: Notifications) -> html.Div:
    """The page at first paint; ``BODY`` is drawn again when anybody was told of something. The bar holds its news."""
    return html.Div(
        html.Div(body(found), id=Ids.BODY),
        id=Ids.PAGE,
        className="sheet",
        **attributes(data_workspace=found.workspace.slug, data_revision=str(found.revision)),
    )


def body(found: Notifications) -> list[Any]:
    """Heading, the way to have read all of them, and one line each."""
    unread = (
        f"{wording.plural(found.unread, 'unread', 'unread')}, as at {wording.clock(found.as_at, found.workspace.zone)}"
    )
    parts: list[Any] = [html.H1("Notifications"), html.Span(unread, className="aside")]
    if found.unread:
        parts.append(html.Button("Mark all as read", id=Ids.ALL, className="button", type="button"))
    title = html.Div(parts, className="sheet-head")
    if not found.rows:
        empty = "Nobody has called you yet. Notes with @ and your name, and news of your claims, appear here at once."
        return [title, html.P(empty, className="panel-empty")]
    return [title, html.Ul([_row(one, found) for one in found.rows], className="called-list")]


def _row(one: Notified, found: Notifications) -> html.Li:
    zone, now = found.workspace.zone, found.as_at
    what = WORDS.get(one.kind, one.kind)
    about: list[Any] = [
        html.Strong(marks.remote(one.by or "Watchroom")),
        f" {what}, {wording.moment(one.at, now, zone)}, on ",
        marks.channel(one.channel),
        " ",
        marks.remote(one.account),
        " about ",
        marks.remote(one.contact),
    ]
    way = dcc.Link("Open the conversation", href=links.conversation(one.conversation_id, found.workspace.slug))
    parts: list[Any] = [
        html.P(about, className="called-about"),
        *_note(one),
        way,
    ]
    if one.read is None:
        hidden = html.Span(f" of {wording.moment(one.at, now, zone)}", className="visually-hidden")
        button = html.Button(["Mark as read", hidden], id=opened(one.id), className="button-quiet", type="button")
        parts += [" ", button]
    state = "unread" if one.read is None else f"read {wording.moment(one.read, now, zone)}"
    parts.append(html.Span(state, className="aside called-state"))
    look = "called is-unread" if one.read is None else "called"
    return html.Li(parts, className=look, **attributes(data_row="true", data_id=str(one.id)))


def _note(one: Notified) -> list[html.P]:
    """What the note says now, where one called them."""
    if one.kind != MENTION:
        return []
    return [html.P(marks.remote("The note was struck out." if one.note is None else one.note), className="called-text")]
