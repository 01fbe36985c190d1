"""The report `activity`: what came in, when, on what and about what."""

from enum import StrEnum
from typing import Any

from dash import html

from layouts import definitions, wording
from layouts.figures import channel_look
from layouts.reports import figures, heat, picker, tables
from models.snapshots import ActivityReport
from models.tables import tables_of


class Ids(StrEnum):
    SENTENCE = "activity-sentence"
    CHART = "activity-chart"
    TABLE = "activity-table"
    WEEK = "activity-week-sentence"
    SPLITS = "activity-splits-sentence"


def body(report: ActivityReport, theme: str, may_export: bool) -> list[Any]:
    """Figures, the chart, who wrote where about what, and the week."""
    head = report.head
    if not report.total:
        return [picker.standing(head), picker.nothing(head)]
    inbound, *splits, _ = tables_of(report)
    entries = [(f"channel-{channel_look(one)}", wording.channel(one)) for one in report.channels]
    drawing = picker.drawing(Ids.CHART, figures.activity(report, theme), Ids.SENTENCE, [*entries, *OPEN_ENDS])
    chart = [drawing, tables.folded(Ids.TABLE, inbound, head)]
    return [
        picker.standing(head),
        picker.figures(totals(report)),
        picker.section("Inbound messages", definitions.INBOUND_REPORT, Ids.SENTENCE, sentence(report), *chart),
        picker.section(
            "By hour of the week",
            definitions.WEEK,
            Ids.WEEK,
            week_sentence(report),
            heat.week("Messages an hour, by local hour of the week", report.week, wording.mean),
        ),
        picker.section(
            "Where from and about what",
            definitions.SPLITS,
            Ids.SPLITS,
            "The period, beside the one of the same length before it.",
            html.Div([tables.wide(one, head) for one in splits if one.rows], className="report-splits"),
        ),
        picker.downloads(head, "activity", may_export),
    ]


OPEN_ENDS = (("swatch-open-day", "still open"), ("swatch-gap", "not collected"))


def totals(report: ActivityReport) -> list[tuple[str, str, str]]:
    """The figures at the top."""
    known = [one for one in report.buckets if not one.unknown]
    days = sum((one.last - one.first).days + 1 for one in known)
    return [
        ("Messages", wording.number(report.total), picker.change(report.total, report.before)),
        ("A day", wording.mean(report.total / days), f"over {wording.plural(days, 'day')}"),
        ("Spam", wording.number(report.spam), "left out of all figures"),
    ]


def sentence(report: ActivityReport) -> str:
    """The chart in words."""
    sums = [sum(row) for row in report.counts]
    most = max(range(len(sums)), key=sums.__getitem__)
    return (
        f"{wording.plural(report.total, 'message')} came in, most on {figures.name_of(report.buckets[most])} "
        f"({wording.number(sums[most])})."
    )


def week_sentence(report: ActivityReport) -> str:
    """The busiest hour of the week in words."""
    cells = [
        (value, day, hour) for day, row in enumerate(report.week) for hour, value in enumerate(row) if value is not None
    ]
    if not cells:
        return "No whole hour of this period has gone by yet."
    value, day, hour = max(cells, key=lambda cell: (cell[0], -cell[1], -cell[2]))
    return (
        f"The busiest hour is {heat.DAYS[day]} {hour:02d}:00 to {hour + 1:02d}:00, with {wording.mean(value)} messages."
    )
