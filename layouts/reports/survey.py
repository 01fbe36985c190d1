"""The report `survey`: would people have contacted us otherwise, and how."""

from enum import StrEnum
from typing import Any

from dash import html

from layouts import definitions, wording
from layouts.reports import picker, tables
from models.snapshots.survey import SurveyReport
from models.survey import FEWEST, Surveyed
from models.tables import tables_of


class Ids(StrEnum):
    SENTENCE = "survey-sentence"
    SPLITS = "survey-splits-sentence"


EMPTY = (
    "Nobody was asked in these months. An administrator turns the survey on under Admin, Survey; answers are counted here by "
    "month and network."
)


def body(report: SurveyReport, _theme: str, may_export: bool) -> list[Any]:
    """Figures, and the answers by month and network."""
    head, total = report.head, report.total
    if not total.closed:
        return [picker.standing(head), html.P(EMPTY, className="panel-empty")]
    months, channels = tables_of(report)
    return [
        picker.standing(head),
        picker.figures(figures(total)),
        picker.section(
            "Would they have contacted us otherwise?",
            definitions.SURVEY,
            Ids.SENTENCE,
            sentence(total),
            tables.wide(months, head),
        ),
        picker.section("By network", definitions.SURVEY, Ids.SPLITS, "The same answers.", tables.wide(channels, head)),
        picker.downloads(head, "survey", may_export),
    ]


def figures(total: Surveyed) -> list[tuple[str, str, str]]:
    """The figures at the top."""
    return [
        ("Asked", wording.number(total.asked), f"of {wording.plural(total.closed, 'conversation')} closed"),
        ("Answered", wording.number(total.answered), f"response rate {wording.share(total.rate)}"),
        ("Not otherwise", wording.share(total.share(total.no)), between(total, total.no)),
        ("Would have rung", wording.share(total.share(total.call)), between(total, total.call)),
        ("Calls avoided", avoided(total), "of all that were closed"),
    ]


def between(total: Surveyed, yes: int) -> str:
    """The interval of a share in words, and of how many answers."""
    found, said = total.between(yes), f"n {total.valid}"
    return (
        f"{wording.share(found[0])} to {wording.share(found[1])}, {said}" if found else f"{said}, too few for a range"
    )


def avoided(total: Surveyed) -> str:
    """The range of calls avoided; a dash where too few answered."""
    found = total.avoided
    return f"{found[0]:,} to {found[1]:,}" if found else "–"


def sentence(total: Surveyed) -> str:
    """The whole of it in words."""
    if not total.valid:
        return f"{wording.plural(total.asked, 'person', 'people')} were asked, and nobody has said so far."
    shares = f"{wording.share(total.share(total.no))} would not have contacted us otherwise"
    rung = f"{wording.share(total.share(total.call))} would have rung"
    if total.avoided is None:
        return (
            f"Of {wording.plural(total.valid, 'valid answer')}, {shares} and {rung}. Below {FEWEST} no range is given."
        )
    return (
        f"Of {wording.plural(total.valid, 'valid answer')}, {shares} and {rung}: about {avoided(total)} calls avoided."
    )
