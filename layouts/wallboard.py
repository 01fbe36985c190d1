"""The main board: is anyone waiting too long, is every account heard, is this screen alive. Nothing of a contact."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts import definitions, figures, wording
from layouts.boards.main import CELL_SLOTS, GRADE_SLOTS, Ids, cell_slot, oldest_slot, tiles, waiting_slot, within_slot
from layouts.components import chart
from layouts.components.attributes import attributes
from layouts.components.tile import Props, figure, head, placed, tile
from models.snapshots import Wallboard

__all__ = ["Ids", "body", "inbound_figure", "inbound_table", "page", "tiles"]


def page(board: Wallboard, theme: str = "dark") -> html.Div:
    """The board at first paint. Its parts are then pushed one by one; the chart is drawn again when it changed."""
    wall = html.Div(
        [
            dcc.Store(id=Ids.LIVE_TABLE),
            html.H1("Wallboard", className="visually-hidden"),
            *body(board, theme),
        ],
        id=Ids.PAGE,
        className="wall wall-main",
        **attributes(data_workspace=board.workspace.slug, data_board="main", data_revision=str(board.revision)),
    )
    return html.Div([placed(tiles(board), Ids.LOCKDOWN, html.P, role="status"), wall], className="wall-page")


def body(board: Wallboard, theme: str = "dark") -> list[Component]:
    """Every tile of the board."""
    said = tiles(board)
    return [
        _overdue_tile(said),
        _inbound_tile(said, board, theme),
        _waiting_tile(said),
        _first_tile(said),
        _within_tile(said),
        _hours_tile(said, board),
        _strip(said),
    ]


def _overdue_tile(said: Props) -> Component:
    parts = [
        head(said, "Most overdue", Ids.OVERDUE_CAPTION, definitions.MOST_OVERDUE),
        html.P(
            [
                placed(said, Ids.OVERDUE_FIGURE, className="figure", **attributes(data_part="figure")),
                " ",
                placed(said, Ids.OVERDUE_UNIT, className="unit", **attributes(data_part="unit")),
            ],
            className="tile-figure",
        ),
        html.P(
            [placed(said, Ids.OVERDUE_SHAPE, **attributes(aria_hidden="true")), placed(said, Ids.OVERDUE_GRADE)],
            className="state",
        ),
        html.P(
            [placed(said, Ids.OVERDUE_DUE, className="due"), " ", placed(said, Ids.OVERDUE_TARGET, className="aside")],
            className="state state-due",
        ),
        html.Div([_grade_line(said, oldest_slot, slot, "age") for slot in range(GRADE_SLOTS)], className="oldest"),
    ]
    return tile(said, Ids.OVERDUE, parts)


def _inbound_tile(said: Props, board: Wallboard, theme: str) -> Component:
    found = board.inbound
    entries = [(f"channel-{figures.channel_look(key)}", wording.channel(key)) for key in reversed(found.channels)]
    entries += [("swatch-usual", "usual"), ("swatch-band", "out of hours"), ("swatch-gap", "no data")]
    return html.Section(
        [
            head(
                said,
                "Inbound activity, last 24 hours",
                Ids.INBOUND_CAPTION,
                definitions.with_calendar(definitions.INBOUND, board.calendar_version),
            ),
            placed(said, Ids.SURGE, html.P, role="status"),
            placed(said, Ids.INBOUND_SENTENCE, html.P, className="visually-hidden"),
            html.Div(
                [
                    chart.graph(Ids.INBOUND_CHART, inbound_figure(board, theme), Ids.INBOUND_SENTENCE),
                    chart.legend(entries),
                ],
                className="chart-body",
            ),
            chart.table_toggle(Ids.INBOUND_TABLE, Ids.LIVE_TABLE),
        ],
        className="tile tile-chart",
    )


def inbound_figure(board: Wallboard, theme: str) -> dict[str, Any]:
    """The chart, drawn again when its own numbers changed."""
    return figures.inbound(board.inbound, board.as_at, board.workspace.zone, theme)


def inbound_table(board: Wallboard) -> html.Table:
    """The chart's figures, an hour a row. An hour inside a gap has dashes."""
    found, zone = board.inbound, board.workspace.zone
    rows = []
    for hour in found.hours:
        known = not any(gap.begins <= hour.begins < gap.ends for gap in found.gaps)
        counts = [wording.number(count if known else None) for count in hour.counts]
        total = wording.number(sum(hour.counts) if known else None)
        rows.append([wording.hour_minute(hour.begins, zone), *counts, total, wording.number(hour.usual)])
    names = [wording.channel(key) for key in found.channels]
    return chart.table(f"Inbound messages by hour, {zone}", ["Hour", *names, "All", "Usual"], rows)


