"""The form that says: this is the same person, this is the same thread. And that takes it back."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import wording
from layouts.components import marks
from layouts.conversation import frame
from models.merging import LONGEST_REASON
from models.snapshots import Thread
from models.snapshots.cases import Identity, Mergeable, Part

NAME = "merge"


class Ids(StrEnum):
    SOUGHT = "merge-sought"
    PERSON = "merge-person"
    THREAD = "merge-thread"
    REASON = "merge-reason"
    OF = "merge-of"


def undo(kind: str | Wildcard, merge_id: int | Wildcard) -> dict[str, Any]:
    """The button that takes this merge back."""
    return {"type": "unmerge", "kind": kind, "id": merge_id}


def offered(_thread: Thread) -> bool:
    """Anybody may turn out to be somebody else."""
    return True


def draw(thread: Thread, found: Mergeable) -> Any:
    """Whom to merge with, which conversation to show in one thread with this one, and what is merged already."""
    look = dbc.Input(
        id=Ids.SOUGHT, value="", maxlength=80, size="sm", debounce=False, autocomplete="off", type="search"
    )
    why = dbc.Input(id=Ids.REASON, value="", maxlength=LONGEST_REASON, size="sm", autocomplete="off")
    fields = [
        dcc.Store(id=Ids.OF, data=found.conversation_id),
        *_standing(found),
        frame.field(Ids.SOUGHT, "Look for another name or handle", look),
        frame.field(
            Ids.PERSON, "The same person as", dbc.Select(id=Ids.PERSON, options=people(found), value="", size="sm")
        ),
        frame.choice(Ids.THREAD, "One thread with", threads(found)) if found.conversations else _no_thread(),
        frame.field(Ids.REASON, "Why", why, "stands in the record for good: no addresses, no names"),
    ]
    return frame.form(NAME, thread, "Same person, same thread", fields, "Merge")


def people(found: Mergeable) -> list[dict[str, str]]:
    """Other identities that may be the same person."""
    first = "Choose" if found.identities else "Nobody else of that name"
    return [{"value": "", "label": first}, *({"value": str(one.id), "label": _name(one)} for one in found.identities)]


def threads(found: Mergeable) -> Sequence[tuple[str, str]]:
    """Other conversations of the person."""
    return [(str(one.id), f"{wording.channel(one.channel)}, {one.account}: {one.state}") for one in found.conversations]


def _no_thread() -> html.Div:
    hidden = dcc.Input(id=Ids.THREAD, type="hidden", value="")
    words = "This person has no other conversation here: there is nothing to make one thread with."
    return html.Div([html.P(words, className="aside"), hidden], className="form-field")


def _standing(found: Mergeable) -> list[Any]:
    rows = [_undo("contact", one.merge_id, _name(one)) for one in found.bonds.identities if one.merge_id is not None]
    rows += [_undo("conversation", one.merge_id, _part(one)) for one in found.bonds.parts if one.merge_id is not None]
    return [html.Ul(rows, className="merged")] if rows else []


def _undo(kind: str, merge_id: int, words: str) -> html.Li:
    said = "The same person: " if kind == "contact" else "In this thread: "
    button = html.Button(["Take back ", html.Span(marks.plain(words), className="visually-hidden")],
                         id=undo(kind, merge_id), className="button-quiet", type="button")  # fmt: skip
    return html.Li([said, marks.remote(words), " ", button])


def _name(one: Identity) -> str:
    name = f"{one.name}, {one.handle}" if one.name else one.handle
    return f"{marks.plain(name)}, {wording.channel(one.channel)}"


def _part(one: Part) -> str:
    return f"{wording.channel(one.channel)}, {marks.plain(one.account)}"
