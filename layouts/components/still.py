"""The rows of a table that only stand there: a long one is drawn by our own script (``assets/47-still.js``).

Dash's time to draw a part of a page grows with the square of its elements: three hundred accounts held a browser for a minute.
"""

import json

from dash import html
from dash.development.base_component import Component

from layouts.components.attributes import attributes
from layouts.components.tree import TAGS, tag_of, tree

MANY = 40
"""Rows that Dash draws itself."""


def rows(given: list[html.Tr]) -> html.Tbody:
    """The body of a table with these rows. Dash draws a short one, and one with fields or anything else that a form names."""
    if len(given) <= MANY or not all(map(_only_stands, given)):
        return html.Tbody(given, role="rowgroup")
    return html.Tbody(role="rowgroup", **attributes(data_rows=json.dumps([tree(one) for one in given])))


def _only_stands(row: html.Tr) -> bool:
    """Whether the script makes everything in it. It gives no names, by which a form would find its fields."""
    parts = [row, *(part for part in row._traverse() if isinstance(part, Component))]
    return all(tag_of(part) in TAGS and getattr(part, "id", None) is None for part in parts)
