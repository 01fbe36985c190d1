"""What every report shares: the way between them, the period picker, sections with their meaning, and downloads."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links, wording
from layouts.components import chart, marks
from layouts.components.attributes import attributes
from layouts.components.tile import definition
from layouts.pages import REPORTS
from models.reporting import CUSTOM, PRESETS, ReportFilters
from models.snapshots import ReportHead

ANY = "any"
ROWS = (("messages", "Messages"), ("turns", "Turns"), ("conversations", "Conversations"), ("posts", "Our posts"))
"""What rows may be taken away as."""


class Ids(StrEnum):
    PAGE = "reports"
    TABS = "reports-tabs"
    BODY = "reports-body"
    PERIOD = "reports-period"
    FIRST = "reports-first"
    LAST = "reports-last"
    DATES = "reports-dates"
    CHANNEL = "reports-channel"
    ACCOUNT = "reports-account"
    ADDRESS = "reports-address"


def page(head: ReportHead, report: str, body: Sequence[Any]) -> html.Div:
    """A report at first paint: the picker stays while ``BODY`` is drawn again for another period."""
    return html.Div(
        [
            html.Div(
                [html.H1("Reports"), html.Div(tabs(head, report), id=Ids.TABS)], className="sheet-head report-head"
            ),
            picker(head),
            html.Div(list(body), id=Ids.BODY, className="report-body"),
        ],
        id=Ids.PAGE,
        className="sheet report",
        **attributes(data_workspace=head.workspace.slug),
    )


def tabs(head: ReportHead, report: str) -> html.Nav:
    """The other reports of the same period."""
    entries = [
        html.Li(
            dcc.Link(name, href=links.report(key, head.workspace.slug, head.filters)),
            **attributes(aria_current="page" if key == report else None),
        )
        for key, name in REPORTS
    ]
    return html.Nav(html.Ul(entries), className="tabs", **attributes(aria_label="Reports"))


def picker(head: ReportHead) -> html.Div:
    """Period, channel and account. What is chosen goes into the address; the report follows the address.

    It has a way to the address of its own: the page's would load everything again.
    """
    filters = head.filters
    channels = sorted({one.channel for one in head.accounts})
    dates = html.Div(
        [
            _labelled(
                "From", Ids.FIRST, dbc.Input(id=Ids.FIRST, type="date", value=filters.first.isoformat(), size="sm")
            ),
            _labelled("to", Ids.LAST, dbc.Input(id=Ids.LAST, type="date", value=filters.last.isoformat(), size="sm")),
        ],
        id=Ids.DATES,
        className=dates_class(filters.period),
    )
    accounts = [(str(one.id), f"{one.handle} ({wording.channel(one.channel)})") for one in head.accounts]
    return html.Div(
        [
            dcc.Location(id=Ids.ADDRESS, refresh="callback-nav"),
            _select("Period", Ids.PERIOD, list(PRESETS), filters.period),
            dates,
            _select(
                "Channel",
                Ids.CHANNEL,
                [(ANY, "All channels"), *((one, wording.channel(one)) for one in channels)],
                filters.channel or ANY,
            ),
            _select(
                "Account",
                Ids.ACCOUNT,
                [(ANY, "All accounts"), *accounts],
                str(filters.account) if filters.account else ANY,
            ),
        ],
        className="picker",
        role="group",
        **attributes(aria_label="What the report is of"),
    )


def shown(filters: ReportFilters) -> dict[str, str]:
    """What the fields say of these filters."""
    return {
        Ids.PERIOD: filters.period,
        Ids.FIRST: filters.first.isoformat(),
        Ids.LAST: filters.last.isoformat(),
        Ids.CHANNEL: filters.channel or ANY,
        Ids.ACCOUNT: str(filters.account) if filters.account is not None else ANY,
    }


def dates_class(period: str) -> str:
    """The two dates show where dates were chosen."""
    return "picker-dates" if period == CUSTOM else "picker-dates is-hidden"


def _select(label: str, part: str, options: list[tuple[str, str]], value: str) -> html.Div:
    choices = [{"value": key, "label": name} for key, name in options]
    return _labelled(label, part, dbc.Select(id=part, options=choices, value=value, size="sm"))


def _labelled(label: str, part: str, control: Any) -> html.Div:
    return html.Div([html.Label(label, htmlFor=part), control], className="picker-part")


def standing(head: ReportHead) -> html.P:
    """The period in words, the zone, and as at when it was so."""
    filters, zone = head.filters, head.workspace.zone
    at = wording.moment(head.as_at, head.as_at, zone)
    said = f"{wording.dates(filters.first, filters.last)}, local days of {zone}, as at {at}."
    if head.collected_since is not None and head.collected_since > filters.first:
        said += f" Collecting began on {wording.dates(head.collected_since, head.collected_since)}."
    return html.P(said, className="aside report-standing")


def nothing(head: ReportHead) -> html.P:
    """What an empty period says."""
    narrowed = head.filters.channel or head.filters.account is not None
    why = "Choose all channels and accounts, or another period." if narrowed else "Choose another period."
    return html.P(f"No message came in this period. {why}", className="panel-empty")


def figures(found: Sequence[tuple[str, str, str]]) -> html.Dl:
    """The figures at the top: name, figure, what stands below it."""
    return html.Dl(
        [
            html.Div([html.Dt(name), html.Dd(figure), html.Dd(below, className="aside")])
            for name, figure, below in found
        ],
        className="report-figures",
    )


def section(title: str, meaning: str, sentence_id: str, sentence: str, *parts: Any) -> html.Section:
    """A chart or table with its sentence and its definition."""
    head = html.Div([html.H2(title), definition(title, meaning)], className="section-head")
    return html.Section(
        [head, html.P(sentence, id=sentence_id, className="sentence"), *parts], className="report-section"
    )


def drawing(part: str, figure: dict[str, Any], sentence_id: str, entries: Sequence[tuple[str, str]]) -> html.Div:
    """A chart, the names of what it shows, and the way to take it away as a picture (``assets/58-picture.js``)."""
    whole = html.Div(chart.graph(part, figure, sentence_id), className="chart-body")
    return html.Div([whole, html.Div([chart.legend(entries), _pictures(sentence_id)])], className="report-chart")


def _pictures(sentence_id: str) -> html.Div:
    """Buttons: each says of which chart it is to whoever does not see where it stands."""
    forms = (("png", "Picture (PNG)"), ("svg", "Picture (SVG)"))
    buttons = [
        html.Button(
            words,
            type="button",
            **attributes(data_picture=form, aria_describedby=sentence_id),
        )
        for form, words in forms
    ]
    return html.Div(buttons, className="pictures")


def downloads(head: ReportHead, report: str, may_export: bool) -> html.P | html.Section:
    """The figures as shown, and the rows behind them, as files."""
    if not may_export:
        return html.P("Your roles here do not include downloads.", className="aside")
    kept = [
        html.A(name, href=links.report_file(report, ending, head.workspace.slug, head.filters), className="button")
        for ending, name in (("csv", "Download figures (CSV)"), ("xlsx", "Download figures (Excel)"))
    ]
    foi = html.A(
        "FOI pack (CSV)", href=links.report_file("foi", "csv", head.workspace.slug, head.filters), className="button"
    )
    rows = [
        html.A(f"{name} ({kind})", href=links.report_file(f"rows/{key}", ending, head.workspace.slug, head.filters))
        for key, name in ROWS
        for ending, kind in (("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet"))
    ]
    listed = html.Ul([html.Li(one) for one in rows], className="file-list")
    said = "One row a message, turn, conversation or post of ours. The data dictionary (docs) explains every column."
    return html.Section(
        [
            html.P([*kept, foi], className="actions report-files"),
            html.Details(
                [html.Summary("Download rows"), html.P(said, className="aside"), listed], className="file-rows"
            ),
        ],
        **attributes(aria_label="Downloads"),
    )


def change(now: int | float | None, before: int | float | None) -> str:
    """Against the period before: "12% more than the 28 days before"."""
    if now is None or not before:
        return "no figure before"
    moved = round((now - before) / before * 100)
    if moved == 0:
        return "as many as before"
    return f"{abs(moved)}% {'more' if moved > 0 else 'fewer'} than before"


def account_name(head: ReportHead, key: str) -> Any:
    """The handle of an account by its key."""
    named = {str(one.id): one for one in head.accounts}
    found = named.get(key)
    return [marks.channel(found.channel), marks.remote(found.handle)] if found else "an account that is gone"
