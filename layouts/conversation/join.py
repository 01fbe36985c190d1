"""The form that makes a conversation part of an incident, or opens one."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from models.incidents import LONGEST_NAME, LONGEST_REFERENCE
from models.snapshots import Thread
from models.snapshots.cases import IncidentMark

NAME = "join"
NEW = "new"
OUT = "out-"
"""What the field says: a new incident, or out of the one whose key follows."""


class Ids(StrEnum):
    WHICH = "join-incident"
    NAME = "join-name"
    REFERENCE = "join-reference"


def offered(_thread: Thread) -> bool:
    """Any conversation may belong to an incident."""
    return True


def draw(thread: Thread, standing: Sequence[IncidentMark], may_open: bool) -> Any:
    """Which of the incidents that go on, or a new one; of a member, the way to its incident and out of it."""
    if thread.bonds.incident is not None:
        return _inside(thread, thread.bonds.incident)
    choices = [(str(one.id), called(one)) for one in standing]
    choices += [(NEW, "A new incident")] if may_open else []
    if not choices:
        words = "No incident goes on. A supervisor opens one; you can then add this conversation to it."
        return frame.form(NAME, thread, "Incident", [html.P(words)], "")
    first = choices[0][0] if len(choices) == 1 else None
    fields = [frame.choice(Ids.WHICH, "Incident", choices, first)]
    hidden = "" if may_open else " visually-hidden"
    fields.append(html.Div(_new(may_open), className=f"form-row{hidden}", hidden=not may_open))
    return frame.form(NAME, thread, "Add to an incident", fields, "Add it")


def _new(may_open: bool) -> list[Any]:
    name = dbc.Input(
        id=Ids.NAME, maxlength=LONGEST_NAME, value="", size="sm", autocomplete="off", disabled=not may_open
    )
    number = dbc.Input(
        id=Ids.REFERENCE, maxlength=LONGEST_REFERENCE, value="", size="sm", autocomplete="off", disabled=not may_open
    )
    return [
        frame.field(Ids.NAME, "Name of a new one", name, "such as Canal Street fire"),
        frame.field(Ids.REFERENCE, "Reference", number, "in command and control, such as 482 of 12 October"),
    ]


def _inside(thread: Thread, one: IncidentMark) -> Any:
    way = dcc.Link(marks.plain(called(one)), href=links.incident(one.id, thread.workspace.slug))
    blank = html.Div(
        [
            dcc.Input(id=Ids.WHICH, type="hidden", value=f"{OUT}{one.id}"),
            *(dcc.Input(id=part, type="hidden", value="") for part in (Ids.NAME, Ids.REFERENCE)),
        ],
        hidden=True,
        **attributes(aria_hidden="true"),
    )
    return frame.form(NAME, thread, "Incident", [html.P(["It belongs to ", way, "."]), blank], "Take it out")


def called(one: IncidentMark) -> str:
    """An incident with its reference: “Canal Street fire (482 of 12 October)”."""
    return f"{one.name} ({one.reference})" if one.reference else one.name
