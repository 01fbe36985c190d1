"""A chart with what makes it readable without seeing it: a sentence, a table, and direct labels beside it."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html

from layouts.components.attributes import attributes

CONFIG: Any = {
    "displayModeBar": False,
    "responsive": True,
    "staticPlot": False,
    "scrollZoom": False,
    "doubleClick": False,
}


def graph(part: str, figure: dict[str, Any], sentence_id: str) -> html.Div:
    """The drawing. For a screen reader it is one image, described by its sentence; the table holds the numbers."""
    drawing = dcc.Graph(id=part, figure=figure, config=CONFIG, className="graph", responsive=True)
    return html.Div(drawing, className="graph-holder", role="img", **attributes(aria_labelledby=sentence_id))


def table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> html.Table:
    """The same figures as words; the first column names the row."""
    body = [html.Tr([html.Th(first, scope="row"), *(html.Td(cell) for cell in rest)]) for first, *rest in rows]
    titles = html.Thead(html.Tr([html.Th(header, scope="col") for header in headers]))
    return html.Table([html.Caption(caption), titles, html.Tbody(body)], className="figures-table")


def table_toggle(part: str, live: str) -> html.Details:
    """A chart's table, one click away. It is made when somebody opens it: at first paint it would take longer than the
    rest of the board. ``live`` is the region that asks for it.
    """
    holder = html.Div(id=part, className="table-holder", tabIndex=0, role="region", **attributes(aria_label="Table"))
    region = live.removeprefix("live-")
    return html.Details([html.Summary("Table"), holder], className="table-toggle", **attributes(data_region=region))


def legend(entries: Iterable[tuple[str, str]]) -> html.Ul:
    """Names beside the drawing: (class of the swatch, name)."""
    swatch = attributes(aria_hidden="true")
    return html.Ul(
        [html.Li([html.Span(className=f"swatch {look}", **swatch), name]) for look, name in entries], className="legend"
    )
