"""The register of official accounts: what each connector does now, in plain words."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from layouts import definitions, wording
from layouts.admin import row, table
from layouts.components import marks, still
from layouts.components.attributes import attributes
from layouts.components.tile import definition
from models.snapshots import AccountRow, AccountsPage, UnwatchedMonth, WatchWord

WATCH_LOOKS = {WatchWord.UNWATCHED: "emergency", WatchWord.AGEING: "priority", WatchWord.WATCHED: "done"}


class Ids(StrEnum):
    PAGE = "accounts"
    BODY = "accounts-body"
    LIVE = "live-accounts"


MONTH_HEADERS = ("Account", "Nobody watched for", "Messages that came meanwhile")
HEADERS = (
    "Account",
    "State",
    "Watch",
    "Last message",
    "Last answer",
    "Next poll",
    "Reads this month",
    "So far",
    "Owner and call",
)


def page(found: AccountsPage) -> html.Div:
    """The page at first paint; ``BODY`` is drawn again when an account's state changed."""
    return html.Div(
        [dcc.Store(id=Ids.LIVE), html.Div(body(found), id=Ids.BODY)],
        id=Ids.PAGE,
        className="sheet",
        **attributes(data_workspace=found.workspace.slug, data_revision=str(found.revision)),
    )


def body(found: AccountsPage) -> list[Any]:
    """Heading, what is wrong with the poller if anything, and a row an account."""
    at = f"as at {wording.clock(found.as_at, found.workspace.zone)}, {found.workspace.zone}"
    parts = [html.H1("Accounts"), html.Span(at, className="aside"), definition("State", definitions.ACCOUNTS)]
    title = html.Div(parts, className="sheet-head")
    stopped = html.P("Posts are not being collected: the poller does not run.", className="problem")
    if not found.rows:
        empty = "No account yet. An administrator adds one with “flask --app app account add”; it then appears here."
        return [title, html.P(empty, className="panel-empty")]
    return [title, *([] if found.poller_alive else [stopped]), _table(found), *_months(found)]


def _table(found: AccountsPage) -> html.Div:
    titles = html.Thead(html.Tr([html.Th(one, scope="col", role="columnheader") for one in HEADERS], role="row"))
    rows = still.rows([_row(one, found) for one in found.rows])
    whole = html.Table([titles, rows], className="register", role="table", **attributes(aria_label="Official accounts"))
    return html.Div(
        whole, className="register-holder", tabIndex=0, role="region", **attributes(aria_label="Official accounts")
    )


def _months(found: AccountsPage) -> list[Any]:
    """Earlier months to choose from, and the chosen one's unwatched time; nothing before a month has passed."""
    if not found.months:
        return []
    choices = [_choice(found, "This month", "")] + [_choice(found, _name(one), one) for one in found.months]
    ways = html.Nav(html.Ul(choices), className="tabs", **attributes(aria_label="Unwatched time by month"))
    parts: list[Any] = [html.H2("Unwatched time by month"), ways]
    if not found.month:
        now = html.P("This month's stands in the register above.", className="aside")
        return [html.Section([*parts, now], className="months")]
    rows = [_month(one, found) for one in found.unwatched]
    listed = table(f"Unwatched in {_name(found.month)}", MONTH_HEADERS, rows, "")
    return [html.Section([*parts, listed], className="months")]


def _choice(found: AccountsPage, words: str, month: str) -> html.Li:
    fields = {"workspace": found.workspace.slug} | ({"month": month} if month else {})
    link = html.A(words, href=f"/accounts?{urlencode(fields)}")
    return html.Li(link, **attributes(aria_current="page" if month == found.month else None))


def _name(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def _month(one: UnwatchedMonth, found: AccountsPage) -> html.Tr:
    name = html.Span([marks.channel(one.channel), marks.remote(one.handle)], className="account-name")
    if one.length is None:
        return row(MONTH_HEADERS, name, ["not known", wording.DASH])
    minutes = wording.plural(int(one.length // wording.MINUTE), "minute")
    since = f", known from {wording.moment(one.known, found.as_at, found.workspace.zone)}" if one.known else ""
    return row(MONTH_HEADERS, name, [f"{minutes}{since}", wording.number(one.arrived)])


def _row(one: AccountRow, found: AccountsPage) -> html.Tr:
    cell, now, zone = one.cell, found.as_at, found.workspace.zone
    look = wording.STATE_LOOKS[cell.state]
    name = [html.Span([marks.channel(cell.channel), marks.remote(cell.handle)], className="account-name")]
    via = html.Span(
        f"{wording.channel(cell.channel)}, by {one.connector}, every {wording.every(one.interval)}", className="aside"
    )
    state = html.Span([marks.shape(look), html.Span(cell.state.value.upper())], className=f"grade ink-{look}")
    sentence = html.Span(wording.account_sentence(cell, now, zone), className="aside")
    counts = ", ".join(f"{wording.number(count)} {word}" for word, count in one.counts) or wording.DASH
    said: list[Any] = [
        [state, sentence],
        _watch(one, now),
        marks.aged(cell.last_message, now),
        marks.aged(cell.last_success, now),
        wording.clock(one.next_attempt, zone),
        _budget(one),
        counts,
        _kept(one),
    ]
    cells = [
        html.Td(html.Div(words), role="cell", **attributes(data_label=header))
        for header, words in zip(HEADERS[1:], said, strict=True)
    ]
    return html.Tr([html.Th([*name, via], scope="row", role="rowheader"), *cells], role="row")


def _budget(one: AccountRow) -> str:
    if one.budget is None:
        return f"{wording.number(one.reads)}, no limit set"
    return f"{wording.number(one.reads)} of {wording.number(one.budget)}"


def _kept(one: AccountRow) -> list[Any]:
    """Who answers for it and what for, when it is to be watched, and whom to call: as an administrator wrote it."""
    said = (("Owner", one.owner), ("For", one.purpose), ("Watched", one.watch_hours), ("Call", one.call))
    lines = [html.Span([f"{name}: ", marks.remote(words)], className="aside") for name, words in said if words]
    return list(lines) or [wording.DASH]


def _watch(one: AccountRow, now: datetime) -> list[Any]:
    """How it is watched, and for how long nobody did this month."""
    watch = one.cell.watch
    if watch is None:
        return [wording.DASH]
    look = WATCH_LOOKS[watch.state]
    parts: list[Any] = [
        html.Span([marks.shape(look), html.Span(watch.state.upper())], className=f"grade ink-{look}"),
        html.Span(wording.watch_sentence(one.cell, now), className="aside"),
    ]
    if watch.month is not None:
        minutes = wording.plural(int(watch.month // wording.MINUTE), "unwatched minute")
        came = wording.plural(watch.arrived or 0, "message")
        parts.append(html.Span(f"{minutes} this month, in which {came} came", className="aside"))
    return parts
