"""The thread: what was said and what happened, in the order of time."""

from datetime import datetime
from typing import Any

from dash import html

from layouts import wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.components.decision import decision
from layouts.components.message import message
from layouts.components.note import note
from layouts.conversation.ids import opener
from layouts.conversation.note import CORRECT
from layouts.conversation.outgoing import outgoing
from models.snapshots import Thread, ThreadEvent
from models.snapshots.cases import ThreadNote


def messages(thread: Thread) -> html.Div:
    """Messages, notes and events in the order of time."""
    zone, now = thread.workspace.zone, thread.as_at
    lines: list[tuple[datetime, int, Any]] = [(one.sent, 0, message(one, now, zone)) for one in thread.messages]
    lines += [(one.written, 0, note(one, now, zone, _change(one))) for one in thread.notes]
    lines += [(one.at, 0, decision(one, now, zone)) for one in thread.decisions]
    lines += [(one.at, 1, _event(one, now, zone)) for one in thread.events]
    lines += [(one.written, 2, outgoing(one, thread)) for one in thread.outgoing]
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
    text = f"{wording.moment(one.at, now, zone)} {wording.event(one, now, zone)}"
    return html.P(marks.plain(text), className="event")


def _change(one: ThreadNote) -> Any:
    """What the author of a note may press; nobody else sees it."""
    if not one.mine:
        return None
    return html.Button("Correct or strike out", id=opener(CORRECT, one.id), className="button-quiet", type="button")
