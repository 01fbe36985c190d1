"""Figures for plotly as plain dictionaries, drawn from bars, lines and text only (the basic bundle).

Margins are nought and the axes stand in shares of the drawing, so that one figure fits a desk and a wall of any size;
the size of its text is set by the style sheets.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from layouts import palette, wording
from models.snapshots import DayHours, DayResponse, HoursBoard, Inbound, InboundHour, Period, ResponseBoard, Wait

Figure = dict[str, Any]
Colours = dict[str, str]

HOUR = timedelta(hours=1)
STEPS = (1, 2, 5)
BAR = 0.76


def channel_look(key: str) -> str:
    """Which fixed colour a channel has."""
    return key if key in palette.CHANNELS else "other"


def ceiling(highest: float) -> tuple[int, int]:
    """The end of an axis that begins at 0, and its step: 2 to 4 steps of 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for step in STEPS:
            if highest <= 4 * step * size:
                end = -(-int(highest + 0.999) // (step * size)) * step * size
                return max(end, 2 * step * size), step * size
        size *= 10


def skeleton(theme: str) -> tuple[Figure, Colours]:
    """What every chart shares: no margins, no mode bar, hairline grid, our type and colours."""
    ink = palette.colours(theme)
    font = {"family": "Atkinson Hyperlegible Next, Arial, sans-serif", "size": 13, "color": ink["muted"]}
    layout = {
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": font,
        "showlegend": False,
        "barmode": "overlay",
        "bargap": 1 - BAR,
        "dragmode": False,
        "hoverlabel": {"bgcolor": ink["panel"], "bordercolor": ink["edge"], "font": {**font, "color": ink["text"]}},
        "shapes": [],
        "annotations": [],
    }
    return {"data": [], "layout": layout}, ink


def axis(ink: Colours, **props: Any) -> dict[str, Any]:
    """An axis with a hairline grid and nothing else."""
    bare = {"zeroline": False, "fixedrange": True, "gridcolor": ink["line"], "showgrid": False, "ticks": ""}
    return {**bare, "tickfont": {"color": ink["muted"], "size": 13}, **props}


def note(text: str, x: float, y: float, colour: str, **props: Any) -> dict[str, Any]:
    """Words in a chart, at data coordinates unless told otherwise."""
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"color": colour, "size": 13}, **props}


