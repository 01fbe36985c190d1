"""A report's tables on the screen: the same cells that go into a file, in the words of the control room."""

from collections.abc import Callable
from typing import Any

from dash import html

from layouts import wording
from layouts.components import chart
from layouts.components.attributes import attributes
from layouts.components.marks import plain
from layouts.reports.picker import account_name
from models.snapshots import ReportHead, Wait
from models.tables import Cell, Column, FigureTable, What

KINDS = wording.KINDS
WORDS = {
    **KINDS,
    "": "no topic",
    "first": "first response",
    "next": "next responses",
    "ingestion": "until the network gave it to us",
    "unseen": "until somebody saw it",
    "unassessed": "until somebody assessed it",
    "unclaimed": "until somebody claimed it",
    "claimed": "until the answer was written",
    "approval": "until it was approved",
    "sending": "until the network took it",
}
"""What stands for the keys of a table's first column."""


def table(found: FigureTable, head: ReportHead) -> html.Table:
    """One table, a row a row."""
    headers = [_heading(column) for column in found.columns]
    rows = [[say(column, cell, head) for column, cell in zip(found.columns, row, strict=True)] for row in found.rows]
    return chart.table(found.title, headers, rows)


def wide(found: FigureTable, head: ReportHead) -> html.Div:
    """A table that scrolls by itself where the screen is narrower."""
    name = attributes(aria_label=found.title)
    return html.Div(table(found, head), className="wide-table", tabIndex=0, role="region", **name)


def folded(part: str, found: FigureTable, head: ReportHead) -> html.Details:
    """The table below its chart, one click away."""
    name = attributes(aria_label=f"Table: {found.title}")
    holder = html.Div(table(found, head), id=part, className="table-holder", tabIndex=0, role="region", **name)
    return html.Details([html.Summary("Table"), holder], className="table-toggle")


def _heading(column: Column) -> str:
    return wording.channel(column.name) if column.what is What.CHANNEL and column.name.islower() else column.name


def say(column: Column, cell: Cell, head: ReportHead) -> Any:
    """One cell in words; what is not known is a dash."""
    if cell is None:
        return wording.DASH
    if column.what is What.ACCOUNT:
        return account_name(head, str(cell))
    if isinstance(cell, int) and column.what in (What.COUNT, What.CHANNEL):
        return wording.number(cell)
    return _SAYS[column.what](cell)


def _text(cell: Any) -> Any:
    return plain(WORDS.get(cell, cell))


def _wait(cell: Wait) -> str:
    return wording.wait(cell)


_SAYS: dict[What, Callable[[Any], Any]] = {
    What.TEXT: _text,
    What.CHANNEL: wording.channel,
    What.DAY: wording.day,
    What.MEAN: wording.mean,
    What.SHARE: wording.share,
    What.RATE: wording.rate,
    What.RATIO: wording.ratio,
    What.WAIT: _wait,
}
