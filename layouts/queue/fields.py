"""Fields of the queue's tools."""

import dash_bootstrap_components as dbc
from dash import html

from layouts.components import marks

Options = list[tuple[str, str]]


def select(part: str, label: str, options: Options, value: str) -> html.Div:
    """A list of its options. A value of the address that is not among them is shown as it is."""
    listed = options if value in dict(options) else [*options, (value, marks.plain(value))]
    return html.Div(
        [
            html.Label(label, htmlFor=part, className="tool-label"),
            dbc.Select(
                id=part,
                options=[{"value": key, "label": marks.plain(name)} for key, name in listed],
                value=value,
                size="sm",
            ),
        ],
        className="tool",
    )
