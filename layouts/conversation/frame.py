"""What every form of the panel is drawn in: a title, its fields, the button that does it, and the way out.

``assets/46-forms.js`` puts the focus into the first field, closes on Esc and Cancel, submits on Ctrl+Enter, and gives the
focus back. Live news never draws a form again, so that what somebody typed stays.
"""

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.ids import SHOWN, frame, submit, undo_button
from models.snapshots import Thread

UNCHOSEN = "unchosen"
"""What a list says while nothing is chosen: an empty value would show nothing."""
MOST_WORDS = 2000
"""Characters of a field of free text: more is not a reason but a story."""


def form(name: str, thread: Thread, title: str, fields: Sequence[Any], does: str) -> html.Div:
    """A form for this conversation. ``title`` is followed by the contact's name; ``does`` stands on the button, and one that
    is only looked at does nothing.
    """
    heading = f"{name}-title"
    act = html.Button(
        [f"{does} ", marks.key("Ctrl+Enter")], id=submit(name), className="button button-first", type="button"
    )
    buttons = [
        *([act] if does else []),
        html.Button(
            ["Cancel " if does else "Close ", marks.key("Esc")],
            className="button",
            type="button",
            **attributes(data_cancel="true", data_key="Escape"),
        ),
    ]
    parts = [
        html.H2([f"{title}: ", marks.remote(thread.contact)], id=heading, className="form-title"),
        *fields,
        html.Div(buttons, className="form-buttons"),
    ]
    marked = attributes(aria_labelledby=heading, data_form=name, **{SHOWN: str(thread.id)})
    return html.Div(parts, id=frame(name), className="form", role="group", tabIndex=-1, **marked)


def choice(part: str, label: str, options: Sequence[tuple[str, str]], value: str | None = None) -> html.Div:
    """One of several (value, word); without a ``value`` none is chosen yet."""
    first = [] if value is not None else [{"value": UNCHOSEN, "label": "Choose"}]
    listed = [*first, *({"value": key, "label": marks.plain(word)} for key, word in options)]
    return field(part, label, dbc.Select(id=part, options=listed, value=value or UNCHOSEN, size="sm"))


def words(part: str, label: str, aside: str = "", rows: int = 2, **props: Any) -> html.Div:
    """A few lines of free text."""
    area = dbc.Textarea(id=part, rows=rows, maxlength=MOST_WORDS, value="", size="sm", **props)
    return field(part, label, area, aside)


def line(part: str, label: str, value: str = "", aside: str = "", longest: int = 300) -> html.Div:
    """One line of free text."""
    return field(part, label, dbc.Input(id=part, type="text", maxlength=longest, value=value, size="sm"), aside)


def field(part: str, label: str, control: Any, aside: str = "") -> html.Div:
    """A control under its label; ``aside`` says what is not plain from it."""
    more = [html.Span(aside, className="aside")] if aside else []
    return html.Div(
        [html.Label([label, *([" "] if more else []), *more], htmlFor=part), control], className="form-field"
    )


def undoable(said: str, event: int) -> list[Any]:
    """What a notice says of a move that can be taken back for a while."""
    key = attributes(data_key="z")
    undo = html.Button(
        ["Undo ", marks.key("Z")], id=undo_button(event), className="button button-undo", type="button", **key
    )
    return [html.Span(said), " ", undo]
