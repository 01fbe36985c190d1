"""The report `response`: how long people waited, on both clocks, and where the wait went."""

from enum import StrEnum
from typing import Any

from layouts import definitions, wording
from layouts.reports import figures, picker, tables
from layouts.reports.activity import OPEN_ENDS
from models.snapshots import ResponseGroup, ResponseReport, Waits
from models.tables import tables_of


class Ids(StrEnum):
    SENTENCE = "response-report-sentence"
    CHART = "response-report-chart"
    TABLE = "response-report-table"
    GROUPS = "response-groups-sentence"
    PARTS = "response-parts-sentence"


def body(report: ResponseReport, theme: str, may_export: bool) -> list[Any]:
    """Figures, the chart, every grade on both clocks, and the parts of the wait."""
    head, first = report.head, report.groups[0]
    if not any(group.public.n for group in report.groups):
        return [picker.standing(head), picker.nothing(head)]
    groups, buckets, parts = tables_of(report)
    entries = [("swatch-standard", "median"), ("swatch-priority", "90% within"), ("swatch-range", "range, n under 20")]
    drawing = picker.drawing(Ids.CHART, figures.response(report, theme), Ids.SENTENCE, [*entries, *OPEN_ENDS])
    return [
        picker.standing(head),
        picker.figures(totals(report)),
        picker.section(
            "First response",
            definitions.RESPONSE_REPORT,
            Ids.SENTENCE,
            sentence(first),
            drawing,
            tables.folded(Ids.TABLE, buckets, head),
        ),
        picker.section(
            "By grade, both clocks",
            definitions.CLOCKS,
            Ids.GROUPS,
            answered_sentence(report),
            tables.wide(groups, head),
        ),
        picker.section(
            "Where the wait went", definitions.PARTS, Ids.PARTS, parts_sentence(report), tables.wide(parts, head)
        ),
        picker.downloads(head, "response", may_export),
    ]


def totals(report: ResponseReport) -> list[tuple[str, str, str]]:
    """The figures at the top."""
    first, following = report.groups[0], next(one for one in report.groups if one.position == "next")
    before = report.before
    earlier = f"{said(before.public)} before" if before and before.public.n else "no figure before"
    n = wording.number(first.service.judged)
    return [
        ("First response", said(first.public), f"n {wording.number(first.public.n)}, {earlier}"),
        ("90% within", wording.wait(first.public.p90), f"{wording.number(first.public.unanswered)} unanswered"),
        ("Next responses", said(following.public), f"n {wording.number(following.public.n)}"),
        ("Within target", wording.share(first.service.share), f"n {n}, first responses"),
    ]


def said(waits: Waits) -> str:
    """A median, or below n = 20 the range."""
    if waits.median is not None or waits.longest is None:
        return wording.wait(waits.median)
    low = wording.wait(waits.shortest) if waits.shortest else "none"
    return f"{low} to {wording.wait(waits.longest)}"


def sentence(first: ResponseGroup) -> str:
    """The chart in words."""
    waits = first.public
    if waits.median is None:
        return f"{wording.plural(waits.n, 'first turn')}: under 20, so the range stands in place of percentiles."
    return (
        f"Half were answered within {wording.wait(waits.median)}, 90% within {wording.wait(waits.p90)} and 95% within "
        f"{wording.wait(waits.p95)} by the wall clock (n {wording.number(waits.n)}, "
        f"{wording.number(waits.unanswered)} still unanswered)."
    )


def answered_sentence(report: ResponseReport) -> str:
    """Who answered, and when."""
    return (
        f"{wording.plural(report.answered, 'turn')} answered, {wording.share(report.elsewhere)} of them outside Watchroom "
        f"on the network itself and {wording.number(report.out_of_hours)} wholly out of hours "
        "(their staffed wait is 0, which is not an instant answer)."
    )


def parts_sentence(report: ResponseReport) -> str:
    """The longest part in words; without one, why no wait has parts."""
    known = [part for part in report.parts if part.share is not None]
    if not known and not report.answered:
        return "Nothing was answered in this period, so no wait has parts yet."
    if not known and report.elsewhere == 1:
        return (
            "Every answer was given outside Watchroom on the network itself, so no part of the wait is on our record."
        )
    if not known:
        return "There were answers, but no part of their wait is on our record."
    most = max(known, key=lambda part: part.share or 0)
    return f"Of all the time waited, most passed {tables.WORDS[most.key]}: {wording.share(most.share)}."
