"""The board `hours`: which share of messages came out of hours, day by day, and how that compares by the hour."""

from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts import definitions, figures, wording
from layouts.components import chart
from layouts.components.attributes import attributes
from layouts.components.tile import Props, figure, head, placed
from models.snapshots import HoursBoard

TileProps = dict[str, dict[str, Any]]


class Ids(StrEnum):
    PAGE = "hours-board"
    CAPTION = "hours-caption"
    SENTENCE = "hours-sentence"
    CHART = "hours-chart"
    TABLE = "hours-table"
    FIGURE = "hours-figure"
    UNIT = "hours-unit"
    LINE = "hours-line"
    TOTAL_CAPTION = "hours-total-caption"
    LIVE_TABLE = "live-hours-table"


def tiles(board: HoursBoard) -> TileProps:
    """What the board's texts say, at first paint and by push."""
    total, text = board.total, wording.share(board.total.share)
    at = f"as at {wording.clock(board.as_at, board.workspace.zone)}"
    return {
        Ids.CAPTION: {"children": f"by local day, {board.workspace.zone}, {at}"},
        Ids.TOTAL_CAPTION: {"children": f"7 days, n {wording.number(total.n)}, {at}"},
        Ids.FIGURE: {"children": text.removesuffix("%")},
        Ids.UNIT: {"children": "%" if text.endswith("%") else ""},
        Ids.LINE: {"children": f"rate ratio {wording.ratio(total.rate_ratio)}"},
        Ids.SENTENCE: {"children": sentence(board)},
    }


def sentence(board: HoursBoard) -> str:
    """The chart in words."""
    known = [one for one in board.days if one.share is not None and not one.open]
    if not known:
        return "No full day with messages and a calendar yet: the chart fills as days pass."
    most = max(known, key=lambda one: one.share or 0)
    return (
        f"In the last 7 days {wording.share(board.total.share)} of messages came out of hours, "
        f"at {wording.ratio(board.total.rate_ratio)} times the in-hours rate; "
        f"most on {wording.day(most.day)}, {wording.share(most.share)}."
    )


def page(board: HoursBoard, theme: str = "dark") -> html.Div:
    """The board at first paint."""
    return html.Div(
        [
            dcc.Store(id=Ids.LIVE_TABLE),
            html.H1("Wallboard", className="visually-hidden"),
            *body(board, theme),
        ],
        id=Ids.PAGE,
        className="wall wall-board",
        **attributes(data_workspace=board.workspace.slug, data_board="hours", data_revision=str(board.revision)),
    )


def body(board: HoursBoard, theme: str = "dark") -> list[html.Section]:
    """The figure of the week and the chart."""
    said = tiles(board)
    return [_total(said, board), _chart(said, board, theme)]


def drawing(board: HoursBoard, theme: str) -> dict[str, Any]:
    """The chart, drawn again when its own numbers changed."""
    return figures.hours(board, theme)


def _total(said: Props, board: HoursBoard) -> html.Section:
    meaning = definitions.with_calendar(definitions.OUT_OF_HOURS, board.calendar_version)
    return html.Section(
        [
            head(said, "Out of hours", Ids.TOTAL_CAPTION, meaning),
            figure(said, Ids.FIGURE, Ids.UNIT),
            placed(said, Ids.LINE, html.P, className="state"),
        ],
        className="tile tile-total",
    )


def _chart(said: Props, board: HoursBoard, theme: str) -> html.Section:
    entries = [
        ("swatch-standard", "share out of hours"),
        ("swatch-line", "rate ratio"),
        ("swatch-open-day", "still open"),
        ("swatch-gap", "no data"),
    ]
    return html.Section(
        [
            head(
                said,
                "Out of hours by day",
                Ids.CAPTION,
                definitions.with_calendar(definitions.HOURS, board.calendar_version),
            ),
            placed(said, Ids.SENTENCE, html.P, className="sentence"),
            html.Div([chart.graph(Ids.CHART, drawing(board, theme), Ids.SENTENCE)], className="chart-body"),
            chart.legend(entries),
            chart.table_toggle(Ids.TABLE, Ids.LIVE_TABLE),
        ],
        className="tile tile-chart",
    )


def table(board: HoursBoard) -> html.Table:
    """A day a row, the newest first."""
    rows = [
        [
            wording.day(one.day) + (", still open" if one.open else ""),
            wording.number(one.n),
            wording.share(one.share),
            wording.ratio(one.rate_ratio),
        ]
        for one in reversed(board.days)
    ]
    return chart.table("Out-of-hours share by local day", ["Day", "n", "Out of hours", "Rate ratio"], rows)