def band(ink: Colours, x0: float, x1: float) -> dict[str, Any]:
    """A shaded stretch behind the bars."""
    where = {"xref": "x", "yref": "y domain", "x0": x0, "x1": x1, "y0": 0, "y1": 1}
    return {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": ink["band"], **where}


def position(at: datetime, hours: Sequence[InboundHour]) -> float:
    """Where an instant stands on an axis of hours, the middle of the first at 0. Twice 01:00 is two hours."""
    return (at - hours[0].begins) / HOUR - 0.5


def inbound(found: Inbound, as_at: datetime, zone: str, theme: str = "dark") -> Figure:
    """Inbound messages of the last 24 hours by channel, with what is usual, hours that were closed, gaps and now."""
    figure, ink = skeleton(theme)
    hours, totals = found.hours, [sum(hour.counts) for hour in found.hours]
    if not hours:
        return figure
    end, step = ceiling(max([*totals, *(hour.usual or 0 for hour in hours), 1]) * 1.12)
    marked = [index for index, hour in enumerate(hours) if wording.local(hour.begins, zone).hour % 3 == 0]
    labels = [wording.hour_minute(hours[index].begins, zone) for index in marked]
    figure["layout"] |= {
        "xaxis": axis(ink, range=[-0.5, len(hours) - 0.5], domain=[0.045, 1], tickvals=marked, ticktext=labels),
        "yaxis": axis(ink, range=[0, end], domain=[0.13, 0.92], dtick=step, tick0=0, showgrid=True),
    }
    figure["data"] = [
        *_stacks(found, totals, zone, ink),
        _usual(hours, ink),
        *([_gaps(found.gaps, hours, end, ink)] if found.gaps else []),
    ]
    _mark_closed(figure, found, ink)
    _mark_now(figure, position(as_at, hours), ink)
    _mark_most(figure, found, totals, ink)
    return figure


def _stacks(found: Inbound, totals: Sequence[int], zone: str, ink: Colours) -> list[dict[str, Any]]:
    """A bar an hour and channel, each with its own base."""
    base, traces = [0] * len(found.hours), []
    said = [
        f"{wording.hour_minute(hour.begins, zone)}: {total} in all"
        for hour, total in zip(found.hours, totals, strict=True)
    ]
    for index, key in enumerate(found.channels):
        counts = [hour.counts[index] for hour in found.hours]
        traces.append(
            {
                "type": "bar",
                "name": wording.channel(key),
                "x": list(range(len(counts))),
                "y": counts,
                "base": list(base),
                "width": BAR,
                "customdata": said,
                "hovertemplate": f"%{{customdata}}, {wording.channel(key)} %{{y}}<extra></extra>",
                "marker": {"color": palette.channel(ink, key), "line": {"width": 1, "color": ink["panel"]}},
            }
        )
        base = [low + count for low, count in zip(base, counts, strict=True)]
    return traces


def _usual(hours: Sequence[InboundHour], ink: Colours) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "usual",
        "x": list(range(len(hours))),
        "y": [hour.usual for hour in hours],
        "connectgaps": False,
        "line": {"color": ink["text"], "width": 2, "dash": "dot"},
        "hovertemplate": "usual %{y:.0f}<extra></extra>",
    }


def _gaps(gaps: Sequence[Period], hours: Sequence[InboundHour], end: int, ink: Colours) -> dict[str, Any]:
    """Hatching over the time for which there is no data."""
    edges = [(position(gap.begins, hours), position(gap.ends, hours)) for gap in gaps]
    edges = [(max(low, -0.5), min(high, len(hours) - 0.5)) for low, high in edges]
    return hatched([(low + high) / 2 for low, high in edges], [high - low for low, high in edges], end, ink)


def hatched(middles: Sequence[float], widths: Sequence[float], end: float, ink: Colours) -> dict[str, Any]:
    """What is not known, from the foot to the top of the drawing: never a bar of nought."""
    hatch = {"shape": "/", "fgcolor": ink["unknown"], "bgcolor": ink["panel"], "size": 9, "solidity": 0.15}
    return {
        "type": "bar",
        "name": "no data",
        "x": list(middles),
        "y": [end] * len(middles),
        "width": list(widths),
        "marker": {"color": ink["unknown"], "pattern": hatch, "line": {"width": 0}},
        "hovertemplate": "no data<extra></extra>",
    }


def _mark_closed(figure: Figure, found: Inbound, ink: Colours) -> None:
    last = len(found.hours) - 0.5
    edges = [(position(p.begins, found.hours), position(p.ends, found.hours)) for p in found.out_of_hours]
    edges = [(max(low, -0.5), min(high, last)) for low, high in edges if high > -0.5 and low < last]
    figure["layout"]["shapes"] += [band(ink, low, high) for low, high in edges]
    wide = max(edges, key=lambda edge: edge[1] - edge[0], default=None)
    if wide and wide[1] - wide[0] >= 4:
        where = {"xanchor": "left", "yanchor": "top", "yref": "y domain", "xshift": 6}
        figure["layout"]["annotations"].append(note("out of hours", wide[0], 1, ink["muted"], **where))


def _mark_now(figure: Figure, x: float, ink: Colours) -> None:
    line = {"color": ink["text"], "width": 2}
    where = {"xref": "x", "yref": "y domain", "x0": x, "x1": x, "y0": 0, "y1": 1}
    figure["layout"]["shapes"].append({"type": "line", "line": line, **where})
    figure["layout"]["annotations"].append(
        note("now", x, 1, ink["text"], xanchor="right", yanchor="bottom", yref="y domain")
    )


