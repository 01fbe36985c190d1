"""The drawings of the reports, in the manner of the wallboard's: bars from zero, gaps hatched, what is still open marked."""

from collections.abc import Sequence
from typing import Any

from layouts import palette, wording
from layouts.figures import BAR, WAIT_TICKS, Colours, Figure, axis, ceiling, hatched, note, skeleton
from layouts.figures import power as place_of
from models.snapshots import (
    ActivityReport,
    Bucket,
    EngagementReport,
    HoursReport,
    ResponseBucket,
    ResponseReport,
    Wait,
)

MARGIN = {"l": 46, "r": 6, "t": 18, "b": 26, "pad": 0}
"""Pixels around a drawing, for the names of its axes: a report is read at a desk or in the hand, never from five metres."""
NAMED = 16
"""Buckets that all carry their name; of more, those that a reader finds the others by."""


def ground(theme: str) -> tuple[Figure, Colours]:
    """What every chart of a report shares."""
    figure, ink = skeleton(theme)
    figure["layout"]["margin"] = MARGIN
    return figure, ink


def name_of(bucket: Bucket) -> str:
    """A day as "Mon 12 Oct"; several days of one month as "Oct 2026"."""
    if bucket.first == bucket.last:
        return wording.day(bucket.first)
    return f"{bucket.first:%b} {bucket.first.year}"


