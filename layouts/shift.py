"""The shift: what would be handed over, who takes it over by name, and every hand-over there was, fit to be printed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from layouts.deeds import DEEDS
from models.shifts import LONGEST_NOTE
from models.snapshots.shifts import HandedOver, HandRow, ShiftPage, ShiftPicture

ANYBODY = "anybody"
ROWS = ("Grade", "Contact", "On", "Waiting since", "Due", "Held by")
ACCOUNTS = ("Account", "State", "Since")
GAPS = ("Account", "From", "To", "For")
DECISIONS = ("When", "Who", "What")
PAST = ("As at", "Given by", "Taken over by", "Note")


class Ids(StrEnum):
    PAGE = "shift"
    LIVE = "live-queue"
    WAITING = "shift-waiting"
    PICTURE = "shift-picture"
    PAST = "shift-past"
    NOTE = "shift-note"
    TAKER = "shift-taker"
    GIVE = "shift-give"
    DAY = "shift-day"
    TIME = "shift-time"
    GO = "shift-go"


def accept(key: int | Wildcard) -> dict[str, Any]:
    """The button that takes this hand-over's shift over."""
    return {"type": "shift-over", "id": key}


def take_back(key: int | Wildcard) -> dict[str, Any]:
    """The button that takes this hand-over back."""
    return {"type": "shift-back", "id": key}


def page(found: ShiftPage) -> html.Div:
    """The page at first paint. News draws again what waits, the picture and the list; never the form."""
    parts = [_one(found, found.shown)] if found.shown is not None else _all(found)
    return html.Div(
        [dcc.Store(id=Ids.LIVE), *parts],
        id=Ids.PAGE,
        className="sheet shift",
        **attributes(data_workspace=found.workspace.slug, data_revision=str(found.revision)),
    )


def _all(found: ShiftPage) -> list[Any]:
    waiting, drawn, past = regions(found)
    return [
        html.Div([html.H1("Shift"), _experts(found), _print()], className="sheet-head"),
        html.Div(waiting, id=Ids.WAITING),
        *([_form(found)] if found.may_hand else []),
        html.Div(drawn, id=Ids.PICTURE),
        html.Div(past, id=Ids.PAST, className="not-printed"),
    ]


def _one(found: ShiftPage, one: HandedOver) -> html.Div:
    zone, now = found.workspace.zone, found.as_at
    back = html.A("All hand-overs", href=links.page("/shift", found.workspace.slug), className="not-printed")
    title = html.Div([html.H1(f"Shift of {wording.moment(one.at, now, zone)}"), back, _print()], className="sheet-head")
    return html.Div([title, html.P(marks.plain(_stands(one, now, zone))), *_note(one), *picture(found)])


def _experts(found: ShiftPage) -> html.Span:
    way = html.A("Who is on duty, and the experts", href=links.page("/experts", found.workspace.slug))
    return html.Span(way, className="not-printed", **attributes(data_key="g e"))


def _print() -> html.Button:
    return html.Button("Print", className="button not-printed", type="button", **attributes(data_print="true"))


def regions(found: ShiftPage) -> tuple[list[Any], list[Any], list[Any]]:
    """What waits, the picture, and the hand-overs there were."""
    return _waiting(found), picture(found), _past(found)


def _stands(one: HandedOver, now: datetime, zone: str) -> str:
    to = f"to {one.to}" if one.to else "to whoever accepts first"
    given = f"Handed over by {one.by} at {wording.moment(one.given, now, zone)}, {to}. "
    if one.accepted is not None:
        return f"{given}Taken over by {one.accepted_by} at {wording.moment(one.accepted, now, zone)}."
    if one.taken_back is not None:
        return f"{given}Taken back at {wording.moment(one.taken_back, now, zone)}."
    return f"{given}Nobody has accepted it yet."


def _note(one: HandedOver) -> list[Any]:
    return [html.P([html.Strong("Note: "), marks.remote(one.note)], className="shift-note")] if one.note else []


