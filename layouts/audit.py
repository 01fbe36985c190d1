"""The audit: who did what to which, when; and whether the record of it is whole."""

from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import deeds, links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.auditing import CUSTOM, PERIODS, AuditFilters
from models.permissions import Permission
from models.snapshots import AuditPage, AuditRow, ChainCheck

ANY = "any"
HEADERS = ("When", "What", "Before and after", "From")
Permissions = frozenset[Permission]


class Ids(StrEnum):
    PAGE = "audit"
    BODY = "audit-body"
    PERSON = "audit-person"
    ACTION = "audit-action"
    KIND = "audit-kind"
    NUMBER = "audit-number"
    PERIOD = "audit-period"
    FIRST = "audit-first"
    LAST = "audit-last"
    DATES = "audit-dates"
    VERIFY = "audit-verify"
    STOP = "audit-stop"
    STATE = "audit-state"
    CLOCK = "audit-clock"


def page(found: AuditPage, check: ChainCheck, permissions: Permissions) -> html.Div:
    """The page at first paint: the fields stay while ``BODY`` is drawn again for another search."""
    return html.Div(
        [
            html.Div([html.H1("Audit"), _chain(found, check)], className="sheet-head audit-head"),
            dcc.Interval(id=Ids.CLOCK, interval=1000, disabled=not check.running),
            _search(found),
            html.Div(body(found, permissions), id=Ids.BODY),
        ],
        id=Ids.PAGE,
        className="sheet audit",
        **attributes(data_workspace=found.workspace.slug),
    )


def _chain(found: AuditPage, check: ChainCheck) -> html.Div:
    return html.Div(
        [
            html.Div(state(check, found.workspace.zone), id=Ids.STATE, className="chain-state", role="status"),
            html.Button("Verify", id=Ids.VERIFY, className="button button-first", type="button", hidden=check.running),
            html.Button("Stop", id=Ids.STOP, className="button", type="button", hidden=not check.running),
        ],
        className="chain",
    )


def state(check: ChainCheck, zone: str) -> list[Any]:
    """How far the walk is, or what it found: "41,204 events, chain whole, anchored 14:31"."""
    if check.running:
        share = check.done / check.total if check.total else 0.0
        words = f"Walking the chain: {wording.number(check.done)} of {wording.number(check.total)} events"
        return [
            html.Label(words, htmlFor="audit-progress"),
            html.Progress(id="audit-progress", value=str(round(share * 100)), max="100"),
        ]
    if check.ended is None:
        return ["Verify walks this workspace's chain from its first event to its last."]
    if check.stopped:
        return ["Stopped before the end: nothing is said of the chain."]
    at = wording.clock(check.ended, zone)
    if check.problem:
        return [marks.shape("emergency"), f" The chain does NOT hold at {check.problem}. Looked at {at}."]
    noted = f"anchored {wording.moment(check.anchored, check.ended, zone)}" if check.anchored else "not anchored yet"
    return [marks.shape("done"), f" {wording.plural(check.events, 'event')}, chain whole, {noted}. Looked at {at}."]


def _search(found: AuditPage) -> html.Div:
    filters = found.filters
    dates = html.Div(
        [
            _labelled("From", Ids.FIRST, dbc.Input(id=Ids.FIRST, type="date", value=_iso(filters.first), size="sm")),
            _labelled("to", Ids.LAST, dbc.Input(id=Ids.LAST, type="date", value=_iso(filters.last), size="sm")),
        ],
        id=Ids.DATES,
        className=dates_class(filters.period),
    )
    number = dbc.Input(
        id=Ids.NUMBER, type="text", inputmode="numeric", value=str(filters.number or ""), size="sm", debounce=True
    )
    return html.Div(
        [
            _select("Period", Ids.PERIOD, list(PERIODS), filters.period),
            dates,
            _select("Person", Ids.PERSON, _choices("Anybody", found.people, filters.person), filters.person),
            _select("Action", Ids.ACTION, _choices("Any action", found.actions, filters.action), filters.action),
            _select("Thing", Ids.KIND, _choices("Anything", found.kinds, filters.kind), filters.kind),
            _labelled("Its number", Ids.NUMBER, number),
        ],
        className="picker",
        role="group",
        **attributes(aria_label="Search"),
    )


def _choices(any_word: str, known: tuple[str, ...], chosen: str) -> list[tuple[str, str]]:
    """What the chain knows, and what is asked for though it does not."""
    words = [*known, *([chosen] if chosen and chosen not in known else [])]
    return [(ANY, any_word), *((one, marks.plain(one).replace("_", " ").replace(".", ", ")) for one in words)]


