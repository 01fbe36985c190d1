"""The report `hours`: how much comes when nobody is there."""

from enum import StrEnum
from typing import Any

from layouts import definitions, wording
from layouts.reports import figures, heat, picker, shifts, tables
from layouts.reports.activity import OPEN_ENDS
from models.snapshots import HoursReport
from models.tables import tables_of


class Ids(StrEnum):
    SENTENCE = "hours-report-sentence"
    CHART = "hours-report-chart"
    TABLE = "hours-report-table"
    WEEK = "hours-week-sentence"


def body(report: HoursReport, theme: str, may_export: bool) -> list[Any]:
    """Figures, the chart, and demand against opening windows by hour of the week."""
    head = report.head
    if not report.n:
        return [picker.standing(head), picker.nothing(head)]
    buckets = tables_of(report)[0]
    entries = [("swatch-standard", "share out of hours"), ("swatch-line", "rate ratio"), *OPEN_ENDS]
    drawing = picker.drawing(Ids.CHART, figures.hours(report, theme), Ids.SENTENCE, entries)
    meaning = definitions.with_calendar(definitions.HOURS, head.calendar_version)
    week = heat.week("Messages an hour, by local hour of the week", report.week, wording.mean, report.open_share)
    return [
        picker.standing(head),
        picker.figures(totals(report)),
        picker.section(
            "Out of hours",
            meaning,
            Ids.SENTENCE,
            sentence(report),
            drawing,
            tables.folded(Ids.TABLE, buckets, head),
        ),
        picker.section(
            "Demand against opening hours",
            definitions.with_calendar(definitions.DEMAND, head.calendar_version),
            Ids.WEEK,
            week_sentence(report),
            week,
            *([heat.closed_note()] if report.share is not None else []),
        ),
        *shifts.sections(report),
        picker.downloads(head, "hours", may_export),
    ]


def totals(report: HoursReport) -> list[tuple[str, str, str]]:
    """The figures at the top."""
    before = "no figure before" if report.before is None else f"{wording.share(report.before)} before"
    return [
        ("Out of hours", wording.share(report.share), f"n {wording.number(report.n)}, {before}"),
        ("Rate ratio", wording.ratio(report.rate_ratio), "1 = as many an hour as in hours"),
        ("Out of hours a week", wording.number(report.a_week), "messages, on average"),
    ]


def sentence(report: HoursReport) -> str:
    """The chart in words."""
    if report.share is None:
        return "No calendar is set, so nothing is known to be out of hours. An administrator sets one."
    return (
        f"{wording.share(report.share)} of {wording.plural(report.n, 'message')} came out of hours, at "
        f"{wording.ratio(report.rate_ratio)} times the in-hours rate."
    )


def week_sentence(report: HoursReport) -> str:
    """What nobody was there for, in words."""
    if report.a_week is None:
        return "Messages an hour, by hour of the week."
    return (
        f"In an average week {wording.plural(round(report.a_week), 'message')} came while nobody was there to answer."
    )