def _waiting(found: ShiftPage) -> list[Any]:
    one = found.waiting
    if one is None:
        return []
    zone, now = found.workspace.zone, found.as_at
    see = html.A("See what it hands over", href=links.page(f"/shift/{one.id}", found.workspace.slug))
    buttons: list[Any] = []
    if found.may_hand and one.for_me:
        words = f"Take the shift over as {marks.plain(found.user)}"
        buttons.append(html.Button(words, id=accept(one.id), className="button button-first", type="button"))
    if found.may_hand:
        buttons.append(html.Button("Take it back", id=take_back(one.id), className="button", type="button"))
    parts = [
        html.H2("A shift waits to be taken over"),
        html.P([marks.plain(_stands(one, now, zone)), " ", see]),
        *_note(one),
        html.Div(buttons, className="form-buttons"),
    ]
    return [html.Section(parts, className="card shift-waits", **attributes(aria_label="A shift waits"))]


def _form(found: ShiftPage) -> html.Details:
    there = wording.local(found.chosen or found.as_at, found.workspace.zone)
    day = dbc.Input(id=Ids.DAY, type="date", value=f"{there:%Y-%m-%d}", size="sm")
    time = dbc.Input(id=Ids.TIME, type="time", value=f"{there:%H:%M}", size="sm")
    people = [(ANYBODY, "whoever accepts first"), *((str(key), name) for key, name in found.takers)]
    note = dbc.Textarea(id=Ids.NOTE, rows=3, maxlength=LONGEST_NOTE, value="", size="sm")
    now = html.A("Build it of now", href=links.page("/shift", found.workspace.slug), className="button")
    parts = [
        html.Summary("Hand this shift over"),
        frame.field(Ids.NOTE, "Note", note, "what the next supervisor must know and no list says"),
        frame.choice(Ids.TAKER, "Next supervisor", people, ANYBODY),
        html.Div(
            html.Button("Hand it over", id=Ids.GIVE, className="button button-first", type="button"),
            className="form-buttons",
        ),
        html.P("What stands below is stored as it is. It can also be built of an earlier minute:", className="aside"),
        html.Div([frame.field(Ids.DAY, "Day", day), frame.field(Ids.TIME, "Time", time)], className="shift-when"),
        html.Div(
            [html.Button("Build it of then", id=Ids.GO, className="button", type="button"), now],
            className="form-buttons",
        ),
    ]
    return html.Details(parts, className="card not-printed", open=True)


def picture(found: ShiftPage) -> list[Any]:
    """One instant: what is at risk, what is due, whose accounts fail, what was decided."""
    one = found.picture
    if one is None:
        return [html.P("What stood at that minute was not kept. Choose a later one.", className="panel-empty")]
    zone, now = found.workspace.zone, found.as_at
    at = f"{found.workspace.name}, as at {wording.clock(one.at, zone)} on {wording.dated(one.at, zone)}, {zone}"
    return [
        html.P(marks.plain(at), className="aside"),
        *_major(one, now, zone),
        html.P(_counts(one)),
        *_rows("Open risk", "the two most urgent grades, and what colleagues flagged", one.risk, one.more_risk, found),
        *_rows("Due within two hours", "overdue ones first", one.due, one.more_due, found),
        *_accounts(found, one),
        *_gaps(found, one),
        *_decisions(found, one),
    ]


def _major(one: ShiftPicture, now: datetime, zone: str) -> list[html.P]:
    if not one.major:
        return []
    since = f", since {wording.moment(one.major_since, now, zone)}"
    return [html.P([html.Strong("MAJOR INCIDENT "), marks.remote(one.major), since], className="major major-desk")]


def _counts(one: ShiftPicture) -> str:
    waiting = ", ".join(f"{wording.number(count)} {word.lower()}" for word, count in one.waiting)
    held = ", ".join(f"{marks.plain(name)} {wording.number(count)}" for name, count in one.held)
    return f"Waiting for an answer: {waiting}. Held: {held or 'nothing by anybody'}."


def _rows(title: str, aside: str, rows: tuple[HandRow, ...], more: int, found: ShiftPage) -> list[Any]:
    shown = [_row(one, found) for one in rows]
    rest = [html.P(f"{wording.plural(more, 'more', 'more')} in the queue.", className="aside")] if more else []
    heading = html.H2([f"{title}, {wording.number(len(rows) + more)} ", html.Span(aside, className="aside")])
    return [heading, table(title, ROWS, shown, "None."), *rest]


