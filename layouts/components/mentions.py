"""A field in which @ offers the colleagues who may read here: ``assets/47-mentions.js`` fills the list in by keyboard."""

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts.components import marks
from layouts.components.attributes import attributes
from models.notes import LONGEST_NOTE
from models.snapshots.cases import Colleague


def mentions(part: str, label: str, people: Sequence[Colleague], value: str = "", rows: int = 3) -> html.Div:
    """The field with its label, and the list that stands ready."""
    choices = [_choice(part, one) for one in people]
    listed = html.Ul(
        choices, id=f"{part}-people", className="mention-list", role="listbox", hidden=True, **_label("Colleagues")
    )
    area = dbc.Textarea(id=part, value=value, rows=rows, maxlength=LONGEST_NOTE, size="sm")
    aside = html.Span("@ calls a colleague to it", className="aside")
    return html.Div(
        [html.Label([label, " ", aside], htmlFor=part), area, listed],
        className="form-field mention",
        **attributes(data_mentions=part),
    )


def _choice(part: str, one: Colleague) -> html.Li:
    return html.Li(
        [html.Strong(marks.remote(one.name)), " ", html.Span(marks.plain(f"@{one.sign_in}"), className="aside")],
        id=f"{part}-{one.id}",
        role="option",
        **attributes(data_sign_in=one.sign_in, aria_selected="false"),
    )


def _label(words: str) -> dict[str, Any]:
    return attributes(aria_label=words)
