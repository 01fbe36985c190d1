"""The report `topics`: what people write about, against what we published about."""

from enum import StrEnum
from typing import Any

from layouts import definitions, wording
from layouts.reports import picker, tables, usual
from models.snapshots import TopicsReport
from models.tables import tables_of

MOST_NAMED = 3


class Ids(StrEnum):
    SENTENCE = "topics-sentence"
    CHART = "topics-chart"
    SPLITS = "topics-splits-sentence"


def body(report: TopicsReport, theme: str, may_export: bool) -> list[Any]:
    """Every topic with what came and what we published, then by account and by workspace."""
    head = report.head
    if not report.messages:
        return [picker.standing(head), picker.nothing(head)]
    whole, *splits = tables_of(report)
    entries = [("swatch-standard", "of their messages"), ("swatch-priority", "of our posts")]
    drawing = picker.drawing(Ids.CHART, usual.topics(report, theme), Ids.SENTENCE, entries)
    return [
        picker.standing(head),
        picker.section(
            "What people write about",
            definitions.TOPICS,
            Ids.SENTENCE,
            sentence(report),
            drawing,
            tables.wide(whole, head),
        ),
        picker.section(
            "Where they write about it",
            definitions.TOPICS,
            Ids.SPLITS,
            splits_sentence(report),
            *(tables.wide(one, head) for one in splits if one.rows),
        ),
        picker.downloads(head, "topics", may_export),
    ]


def sentence(report: TopicsReport) -> str:
    """What most was about, and what many wrote about without a post of ours."""
    named = [row for row in report.rows if row.word and row.messages]
    if not named:
        return f"{wording.plural(report.messages, 'message')} came, and no topic was set on any."
    most = named[0]
    share, came = wording.share(most.messages / report.messages), wording.plural(report.messages, "message")
    said = f"Most was about {most.word}: {share} of {came}."
    if not report.posts:
        return f"{said} No post of ours that answers nobody went out."
    silent = [f"{row.word} ({wording.number(row.messages)})" for row in named if not row.posts][:MOST_NAMED]
    if not silent:
        return f"{said} We published about every topic that came."
    return f"{said} We published nothing about {', '.join(silent)}."


def splits_sentence(report: TopicsReport) -> str:
    """What stands beside what."""
    if not report.workspaces:
        return "By account of this workspace."
    return "By account of this workspace, and beside it the other workspaces whose reports you may read."
