"""An entry of the decision log, and the fields of a new one. Its texts are only ever strings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts import wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from models.decisions import HEADINGS, LONGEST_ANSWER
from models.snapshots.cases import DecisionMark

NEW = "new"
TITLES = {key: title for key, title, _ in HEADINGS}


def decision(one: DecisionMark, now: datetime, zone: str) -> html.Article:
    """The entry under its headings; one that was corrected is folded, with the number of what took its place."""
    about = f"Decision {one.id} by {one.author}, {wording.moment(one.at, now, zone)}"
    corrects = f", corrects decision {one.corrects}" if one.corrects is not None else ""
    lines = [html.Div([html.Dt(TITLES.get(key, key)), html.Dd(marks.remote(said))]) for key, said in one.answers]
    told = html.Dl(lines, className="methane-lines")
    named = attributes(data_decision=str(one.id))
    if one.corrected is None:
        parts: list[Any] = [html.P(html.Strong(marks.plain(f"{about}{corrects}")), className="note-about"), told]
        return html.Article(parts, className="note decision", **named)
    gone = f"{about}{corrects}: corrected by decision {one.corrected}"
    return html.Article(
        html.Details([html.Summary(marks.plain(gone)), told]), className="note decision is-corrected", **named
    )


def fields(prefix: str, entries: Sequence[DecisionMark], now: datetime, zone: str) -> list[Any]:
    """A line for each heading, and which entry the new one corrects, if any."""
    listed = [
        (str(one.id), f"decision {one.id} of {wording.moment(one.at, now, zone)}")
        for one in reversed(entries)
        if one.corrected is None
    ]
    lines = [
        frame.field(
            part_of(prefix, key),
            title,
            dbc.Input(id=part_of(prefix, key), type="text", maxlength=LONGEST_ANSWER, value="", size="sm"),
            hint,
        )
        for key, title, hint in HEADINGS
    ]
    corrects = [frame.choice(corrects_of(prefix), "It corrects", [(NEW, "none: it is new"), *listed], NEW)]
    return [*lines, *corrects]


def part_of(prefix: str, key: str) -> str:
    """The id of a heading's field."""
    return f"{prefix}-{key}"


def corrects_of(prefix: str) -> str:
    """The id of the field that says which entry is corrected."""
    return f"{prefix}-corrects"
