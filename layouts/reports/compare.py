"""The report `compare`: workspaces side by side, in figures that do not depend on their size."""

from enum import StrEnum
from typing import Any

from layouts import definitions, wording
from layouts.reports import picker, tables, usual
from models.snapshots import CompareReport
from models.tables import tables_of


class Ids(StrEnum):
    SENTENCE = "compare-sentence"
    CHART = "compare-chart"
    RATES = "compare-rates-sentence"


def body(report: CompareReport, theme: str, may_export: bool) -> list[Any]:
    """How much came where, and what it was like for each hundred messages."""
    head = report.head
    if not any(row.messages for row in report.rows):
        return [picker.standing(head), picker.nothing(head)]
    volumes, rates = tables_of(report)
    drawing = picker.drawing(
        Ids.CHART, usual.compare(report, theme), Ids.SENTENCE, [("swatch-standard", "messages a day")]
    )
    return [
        picker.standing(head),
        picker.section(
            "How much came where",
            definitions.COMPARE,
            Ids.SENTENCE,
            sentence(report),
            drawing,
            tables.wide(volumes, head),
        ),
        picker.section(
            "For each hundred messages", definitions.RATES, Ids.RATES, rates_sentence(report), tables.wide(rates, head)
        ),
        picker.downloads(head, "compare", may_export),
    ]


def sentence(report: CompareReport) -> str:
    """Who had most, or that there is nothing beside it."""
    if len(report.rows) == 1:
        return "You may read the reports of this workspace only, so nothing stands beside it."
    most = max(report.rows, key=lambda row: row.messages)
    total = sum(row.messages for row in report.rows)
    return (
        f"{wording.plural(total, 'message')} came to {wording.plural(len(report.rows), 'workspace')}, most to "
        f"{most.workspace.name} ({wording.share(most.messages / total)})."
    )


def rates_sentence(report: CompareReport) -> str:
    """Who kept its promise most often."""
    known = [row for row in report.rows if row.service.share is not None]
    if not known:
        return "No answer can be judged in this period yet."
    best = max(known, key=lambda row: row.service.share or 0)
    least = min(known, key=lambda row: row.service.share or 0)
    said = f"Within target: {wording.share(best.service.share)} in {best.workspace.name}"
    if best is least:
        return f"{said}."
    return f"{said}, {wording.share(least.service.share)} in {least.workspace.name}."