def bucket_axis(buckets: Sequence[Bucket], ink: Colours, **props: Any) -> dict[str, Any]:
    """Buckets from left to right: all named while there is room, else each Monday, the first of a month or a few months."""
    step = -(-len(buckets) // NAMED)
    by_day = bool(buckets) and buckets[0].first == buckets[0].last
    if step == 1:
        marked = list(range(len(buckets)))
    elif by_day and len(buckets) <= 7 * NAMED:
        marked = [index for index, one in enumerate(buckets) if one.first.weekday() == 0]
        marked = marked[:: -(-len(marked) // NAMED)]
    else:
        marked = list(range(0, len(buckets), step))
    labels = [_short(buckets[index]) for index in marked]
    where = {"range": [-0.6, len(buckets) - 0.4], "tickangle": 0}
    return axis(ink, **where, tickvals=marked, ticktext=labels, **props)


def _short(bucket: Bucket) -> str:
    if bucket.first == bucket.last:
        return f"{bucket.first.day} {bucket.first:%b}"
    return f"{bucket.first:%b} {bucket.first:%y}"


def activity(report: ActivityReport, theme: str) -> Figure:
    """Messages by bucket and channel."""
    figure, ink = ground(theme)
    totals = [sum(row) for row in report.counts]
    end, step = ceiling(max([*totals, 1]) * 1.12)
    figure["layout"] |= {
        "xaxis": bucket_axis(report.buckets, ink),
        "yaxis": axis(ink, range=[0, end], dtick=step, tick0=0, showgrid=True),
    }
    base = [0] * len(totals)
    for index, channel in enumerate(report.channels):
        counts = [row[index] for row in report.counts]
        figure["data"].append(_stack(report, channel, counts, list(base), ink))
        base = [low + count for low, count in zip(base, counts, strict=True)]
    figure["data"] += _unknown(report.buckets, end, ink)
    if any(totals):
        most = totals.index(max(totals))
        label = f"<b>{wording.number(totals[most])}</b>"
        figure["layout"]["annotations"].append(note(label, most, totals[most], ink["text"], yanchor="bottom"))
    return figure


def _stack(
    report: ActivityReport, channel: str, counts: Sequence[int], base: Sequence[int], ink: Colours
) -> dict[str, Any]:
    said = [f"{name_of(bucket)}, {wording.channel(channel)}" for bucket in report.buckets]
    return {
        "type": "bar",
        "name": wording.channel(channel),
        "x": list(range(len(counts))),
        "y": list(counts),
        "base": list(base),
        "width": BAR,
        "customdata": said,
        "hovertemplate": "%{customdata}: %{y}<extra></extra>",
        "marker": {
            "color": palette.channel(ink, channel),
            "line": {"width": 0},
            "pattern": _open_hatch(report.buckets, ink),
        },
    }


def _open_hatch(buckets: Sequence[Bucket], ink: Colours) -> dict[str, Any]:
    """Bars that are still filling are hatched over their colour."""
    shape = ["/" if one.open else "" for one in buckets]
    return {"shape": shape, "fgcolor": ink["panel"], "fillmode": "overlay", "size": 8, "solidity": 0.4}


def _unknown(buckets: Sequence[Bucket], end: float, ink: Colours) -> list[dict[str, Any]]:
    """Nothing was collected then: a gap, not a zero."""
    gone = [index for index, one in enumerate(buckets) if one.unknown]
    return [hatched(gone, [BAR] * len(gone), end, ink)] if gone else []


def engagement(report: EngagementReport, theme: str) -> Figure:
    """Engagements by bucket; where nothing was read, a gap. A fall stands below the line."""
    figure, ink = ground(theme)
    counts = [engaged for _, engaged in report.by_bucket]
    known = [count for count in counts if count is not None]
    end, step = ceiling(max([*known, 1]) * 1.12)
    low = min([*known, 0]) * 1.12
    figure["layout"] |= {
        "xaxis": bucket_axis(report.buckets, ink),
        "yaxis": axis(ink, range=[low, end], dtick=step, tick0=0, showgrid=True),
    }
    bars = {
        "type": "bar",
        "name": "engagements",
        "x": list(range(len(counts))),
        "y": counts,
        "width": BAR,
        "customdata": [name_of(bucket) for bucket in report.buckets],
        "hovertemplate": "%{customdata}: %{y} engagements<extra></extra>",
        "marker": {"color": ink["standard"], "line": {"width": 0}, "pattern": _open_hatch(report.buckets, ink)},
    }
    gone = [index for index, count in enumerate(counts) if count is None]
    figure["data"] = [bars, *([hatched(gone, [BAR] * len(gone), end, ink)] if gone else [])]
    return figure


def hours(report: HoursReport, theme: str) -> Figure:
    """Share out of hours by bucket, and below it the rate ratio against 1."""
    figure, ink = ground(theme)
    rows = report.by_bucket
    top, step = ceiling(max([1.5, *(one.rate_ratio or 0 for one in rows)]))
    figure["layout"] |= {
        "xaxis": bucket_axis([one.bucket for one in rows], ink, anchor="y2"),
        "yaxis": axis(ink, range=[0, 1.08], domain=[0.36, 1], tickformat=".0%", dtick=0.25, tick0=0, showgrid=True),
        "yaxis2": axis(ink, range=[0, top], domain=[0, 0.26], dtick=step, tick0=0, anchor="x"),
    }
    even = {"xref": "paper", "yref": "y2", "x0": 0, "x1": 1, "y0": 1, "y1": 1}
    line = {"color": ink["edge"], "width": 1, "dash": "dot"}
    figure["layout"]["shapes"].append({"type": "line", "line": line, **even})
    where = {"xref": "paper", "yref": "y2", "xanchor": "right", "yanchor": "bottom"}
    figure["layout"]["annotations"].append(note("1 = as in hours", 1, 1, ink["muted"], **where))
    gone = [index for index, one in enumerate(rows) if one.share is None]
    gaps = [hatched(gone, [BAR] * len(gone), 1, ink)] if gone else []
    figure["data"] = [_shares(report, ink), _ratios(report, ink), *gaps]
    return figure


def _shares(report: HoursReport, ink: Colours) -> dict[str, Any]:
    rows = report.by_bucket
    roomy = len(rows) <= NAMED
    return {
        "type": "bar",
        "name": "out of hours",
        "x": list(range(len(rows))),
        "y": [one.share for one in rows],
        "width": BAR,
        "text": [wording.share(one.share) if one.share is not None and roomy else "" for one in rows],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "constraintext": "none",
        "textfont": {"color": ink["text"], "size": 12},
        "marker": {
            "color": ink["standard"],
            "line": {"width": 0},
            "pattern": _open_hatch([one.bucket for one in rows], ink),
        },
        "customdata": [
            f"{name_of(one.bucket)}, n {wording.number(one.n)}: {wording.share(one.share)} out of hours" for one in rows
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _ratios(report: HoursReport, ink: Colours) -> dict[str, Any]:
    rows = report.by_bucket
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "rate ratio",
        "yaxis": "y2",
        "x": list(range(len(rows))),
        "y": [one.rate_ratio for one in rows],
        "connectgaps": False,
        "line": {"color": ink["text"], "width": 2},
        "marker": {"color": ink["text"], "size": 6},
        "customdata": [f"{name_of(one.bucket)}: rate ratio {wording.ratio(one.rate_ratio)}" for one in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def response(report: ResponseReport, theme: str) -> Figure:
    """Median and 90% of first response by bucket on a scale of powers; small buckets show their range."""
    figure, ink = ground(theme)
    rows = report.by_bucket
    low, high = _span(rows)
    kept = [(minutes, label) for minutes, label in WAIT_TICKS if low <= minutes <= high]
    ticks = {"tickvals": [minutes for minutes, _ in kept], "ticktext": [label for _, label in kept]}
    figure["layout"] |= {
        "xaxis": bucket_axis([one.bucket for one in rows], ink),
        "yaxis": axis(ink, type="log", range=[place_of(low), place_of(high)], showgrid=True, **ticks),
    }
    figure["data"] = [
        _ranges(rows, ink),
        _line(rows, "p90", "90% within", ink["priority"]),
        _line(rows, "median", "median", ink["standard"]),
    ]
    return figure


def _minutes(wait: Wait) -> float:
    return max(wait.length.total_seconds() / 60, 0.5)


def _span(rows: Sequence[ResponseBucket]) -> tuple[float, float]:
    """The ends of the axis in minutes, so that every wait drawn is on it."""
    fields = ("median", "p90", "shortest", "longest")
    known = [_minutes(wait) for one in rows for name in fields if (wait := getattr(one.waits, name)) is not None]
    return min([1.0, *known]) * 0.8, max([60.0, *known]) * 1.3


def _line(rows: Sequence[ResponseBucket], name: str, words: str, colour: str) -> dict[str, Any]:
    """A percentile by bucket. One that is only known to be longer points upwards; an open one is hollow."""
    waits: list[Wait | None] = [getattr(one.waits, name) for one in rows]
    symbols = [
        "triangle-up" if wait and not wait.reached else "circle-open" if one.waits_open else "circle"
        for one, wait in zip(rows, waits, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": words,
        "x": list(range(len(rows))),
        "y": [_minutes(wait) if wait else None for wait in waits],
        "connectgaps": False,
        "line": {"color": colour, "width": 3},
        "marker": {"color": colour, "size": 9, "symbol": symbols},
        "customdata": [
            f"{name_of(one.bucket)}, n {one.waits.n}: {words} {wording.wait(wait)}"
            for one, wait in zip(rows, waits, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _ranges(rows: Sequence[ResponseBucket], ink: Colours) -> dict[str, Any]:
    """Below n = 20 a bar from the shortest to the longest wait stands in place of percentiles (METRICS.md, Statistics)."""
    x: list[int | None] = []
    y: list[float | None] = []
    for index, one in enumerate(rows):
        if one.waits.longest is not None:
            begin = one.waits.shortest or one.waits.longest
            x += [index, index, None]
            y += [_minutes(begin), _minutes(one.waits.longest), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "range, under 20",
        "x": x,
        "y": y,
        "connectgaps": False,
        "hoverinfo": "skip",
        "line": {"color": ink["muted"], "width": 5},
    }
