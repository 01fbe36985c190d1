"""Everything that the person of a conversation was in touch about before, on whichever account."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.conversation import frame
from models.snapshots import Thread
from models.snapshots.cases import Earlier, History

NAME = "past"


def offered(_thread: Thread) -> bool:
    """Also of somebody new it is worth knowing that they are."""
    return True


def draw(thread: Thread, found: History) -> Any:
    """One line an episode, the newest first."""
    rows = [html.Li(_line(one, found)) for one in found.rows]
    more = f"{wording.plural(found.more, 'older contact')} not shown here."
    parts = [html.Ol(rows, className="past"), *([html.P(more, className="aside")] if found.more else [])]
    return frame.form(NAME, thread, f"{wording.plural(len(found.rows) + found.more, 'contact')} so far", parts, "")


def _line(one: Earlier, found: History) -> list[Any]:
    """“12 Oct: closed by M. Iqbal, passed to incident 482 of 12 October, @north”."""
    zone, now = found.workspace.zone, found.as_at
    when = wording.moment(one.closed or one.opened, now, zone)
    said: list[Any] = [html.Strong(f"{when}: "), _ended(one)]
    if one.incident is not None:
        reference = one.incident.reference or one.incident.name
        said += [
            ", incident ",
            dcc.Link(marks.plain(reference), href=links.incident(one.incident.id, found.workspace.slug)),
        ]
    said += [", on ", marks.channel(one.channel), " ", marks.remote(one.account), " as ", marks.remote(one.handle)]
    if one.conversation_id != found.conversation_id:
        said += [" ", dcc.Link("Open", href=links.conversation(one.conversation_id, found.workspace.slug))]
    return said


def _ended(one: Earlier) -> str:
    if one.closed is None:
        return "not closed"
    who = f" by {marks.plain(one.closed_by)}" if one.closed_by else ""
    return f"closed{who}, {marks.plain(one.outcome)}" if one.outcome else f"closed{who}"