def _mark_most(figure: Figure, found: Inbound, totals: Sequence[int], ink: Colours) -> None:
    """The highest bar carries its number."""
    most = max(totals)
    if most:
        index = totals.index(most)
        figure["layout"]["annotations"].append(
            note(f"<b>{wording.number(most)}</b>", index, most, ink["text"], yanchor="bottom")
        )


def day_axis(days: Sequence[DayHours] | Sequence[DayResponse], ink: Colours) -> dict[str, Any]:
    """Local days from left to right: up to fifteen by weekday and number, of more the Mondays with their date."""
    dates = [one.day for one in days]
    all_named = len(dates) <= 15
    marked = [index for index, one in enumerate(dates) if all_named or one.weekday() == 0]
    labels = [f"{dates[index]:%a} {dates[index].day}" if all_named else wording.day(dates[index]) for index in marked]
    return axis(ink, range=[-0.6, len(days) - 0.4], domain=[0.09, 0.99], tickangle=0, tickvals=marked, ticktext=labels)


def hours(board: HoursBoard, theme: str = "dark") -> Figure:
    """Out-of-hours share by local day, and below it the rate ratio against 1 (as many an hour as in hours)."""
    figure, ink = skeleton(theme)
    days = board.days
    if not days:
        return figure
    top = ceiling(max([1.5, *(one.rate_ratio or 0 for one in days)]))
    figure["layout"] |= {
        "xaxis": {**day_axis(days, ink), "anchor": "y2"},
        "yaxis": axis(ink, range=[0, 1.08], domain=[0.42, 0.99], tickformat=".0%", dtick=0.25, tick0=0, showgrid=True),
        "yaxis2": axis(ink, range=[0, top[0]], domain=[0.1, 0.34], dtick=top[1], tick0=0, anchor="x"),
    }
    even = {"xref": "paper", "yref": "y2", "x0": 0.09, "x1": 0.99, "y0": 1, "y1": 1}
    figure["layout"]["shapes"].append(
        {"type": "line", "line": {"color": ink["edge"], "width": 1, "dash": "dot"}, **even}
    )
    where = {"xref": "paper", "yref": "y2", "xanchor": "right", "yanchor": "bottom"}
    figure["layout"]["annotations"].append(note("1 = as in hours", 0.99, 1, ink["muted"], **where))
    gone = [index for index, one in enumerate(days) if one.share is None]
    figure["data"] = [
        _shares(days, ink),
        _ratios(days, ink),
        *([hatched(gone, [BAR] * len(gone), 1, ink)] if gone else []),
    ]
    return figure


def _shares(days: Sequence[DayHours], ink: Colours) -> dict[str, Any]:
    hatch = {
        "shape": ["/" if one.open else "" for one in days],
        "fgcolor": ink["panel"],
        "fillmode": "overlay",
        "size": 8,
        "solidity": 0.4,
    }
    return {
        "type": "bar",
        "name": "out of hours",
        "x": list(range(len(days))),
        "y": [one.share for one in days],
        "text": [wording.share(one.share) if one.share is not None else "" for one in days],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "constraintext": "none",
        "textfont": {"color": ink["text"], "size": 13},
        "marker": {"color": ink["standard"], "line": {"width": 0}, "pattern": hatch},
        "customdata": [f"{wording.day(one.day)}, n {wording.number(one.n)}" for one in days],
        "hovertemplate": "%{customdata}: %{text} out of hours<extra></extra>",
    }


def _ratios(days: Sequence[DayHours], ink: Colours) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "rate ratio",
        "yaxis": "y2",
        "x": list(range(len(days))),
        "y": [one.rate_ratio for one in days],
        "connectgaps": False,
        "line": {"color": ink["text"], "width": 2},
        "marker": {"color": ink["text"], "size": 7},
        "customdata": [wording.day(one.day) for one in days],
        "hovertemplate": "%{customdata}: rate ratio %{y:.2f}<extra></extra>",
    }