def _waiting_tile(said: Props) -> Component:
    lines = [_grade_line(said, waiting_slot, slot, "count") for slot in range(GRADE_SLOTS)]
    parts = [
        head(said, "Waiting", Ids.WAITING_CAPTION, definitions.WAITING),
        html.Div(
            [figure(said, Ids.WAITING_FIGURE, Ids.WAITING_UNIT), html.Div(lines, className="grade-lines")],
            className="tile-side",
        ),
    ]
    return tile(said, Ids.WAITING, parts, className="tile tile-waiting")


def _grade_line(said: Props, name: Any, slot: int, figure_part: str) -> Component:
    parts: list[Any] = [
        placed(said, name(slot, "shape"), **attributes(aria_hidden="true")),
        placed(said, name(slot, figure_part), className="grade-figure"),
        " ",
        placed(said, name(slot, "word"), className="grade-name"),
    ]
    return placed(said, name(slot, "line"), html.P, children=parts)


def _first_tile(said: Props) -> Component:
    line: list[Any] = [placed(said, Ids.FIRST_LINE), " ", placed(said, Ids.FIRST_OPEN, className="aside")]
    parts = [
        head(said, "First response", Ids.FIRST_CAPTION, definitions.FIRST_RESPONSE),
        figure(said, Ids.FIRST_FIGURE, Ids.FIRST_UNIT),
        html.P(line, className="state"),
    ]
    return tile(said, Ids.FIRST, parts, className="tile tile-first")


def _within_tile(said: Props) -> Component:
    lines = [_grade_line(said, within_slot, slot, "share") for slot in range(GRADE_SLOTS)]
    parts = [
        head(said, "Within target", Ids.WITHIN_CAPTION, definitions.WITHIN_TARGET),
        html.Div(
            [figure(said, Ids.WITHIN_FIGURE, Ids.WITHIN_UNIT), html.Div(lines, className="grade-lines grade-shares")],
            className="tile-side",
        ),
    ]
    return tile(said, Ids.WITHIN, parts)


def _hours_tile(said: Props, board: Wallboard) -> Component:
    line: list[Any] = [placed(said, Ids.HOURS_LINE, className="aside"), " ", placed(said, Ids.HOURS_RATIO)]
    meaning = definitions.with_calendar(definitions.OUT_OF_HOURS, board.calendar_version)
    parts = [
        head(said, "Out of hours", Ids.HOURS_CAPTION, meaning),
        figure(said, Ids.HOURS_FIGURE, Ids.HOURS_UNIT),
        html.P(line, className="state"),
    ]
    return tile(said, Ids.HOURS, parts, className="tile tile-hours")


def _strip(said: Props) -> Component:
    cells = [_strip_cell(said, slot) for slot in range(CELL_SLOTS)]
    others = placed(
        said,
        Ids.OTHERS,
        html.Li,
        children=[
            placed(said, Ids.OTHERS_SHAPE, **attributes(aria_hidden="true")),
            placed(said, Ids.OTHERS_FIGURE, className="cell-handle"),
            placed(said, Ids.OTHERS_WORDS, className="cell-words"),
        ],
    )
    return html.Section(
        [html.H2("Accounts", className="visually-hidden"), html.Ul([*cells, others], className="strip-cells")],
        className="strip",
    )


def _strip_cell(said: Props, slot: int) -> Component:
    words = [
        placed(said, cell_slot(slot, "words"), className="cell-state"),
        placed(said, cell_slot(slot, "age")),
        placed(said, cell_slot(slot, "tail")),
    ]
    parts = [
        placed(said, cell_slot(slot, "shape"), **attributes(aria_hidden="true")),
        placed(said, cell_slot(slot, "handle"), className="cell-handle"),
        html.Span(words, className="cell-words"),
    ]
    return placed(said, cell_slot(slot, "cell"), html.Li, children=parts)