def _select(label: str, part: str, options: list[tuple[str, str]], value: str) -> html.Div:
    choices = [{"value": key, "label": name} for key, name in options]
    return _labelled(label, part, dbc.Select(id=part, options=choices, value=value or ANY, size="sm"))


def _labelled(label: str, part: str, control: Any) -> html.Div:
    return html.Div([html.Label(label, htmlFor=part), control], className="picker-part")


def _iso(day: Any) -> str:
    return day.isoformat() if day is not None else ""


def dates_class(period: str) -> str:
    """The two dates show where dates were chosen."""
    return "picker-dates" if period == CUSTOM else "picker-dates is-hidden"


def body(found: AuditPage, permissions: Permissions) -> list[Any]:
    """What was found, newest first, with the ways to older events and to the file."""
    slug, filters = found.workspace.slug, found.filters
    at = f"as at {wording.clock(found.as_at, found.workspace.zone)}, {found.workspace.zone}"
    said = "Newest first, " if filters.before is None else "Older events, "
    file = html.A("Export (CSV)", href=links.audit_file(slug, filters), className="button")
    head = html.Div([html.P(f"{said}{at}.", className="aside"), file], className="audit-found")
    if not found.rows:
        return [head, html.P(_nothing(filters), className="panel-empty")]
    return [head, table(found, permissions), _turn(found)]


def _nothing(filters: AuditFilters) -> str:
    if filters.before is not None:
        return "There is nothing older."
    return "No event fits this search. Choose another period, or anybody and any action."


def _turn(found: AuditPage) -> html.P:
    slug, filters = found.workspace.slug, found.filters
    newest = [dcc.Link("Newest", href=links.audit(slug, filters, None))] if filters.before is not None else []
    older = [dcc.Link("Older", href=links.audit(slug, filters, found.older))] if found.older is not None else []
    return html.P([*newest, *older], className="turn")


def table(found: AuditPage, permissions: Permissions) -> html.Div:
    """An event a row."""
    titles = html.Thead(html.Tr([html.Th(one, scope="col", role="columnheader") for one in HEADERS], role="row"))
    rows = html.Tbody([_row(one, found, permissions) for one in found.rows], role="rowgroup")
    whole = html.Table([titles, rows], className="register audit-rows", role="table", **attributes(aria_label="Events"))
    return html.Div(whole, className="register-holder", tabIndex=0, role="region", **attributes(aria_label="Events"))


def _row(one: AuditRow, found: AuditPage, permissions: Permissions) -> html.Tr:
    zone = found.workspace.zone
    what: list[Any] = [marks.remote(deeds.deed(one, found.named))]
    if one.kind == "conversation" and one.key is not None and Permission.READ_TRAIL in permissions:
        way = dcc.Link(
            "its trail", href=links.trail(one.key, found.workspace.slug), title=f"Trail of conversation {one.key}"
        )
        what += [" ", way]
    cells = [what, _changes(one, found), origin(one)]
    when = [when_of(one, found.as_at, zone), html.Span(f"event {wording.number(one.number)}", className="aside")]
    return html.Tr(
        [
            html.Th(when, scope="row", role="rowheader"),
            *(
                html.Td(html.Div(words), role="cell", **attributes(data_label=header))
                for header, words in zip(HEADERS[1:], cells, strict=True)
            ),
        ],
        role="row",
    )


def when_of(one: AuditRow, now: Any, zone: str) -> html.Time:
    """The day where it is another one, and the time to the second."""
    day = wording.moment(one.at, now, zone).rpartition(", ")[0]
    clock = wording.clock(one.at, zone)
    return html.Time(f"{day}, {clock}" if day else clock, dateTime=one.at.isoformat())


def _changes(one: AuditRow, found: AuditPage) -> Any:
    return changes(one, found.named)


def changes(one: AuditRow, named: deeds.Named) -> Any:
    """What was otherwise before, a line each; a dash where the event says nothing of it."""
    said = deeds.differences(one, named)
    if not said:
        return wording.DASH
    return html.Ul([html.Li(marks.remote(line)) for line in said], className="changes")


def origin(one: AuditRow) -> Any:
    """From where: the address and the session."""
    session = f"session {one.session}" if one.session is not None else ""
    said = ", ".join(part for part in (one.address, session) if part)
    return said or "Watchroom itself"
