"""The report `activity`: what came in, when, on what and about what."""

from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts import definitions, links, wording
from layouts.boards.main import surge_sentence
from layouts.components.marks import remote
from layouts.figures import channel_look
from layouts.reports import figures, heat, picker, tables, usual
from models.snapshots import ActivityReport, ReportHead, SurgeGroup
from models.tables import FigureTable, tables_of


class Ids(StrEnum):
    SENTENCE = "activity-sentence"
    CHART = "activity-chart"
    TABLE = "activity-table"
    HOURS_SENTENCE = "activity-hours-sentence"
    HOURS = "activity-hours-chart"
    HOURS_TABLE = "activity-hours-table"
    SURGE = "activity-surge-sentence"
    WEEK = "activity-week-sentence"
    SPLITS = "activity-splits-sentence"


def body(report: ActivityReport, theme: str, may_export: bool) -> list[Any]:
    """Figures, the chart, who wrote where about what, and the week."""
    head = report.head
    if not report.total:
        return [picker.standing(head), picker.nothing(head)]
    inbound, *splits, _, hours = tables_of(report)
    entries = [(f"channel-{channel_look(one)}", wording.channel(one)) for one in report.channels]
    drawing = picker.drawing(Ids.CHART, figures.activity(report, theme), Ids.SENTENCE, [*entries, *OPEN_ENDS])
    chart = [drawing, tables.folded(Ids.TABLE, inbound, head)]
    return [
        picker.standing(head),
        *([surging(report)] if report.surge is not None else []),
        picker.figures(totals(report)),
        picker.section("Inbound messages", definitions.INBOUND_REPORT, Ids.SENTENCE, sentence(report), *chart),
        by_hour(report, hours, theme),
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


def by_hour(report: ActivityReport, found: FigureTable, theme: str) -> html.Section:
    """The last day hour by hour, beside what is usual."""
    entries = [("swatch-standard", "messages"), ("swatch-usual", "usual"), ("swatch-range", "usual range")]
    drawing = picker.drawing(Ids.HOURS, usual.by_hour(report, theme), Ids.HOURS_SENTENCE, [*entries, OPEN_ENDS[1]])
    title = f"{wording.day(report.head.filters.last)}, hour by hour"
    table = tables.folded(Ids.HOURS_TABLE, found, report.head)
    return picker.section(title, definitions.USUAL_RANGE, Ids.HOURS_SENTENCE, hours_sentence(report), drawing, table)


def hours_sentence(report: ActivityReport) -> str:
    """How many hours lay outside what is usual, and which most."""
    known = [(one.begins, one.count, one.usual) for one in report.hours if one.usual and one.count is not None]
    if not known:
        return "What is usual is not known yet: it needs four weeks of the same hour."
    above = [(count - span.high, begins, count, span) for begins, count, span in known if count > span.high]
    below = sum(count < span.low for _, count, span in known)
    if not above:
        return f"No hour was above what is usual; {wording.plural(below, 'hour')} below, of {len(known)} known."
    _, begins, count, span = max(above, key=lambda one: one[0])
    at = wording.hour_minute(begins, report.head.workspace.zone)
    return (
        f"{wording.plural(len(above), 'hour')} above what is usual, most at {at} ({wording.number(count)}; "
        f"{wording.mean(span.low)} to {wording.mean(span.high)} is usual), and {below} below, of {len(known)} known."
    )


def surging(report: ActivityReport) -> html.Section:
    """The surge that goes on, and what is said in it many times."""
    head, found = report.head, report.surge
    assert found is not None  # noqa: S101 - says to mypy what the caller asked
    said = f"{surge_sentence(found, head.workspace.zone)} In the whole workspace, as at this moment."
    alike = [html.Ul([_alike(one, head) for one in report.alike])] if report.alike else []
    return picker.section("Surge", definitions.SURGE, Ids.SURGE, said, *alike)


def _alike(group: SurgeGroup, head: ReportHead) -> html.Li:
    said = f"{wording.plural(group.count, 'message')} say much the same"
    if not group.text:
        return html.Li(f"{said}.")
    words: Any = remote(group.text)
    if group.conversation_id is not None:
        words = dcc.Link(words, href=links.conversation(group.conversation_id, head.workspace.slug))
    return html.Li([f"{said}: ", words])


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
