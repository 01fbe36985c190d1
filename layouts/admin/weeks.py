"""A week of opening hours: seven short texts, read and written the same way."""

from collections.abc import Sequence
from itertools import groupby

import dash_bootstrap_components as dbc
from dash import html

from layouts.components.forms import Form
from models.weeks import WEEKDAYS


def week_fields(
    form: Form, week: Sequence[str], hint: str = "Such as 09:00-17:00, all day, or nothing where it is closed."
) -> html.Fieldset:
    """A field for each weekday."""
    fields = [
        part
        for number, name in enumerate(WEEKDAYS)
        for part in (
            html.Label(name[:3], htmlFor=form.id(f"day{number}"), title=name),
            dbc.Input(id=form.id(f"day{number}"), value=week[number], size="sm", maxlength=100, autocomplete="off"),
        )
    ]
    return html.Fieldset(
        [html.Legend("Opening hours"), html.P(hint, className="aside hint"), html.Div(fields, className="week")]
    )


def short(week: Sequence[str]) -> str:
    """A week in one line: "Mon-Fri 09:00-17:00, Sat 10:00-14:00"; "closed all week" where nothing opens."""
    parts, at = [], 0
    for text, group in groupby(week):
        length = len(list(group))
        if text:
            last = f"-{WEEKDAYS[at + length - 1][:3]}" if length > 1 else ""
            parts.append(f"{WEEKDAYS[at][:3]}{last} {text}")
        at += length
    return ", ".join(parts) or "closed all week"
