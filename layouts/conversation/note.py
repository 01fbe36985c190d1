"""The forms for notes: one more, and one of one's own corrected or struck out."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.components.mentions import mentions
from layouts.conversation import frame
from models.snapshots import Thread
from models.snapshots.cases import Colleague, ThreadNote

NAME = "note"
CORRECT = "correct"


class Ids(StrEnum):
    TEXT = "note-text"
    NEW_TEXT = "correct-text"
    WHICH = "correct-note"
    STRIKE = "correct-strike"


def offered(_thread: Thread) -> bool:
    """Something can always be said among colleagues."""
    return True


def draw(thread: Thread, people: Sequence[Colleague]) -> Any:
    """One more note."""
    return frame.form(NAME, thread, "Note among colleagues", [mentions(Ids.TEXT, "Note", people)], "Keep the note")


def draw_correction(thread: Thread, one: ThreadNote, people: Sequence[Colleague]) -> Any:
    """A note of one's own: what it says now, to be corrected or struck out. What it said before is kept."""
    strike = html.Button("Strike it out", id=Ids.STRIKE, className="button", type="button")
    kept = html.Span("What it said before is kept.", className="aside")
    fields = [
        dcc.Store(id=Ids.WHICH, data=one.id),
        mentions(Ids.NEW_TEXT, "Note", people, value=marks.plain(one.text)),
        html.Div([strike, " ", kept], className="form-field", **attributes(role="group", aria_label="Strike out")),
    ]
    return frame.form(CORRECT, thread, "Correct your note", fields, "Correct it")