WAIT_TICKS = ((1, "1 min"), (5, "5 min"), (15, "15 min"), (60, "1 h"), (240, "4 h"), (1440, "1 d"), (10080, "7 d"))


def response(board: ResponseBoard, theme: str = "dark") -> Figure:
    """Median and 90% of first response by local day on a scale of powers; days below n = 20 show every wait."""
    figure, ink = skeleton(theme)
    days = board.days
    if not days:
        return figure
    low, high = _wait_range(days)
    kept = [(minutes, label) for minutes, label in WAIT_TICKS if low <= minutes <= high]
    places = {"tickvals": [minutes for minutes, _ in kept], "ticktext": [label for _, label in kept]}
    span = [power(low), power(high)]
    figure["layout"] |= {
        "xaxis": {**day_axis(days, ink), "domain": [0.09, 0.85]},
        "yaxis": axis(ink, type="log", range=span, domain=[0.12, 0.97], showgrid=True, **places),
    }
    figure["data"] = [_points(days, ink), _line(days, "p90", ink["priority"]), _line(days, "median", ink["standard"])]
    for name, words, colour in (("median", "median", ink["standard"]), ("p90", "90% in", ink["priority"])):
        figure["layout"]["annotations"] += _last_label(days, name, words, colour)
    return figure


def _minutes(length: timedelta) -> float:
    return max(length.total_seconds() / 60, 0.5)


def power(minutes: float) -> float:
    """Where a wait stands on an axis of powers."""
    return math.log10(minutes)


def _wait_range(days: Sequence[DayResponse]) -> tuple[float, float]:
    known = [_minutes(wait.length) for one in days for wait in (one.median, one.p90) if wait]
    known += [_minutes(length) for one in days for length in one.points]
    return min([1.0, *known]) * 0.8, max([60.0, *known]) * 1.3


def _line(days: Sequence[DayResponse], name: str, colour: str) -> dict[str, Any]:
    """A percentile by day. One that is only known to be longer points upwards."""
    waits: list[Wait | None] = [getattr(one, name) for one in days]
    symbols = [
        "triangle-up" if wait and not wait.reached else "circle-open" if one.open else "circle"
        for one, wait in zip(days, waits, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(range(len(days))),
        "y": [_minutes(wait.length) if wait else None for wait in waits],
        "connectgaps": False,
        "line": {"color": colour, "width": 3},
        "marker": {"color": colour, "size": 11, "symbol": symbols},
        "customdata": [
            f"{wording.day(one.day)}, n {one.n}: {name} {wording.wait(wait)}"
            for one, wait in zip(days, waits, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _points(days: Sequence[DayResponse], ink: Colours) -> dict[str, Any]:
    """Every single wait of a day with too few for a percentile."""
    found = [(index, one, length) for index, one in enumerate(days) for length in one.points]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "single waits",
        "x": [index for index, _, _ in found],
        "y": [_minutes(length) for _, _, length in found],
        "marker": {
            "color": ink["muted"],
            "size": 6,
            "symbol": "circle-open",
            "line": {"width": 2, "color": ink["muted"]},
        },
        "customdata": [f"{wording.day(one.day)}, n {one.n}: {wording.age(length)}" for _, one, length in found],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _last_label(days: Sequence[DayResponse], name: str, words: str, colour: str) -> list[dict[str, Any]]:
    """The name of a line beside its last known point, instead of a legend."""
    known = [(index, wait) for index, one in enumerate(days) if (wait := getattr(one, name)) is not None]
    if not known:
        return []
    _, wait = known[-1]
    where = {"xref": "paper", "xanchor": "left"}
    return [note(f"{words} {wording.wait(wait)}", 0.86, power(_minutes(wait.length)), colour, **where)]
