"""The report `engagement`: how our own posts fared."""

from enum import StrEnum
from typing import Any

from dash import html

from layouts import definitions, wording
from layouts.reports import figures, picker, tables
from models.snapshots import EngagementReport
from models.tables import tables_of


class Ids(StrEnum):
    SENTENCE = "engagement-sentence"
    CHART = "engagement-chart"
    TABLE = "engagement-table"
    SPLITS = "engagement-splits-sentence"
    OWN = "engagement-own-sentence"


def body(report: EngagementReport, theme: str, may_export: bool) -> list[Any]:
    """Figures, the chart, and what fared best: by account, campaign tag and post."""
    head = report.head
    if not report.total.posts:
        return [picker.standing(head), nothing(report), *own_links(report)]
    gained, *splits, _own = tables_of(report)
    entries = [("swatch-standard", "engagements"), ("swatch-open-day", "still open"), ("swatch-gap", "not read")]
    drawing = picker.drawing(Ids.CHART, figures.engagement(report, theme), Ids.SENTENCE, entries)
    return [
        picker.standing(head),
        picker.figures(totals(report)),
        picker.section(
            "Gained by our posts",
            definitions.ENGAGEMENT_REPORT,
            Ids.SENTENCE,
            sentence(report),
            drawing,
            tables.folded(Ids.TABLE, gained, head),
        ),
        picker.section(
            "What fared best",
            definitions.ENGAGEMENT_RATE,
            Ids.SPLITS,
            "Gained in the period, most engagements first.",
            html.Div([tables.wide(one, head) for one in splits if one.rows], className="report-splits"),
        ),
        *own_links(report),
        picker.downloads(head, "engagement", may_export),
    ]


def own_links(report: EngagementReport) -> list[Any]:
    """How often our own short links were followed: counted by us, so apart from what the networks say."""
    if not report.links:
        return []
    *_, own = tables_of(report)
    clicks = sum(sum(one[2:]) for one in report.links)
    said = f"{wording.plural(clicks, 'click')} on {wording.plural(len(report.links), 'link')}, counted by us, of all accounts."
    table = tables.wide(own, report.head)
    return [picker.section("Our own short links", definitions.OWN_LINKS, Ids.OWN, said, table)]


def nothing(report: EngagementReport) -> html.P:
    """Why there is no figure: nothing was posted, or the network told nothing."""
    if not report.sent:
        said = "We sent no public post in this period, and none from before was read. Choose another period."
    else:
        said = (
            f"{wording.plural(report.sent, 'public post')} went out, and no network has given figures of any. Figures come "
            "within minutes where the account's channel and access give them."
        )
    return html.P(said, className="panel-empty")


def totals(report: EngagementReport) -> list[tuple[str, str, str]]:
    """The figures at the top."""
    total, before = report.total, report.before
    earlier = before.engagements if before else None
    gained = total.gained
    rated = "no figure before" if before is None or before.rate is None else f"{wording.rate(before.rate)} before"
    return [
        ("Engagements", wording.number(total.engagements), picker.change(total.engagements, earlier)),
        ("Impressions", wording.number(gained["impressions"]), f"of {wording.plural(total.posts, 'post')} read"),
        ("Engagement rate", wording.rate(total.rate), rated),
        ("Link clicks", wording.number(gained["link_clicks"]), f"{wording.number(gained['video_views'])} video views"),
    ]


def sentence(report: EngagementReport) -> str:
    """The chart in words."""
    total = report.total
    if total.engagements is None:
        return f"{wording.plural(total.posts, 'post')} were read, and no engagement was given."
    rate = "" if total.rate is None else f", {wording.rate(total.rate)} of the impressions"
    return (
        f"Our posts gained {wording.plural(total.engagements, 'engagement')}{rate}. "
        f"{wording.plural(report.sent, 'public post')} went out in the period; figures of "
        f"{wording.number(total.posts)} were read."
    )