def _row(one: HandRow, found: ShiftPage) -> html.Tr:
    zone, now = found.workspace.zone, found.as_at
    name = found.contacts.get(one.id) or f"conversation {one.id}"
    cells = [
        dcc.Link(marks.plain(name), href=links.conversation(one.id, found.workspace.slug)),
        html.Span([marks.channel(one.channel), " ", marks.remote(one.account)]),
        wording.moment(one.since, now, zone),
        wording.moment(one.due, now, zone),
        marks.plain(one.holder) if one.holder else "nobody",
    ]
    return row(ROWS, marks.grade(one.grade), cells)


def _accounts(found: ShiftPage, one: ShiftPicture) -> list[Any]:
    if one.accounts is None:
        return [html.H2("Failing accounts"), html.P("Not known for that minute.", className="panel-empty")]
    zone, now = found.workspace.zone, found.as_at
    rows = [
        row(
            ACCOUNTS,
            html.Span([marks.channel(each.channel), " ", marks.remote(each.handle)]),
            [each.state, wording.moment(each.since, now, zone)],
        )
        for each in one.accounts
    ]
    return [html.H2(f"Failing accounts, {len(rows)}"), table("Failing accounts", ACCOUNTS, rows, "None.")]


def _gaps(found: ShiftPage, one: ShiftPicture) -> list[Any]:
    zone, now = found.workspace.zone, found.as_at
    since = html.Span(f"since {wording.moment(one.since, now, zone)}", className="aside")
    if one.gaps is None:
        words = "Not stored with this hand-over."
        return [html.H2(["Unwatched times ", since]), html.P(words, className="panel-empty")]
    rows = [
        row(
            GAPS,
            html.Span([marks.channel(each.channel), " ", marks.remote(each.handle)]),
            [
                wording.moment(each.begins, now, zone),
                wording.moment(each.ends, now, zone) if each.ends else "still",
                wording.age((each.ends or one.at) - each.begins),
            ],
        )
        for each in one.gaps
    ]
    count = wording.number(len(rows) + one.more_gaps)
    rest = [html.P(f"{wording.plural(one.more_gaps, 'shorter one', 'shorter ones')}.", className="aside")]
    drawn = table("Unwatched times", GAPS, rows, "None of a minute or longer.")
    return [html.H2([f"Unwatched times, {count} ", since]), drawn, *(rest if one.more_gaps else [])]


def _decisions(found: ShiftPage, one: ShiftPicture) -> list[Any]:
    zone, now = found.workspace.zone, found.as_at
    rows = [
        row(
            DECISIONS,
            wording.moment(each.at, now, zone),
            [marks.plain(each.actor), DEEDS.get(each.action, each.action).format(it=_thing(each.kind, each.key))],
        )
        for each in one.deeds
    ]
    since = html.Span(f"since {wording.moment(one.since, now, zone)}", className="aside")
    empty = "None on the record: entries of the log, incidents, METHANE reports, banners, lockdowns and take-overs appear here."
    return [html.H2([f"Decisions taken, {len(rows)} ", since]), table("Decisions taken", DECISIONS, rows, empty)]


def _thing(kind: str, key: int | None) -> str:
    return kind if key is None else f"{kind} {key}"


def _past(found: ShiftPage) -> list[Any]:
    zone, now = found.workspace.zone, found.as_at
    rows = [
        row(
            PAST,
            html.A(wording.moment(one.at, now, zone), href=links.page(f"/shift/{one.id}", found.workspace.slug)),
            [
                marks.plain(one.by),
                marks.plain(one.accepted_by) if one.accepted_by else "nobody: taken back",
                html.Span(marks.remote(one.note), className="cut") if one.note else wording.DASH,
            ],
        )
        for one in found.past
    ]
    empty = "No shift was handed over yet. A supervisor does it above; each one then stays here as it was."
    return [html.H2("Hand-overs before"), table("Hand-overs before", PAST, rows, empty)]
