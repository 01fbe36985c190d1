"""One conversation: beside the queue and as a page of its own. Everything between one contact and one account."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.components.message import message
from models.snapshots import Thread, ThreadEvent


class Ids(StrEnum):
    PAGE = "conversation"
    PANEL = "conversation-panel"
    LIVE = "live-queue"


def claim_button(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that claims this conversation."""
    return {"type": "claim", "id": conversation_id}


def release_button(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that gives this conversation back."""
    return {"type": "release", "id": conversation_id}


def page(thread: Thread, may_claim: bool) -> html.Div:
    """The conversation as a page; ``PANEL`` is drawn again when the queue changed."""
    panel = html.Section(
        body(thread, may_claim), id=Ids.PANEL, className="panel", **attributes(aria_label="Conversation")
    )
    return html.Div(
        [dcc.Store(id=Ids.LIVE), panel],
        id=Ids.PAGE,
        className="conversation-page",
        **attributes(data_workspace=thread.workspace.slug, data_revision=str(thread.revision)),
    )


def body(thread: Thread, may_claim: bool, back: str = "", alone: bool = True) -> list[Any]:
    """Head, actions and thread. ``back`` is the queue without this conversation; ``alone`` where it is the page."""
    return [_head(thread, may_claim, back, alone), _messages(thread)]


def _head(thread: Thread, may_claim: bool, back: str, alone: bool) -> html.Header:
    title = [marks.shape(thread.grade.look), marks.remote(thread.contact)]
    heading = html.H1(title, className="panel-title") if alone else html.H2(title, className="panel-title")
    parts = [
        html.Div([heading, html.P(_who(thread), className="panel-who")], className="panel-name"),
        html.P(_standing(thread), className="panel-standing"),
        html.P(_holding(thread), className="panel-holding"),
        html.Div(_actions(thread, may_claim, back, alone), className="actions"),
    ]
    return html.Header(parts, className="panel-head")


def _who(thread: Thread) -> list[Any]:
    """The contact's own name on the network, how often they came, and the account they wrote to."""
    often = f", {wording.ordinal(thread.contacts)} time in touch" if thread.contacts > 1 else ""
    followers = "" if thread.followers is None else f", {wording.plural(thread.followers, 'follower')}"
    about = f" on {wording.channel(thread.channel)}{often}{followers}, to "
    return [marks.remote(thread.handle), about, marks.remote(thread.account)]


def _standing(thread: Thread) -> list[Any]:
    """Grade, time to due, and both waits; a conversation without an open turn says what it is."""
    word = html.Span(thread.grade.word, className=f"ink-{thread.grade.look} strong")
    topic = [f" About: {thread.topic}."] if thread.topic else []
    if thread.since is None:
        return [word, f", {thread.state}. Nobody waits for an answer.", *topic]
    staffed = [] if thread.staffed is None else [f", staffed {wording.age(thread.staffed)}"]
    return [
        word,
        ", ",
        marks.due(thread.due, thread.as_at, className="due strong"),
        ". Public wait ",
        marks.aged(thread.since, thread.as_at),
        *staffed,
        ".",
        *topic,
    ]


def _holding(thread: Thread) -> list[Any]:
    if thread.holder is None:
        return ["Nobody is answering."]
    who: list[Any] = ["You are answering"] if thread.mine else [marks.remote(thread.holder), " is answering"]
    if thread.held_since is None:
        return [*who, "."]
    return [*who, ", since ", wording.moment(thread.held_since, thread.as_at, thread.workspace.zone), "."]


def _actions(thread: Thread, may_claim: bool, back: str, alone: bool) -> list[Any]:
    """What can be done now; every action is an ordinary button with its key."""
    slug = thread.workspace.slug
    found: list[Any] = []
    if may_claim and thread.holder is None:
        found.append(_button("Claim", "c", claim_button(thread.id), "button button-first"))
    if may_claim and thread.mine:
        found.append(_button("Release", "x", release_button(thread.id), "button"))
    if not alone:
        own = dcc.Link("Open as a page", href=links.conversation(thread.id, slug), className="button")
        found.append(html.Span(own, className="only-wide"))
    if back:
        close = dcc.Link(["Back to the list ", marks.key("Esc")], href=back, className="button")
        found.append(html.Span(close, **attributes(data_key="Escape")))
    return found


def _button(words: str, key: str, name: dict[str, Any], look: str) -> html.Button:
    return html.Button(
        [f"{words} ", marks.key(key.upper())], id=name, className=look, type="button", **attributes(data_key=key)
    )


def _messages(thread: Thread) -> html.Div:
    """Messages and events in the order of time."""
    zone, now = thread.workspace.zone, thread.as_at
    lines: list[tuple[datetime, int, Any]] = [(one.sent, 0, message(one, now, zone)) for one in thread.messages]
    lines += [(one.at, 1, _event(one, now, zone)) for one in thread.events]
    lines.sort(key=lambda line: line[:2])
    more = f"{wording.plural(thread.more, 'older message')} not shown here."
    parts = [*([html.P(more, className="event")] if thread.more else []), *(part for _, _, part in lines)]
    if not lines:
        parts.append(html.P("No message here yet.", className="event"))
    return html.Div(
        parts,
        className="thread",
        tabIndex=0,
        role="region",
        **attributes(aria_label="Messages, oldest first", data_thread=str(thread.id)),
    )


def _event(one: ThreadEvent, now: datetime, zone: str) -> html.P:
    text = f"{wording.moment(one.at, now, zone)} {wording.event(one)}"
    return html.P(marks.plain(text), className="event")
