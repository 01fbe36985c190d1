"""The rows of a table that only stand there: a long one is drawn by our own script (``assets/47-still.js``).

Dash's time to draw a part of a page grows with the square of its elements: three hundred accounts held a browser for a minute.
"""

import json

from dash import html

from layouts.components.attributes import attributes
from layouts.components.tree import tree

MANY = 40
"""Rows that Dash draws itself."""


def rows(given: list[html.Tr]) -> html.Tbody:
    """The body of a table with these rows. Raises ``ValueError`` where many rows hold what the script does not make."""
    if len(given) <= MANY:
        return html.Tbody(given, role="rowgroup")
    return html.Tbody(role="rowgroup", **attributes(data_rows=json.dumps([tree(one) for one in given])))
