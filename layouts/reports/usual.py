"""The drawings of reports that stand by hour or by name: bars beside what is usual, and lying bars of shares."""

from collections.abc import Sequence
from typing import Any

from layouts import wording
from layouts.figures import BAR, HOUR, Colours, Figure, axis, ceiling, hatched
from layouts.reports.figures import ground
from models.comparing import share_of
from models.snapshots import ActivityReport, CompareReport, TopicsReport, UsualHour
from models.tables import a_day

MOST_DRAWN = 14
"""Lying bars of one chart; the table has all."""
NAMES = 168
"""Pixels for the names beside lying bars."""
LONGEST_NAME = 26


def by_hour(report: ActivityReport, theme: str) -> Figure:
    """Messages of the last day by hour, over the usual range; an hour above it stands out."""
    figure, ink = ground(theme)
    rows, zone = report.hours, report.head.workspace.zone
    highs = [one.usual.high for one in rows if one.usual]
    end, step = ceiling(max([*(one.count or 0 for one in rows), *highs, 1]) * 1.12)
    marked = list(range(0, len(rows), 3))
    labels = [wording.hour_minute(rows[index].begins, zone) for index in marked]
    figure["layout"] |= {
        "xaxis": axis(ink, range=[-0.6, len(rows) - 0.4], tickangle=0, tickvals=marked, ticktext=labels),
        "yaxis": axis(ink, range=[0, end], dtick=step, tick0=0, showgrid=True),
    }
    gone = [index for index, one in enumerate(rows) if one.count is None and one.begins <= report.head.as_at - HOUR]
    gaps = [hatched(gone, [BAR] * len(gone), end, ink)] if gone else []
    figure["data"] = [_usual_range(rows, ink), _hour_bars(rows, zone, ink), _usual_line(rows, ink), *gaps]
    return figure


def _usual_range(rows: Sequence[UsualHour], ink: Colours) -> dict[str, Any]:
    """Bars from the low to the high end, behind the messages."""
    known = [(index, one.usual) for index, one in enumerate(rows) if one.usual]
    return {
        "type": "bar",
        "name": "usual range",
        "x": [index for index, _ in known],
        "y": [usual.high - usual.low for _, usual in known],
        "base": [usual.low for _, usual in known],
        "width": 1,
        "marker": {"color": ink["line"], "line": {"width": 0}},
        "hoverinfo": "skip",
    }


def _hour_bars(rows: Sequence[UsualHour], zone: str, ink: Colours) -> dict[str, Any]:
    above = [one.usual is not None and (one.count or 0) > one.usual.high for one in rows]
    return {
        "type": "bar",
        "name": "messages",
        "x": list(range(len(rows))),
        "y": [one.count for one in rows],
        "width": BAR / 2,
        "text": ["above" if high else "" for high in above],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "constraintext": "none",
        "textfont": {"color": ink["text"], "size": 12},
        "customdata": [wording.hour_minute(one.begins, zone) for one in rows],
        "hovertemplate": "%{customdata}: %{y}<extra></extra>",
        "marker": {"color": [ink["priority"] if high else ink["standard"] for high in above], "line": {"width": 0}},
    }


def _usual_line(rows: Sequence[UsualHour], ink: Colours) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "usual",
        "x": list(range(len(rows))),
        "y": [one.usual.median if one.usual else None for one in rows],
        "connectgaps": False,
        "line": {"color": ink["text"], "width": 2, "dash": "dot"},
        "hovertemplate": "usual %{y:.0f}<extra></extra>",
    }


def lying(
    names: Sequence[str], series: Sequence[tuple[str, str, Sequence[float | None]]], theme: str, shares: bool
) -> Figure:
    """Lying bars, the first name on top; ``series`` are (name, ink, values) and stand below one another."""
    figure, ink = ground(theme)
    highest = max([*(value for _, _, values in series for value in values if value), 0.01 if shares else 1])
    end, step = (highest * 1.15, None) if shares else ceiling(highest * 1.12)
    short = [name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…" for name in names]
    places = {"tickvals": list(range(len(names))), "ticktext": short, "range": [len(names) - 0.4, -0.6]}
    figure["layout"] |= {
        "margin": {"l": NAMES, "r": 32, "t": 6, "b": 30, "pad": 0},
        "barmode": "group",
        "yaxis": axis(ink, **places),
        "xaxis": axis(ink, range=[0, end], showgrid=True, tickformat=".0%" if shares else "", nticks=5, dtick=step),
    }
    figure["data"] = [_lying(names, one, ink, shares) for one in series]
    return figure


def _lying(
    names: Sequence[str], one: tuple[str, str, Sequence[float | None]], ink: Colours, shares: bool
) -> dict[str, Any]:
    said, colour, values = one
    texts = ["" if not value else wording.share(value) if shares else wording.mean(value) for value in values]
    return {
        "type": "bar",
        "orientation": "h",
        "name": said,
        "y": list(range(len(names))),
        "x": list(values),
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "constraintext": "none",
        "textfont": {"color": ink["text"], "size": 12},
        "customdata": [f"{name}: {text or 0} {said}" for name, text in zip(names, texts, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": ink[colour], "line": {"width": 0}},
    }


def compare(report: CompareReport, theme: str) -> Figure:
    """Messages a day by workspace."""
    rows = report.rows[:MOST_DRAWN]
    values = [a_day(row) for row in rows]
    return lying([row.workspace.name for row in rows], [("messages a day", "standard", values)], theme, shares=False)


def topics(report: TopicsReport, theme: str) -> Figure:
    """The topics that most came about: their share of what came, and of what we published."""
    rows = [row for row in report.rows if row.word][:MOST_DRAWN]
    came = [share_of(row.messages, report.messages) for row in rows]
    ours = [share_of(row.posts, report.posts) for row in rows]
    series = [("of their messages", "standard", came), ("of our posts", "priority", ours)]
    return lying([row.word for row in rows], series if report.posts else series[:1], theme, shares=True)
