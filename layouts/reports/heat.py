"""A week as a table of shades: seven days by twenty-four hours, each cell with its figure, so that it reads without colour."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import html

from layouts.components.attributes import attributes

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = 6
"""Classes ``heat-0`` (none) to ``heat-6`` (the most)."""

Week = Sequence[Sequence[float | None]]


def week(caption: str, values: Week, said: Callable[[float], str], closed: Week | None = None) -> html.Div:
    """The table. A cell that is not known is blank and hatched; one that is mostly out of hours carries a mark.

    ``closed`` is how much of each hour was inside opening windows, 0 to 1.
    """
    most = max((value for row in values for value in row if value), default=0)
    hours = [html.Th(f"{hour:02d}", scope="col") for hour in range(24)]
    corner = html.Th(html.Span("Day", className="visually-hidden"), scope="col")
    rows = [
        html.Tr(
            [
                html.Th(name, scope="row"),
                *(
                    _cell(values[day][hour], most, said, None if closed is None else closed[day][hour])
                    for hour in range(24)
                ),
            ]
        )
        for day, name in enumerate(DAYS)
    ]
    table = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(html.Tr([corner, *hours])), html.Tbody(rows)],
        className="heat",
    )
    return html.Div(table, className="heat-holder", tabIndex=0, role="region", **attributes(aria_label=caption))


def _cell(value: float | None, most: float, said: Callable[[float], str], opened: float | None) -> html.Td:
    outside = opened is not None and opened < 0.5
    marks: list[Any] = [html.Span(", out of hours", className="visually-hidden")] if outside else []
    look = " heat-closed" if outside else ""
    if value is None:
        return html.Td(html.Span("not known", className="visually-hidden"), className=f"heat-unknown{look}")
    return html.Td([said(value), *marks], className=f"heat-{shade(value, most)}{look}")


def shade(value: float, most: float) -> int:
    """How dark: 0 for nothing at all, else 1 to ``SHADES`` in even steps up to the most."""
    if value <= 0 or most <= 0:
        return 0
    return min(SHADES, 1 + int(value / most * SHADES - 1e-9))


def closed_note() -> html.P:
    """What the mark of an hour out of hours means."""
    mark = html.Span(className="swatch-closed", **attributes(aria_hidden="true"))
    return html.P([mark, "mostly outside opening hours"], className="heat-note aside")
