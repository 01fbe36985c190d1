"""The board `response`: how long people waited for a first human reply, day by day."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts import definitions, figures, wording
from layouts.components import chart
from layouts.components.attributes import attributes
from layouts.components.tile import Props, figure, head, placed
from models.snapshots import ResponseBoard

TileProps = dict[str, dict[str, Any]]


class Ids(StrEnum):
    PAGE = "response-board"
    CAPTION = "response-caption"
    SENTENCE = "response-sentence"
    CHART = "response-chart"
    TABLE = "response-table"
    FIGURE = "response-figure"
    UNIT = "response-unit"
    LINE = "response-line"
    TOTAL_CAPTION = "response-total-caption"
    LIVE_TABLE = "live-response-table"


def tiles(board: ResponseBoard) -> TileProps:
    """What the board's texts say, at first paint and by push."""
    total = board.total
    at = f"as at {wording.clock(board.as_at, board.workspace.zone)}"
    number, rest = wording.split(wording.wait(total.median))
    if total.n and total.median is None:
        number, _, rest = wording.spread(total).partition(" ")
    few = total.n and total.median is None
    return {
        Ids.CAPTION: {"children": f"by local day, {board.workspace.zone}, {at}"},
        Ids.TOTAL_CAPTION: {"children": f"24 h, n {wording.number(total.n)}, {at}"},
        Ids.FIGURE: {"children": number},
        Ids.UNIT: {"children": f"{rest} {'range' if few else 'median'}" if rest else ""},
        Ids.LINE: {"children": "under 20: no median" if few else f"90% in {wording.wait(total.p90)}"},
        Ids.SENTENCE: {"children": sentence(board)},
    }


def sentence(board: ResponseBoard) -> str:
    """The chart in words."""
    known = [one for one in board.days if one.median is not None]
    if not known:
        return "No day has 20 first turns yet: single waits are shown as points."
    slowest = max(known, key=lambda one: one.median.length if one.median else timedelta())
    last = known[-1]
    return (
        f"On {wording.day(last.day)} half were answered within {wording.wait(last.median)} and 90% within "
        f"{wording.wait(last.p90)} (n {wording.number(last.n)}); "
        f"the slowest median was {wording.wait(slowest.median)} on {wording.day(slowest.day)}."
    )


def page(board: ResponseBoard, theme: str = "dark") -> html.Div:
    """The board at first paint."""
    return html.Div(
        [
            dcc.Store(id=Ids.LIVE_TABLE),
            html.H1("Wallboard", className="visually-hidden"),
            *body(board, theme),
        ],
        id=Ids.PAGE,
        className="wall wall-board",
        **attributes(data_workspace=board.workspace.slug, data_board="response", data_revision=str(board.revision)),
    )


def body(board: ResponseBoard, theme: str = "dark") -> list[html.Section]:
    """The figure of the last 24 hours and the chart."""
    said = tiles(board)
    return [_total(said), _chart(said, board, theme)]


def drawing(board: ResponseBoard, theme: str) -> dict[str, Any]:
    """The chart, drawn again when its own numbers changed."""
    return figures.response(board, theme)


def _total(said: Props) -> html.Section:
    return html.Section(
        [
            head(said, "First response", Ids.TOTAL_CAPTION, definitions.FIRST_RESPONSE),
            figure(said, Ids.FIGURE, Ids.UNIT),
            placed(said, Ids.LINE, html.P, className="state"),
        ],
        className="tile tile-total",
    )


def _chart(said: Props, board: ResponseBoard, theme: str) -> html.Section:
    entries = [
        ("swatch-standard", "median"),
        ("swatch-priority", "90% in"),
        ("swatch-point", "single waits, on a day under 20"),
        ("swatch-open", "still open"),
    ]
    return html.Section(
        [
            head(said, "First response by day", Ids.CAPTION, definitions.RESPONSE),
            placed(said, Ids.SENTENCE, html.P, className="sentence"),
            html.Div([chart.graph(Ids.CHART, drawing(board, theme), Ids.SENTENCE)], className="chart-body"),
            chart.legend(entries),
            chart.table_toggle(Ids.TABLE, Ids.LIVE_TABLE),
        ],
        className="tile tile-chart",
    )


def table(board: ResponseBoard) -> html.Table:
    """A day a row, the newest first."""
    rows = [
        [
            wording.day(one.day) + (", still open" if one.open else ""),
            wording.number(one.n),
            wording.number(one.unanswered),
            wording.wait(one.median),
            wording.wait(one.p90),
        ]
        for one in reversed(board.days)
    ]
    return chart.table("First response by local day", ["Day", "n", "Unanswered", "Median", "90% in"], rows)
