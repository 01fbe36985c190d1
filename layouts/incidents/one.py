"""One incident: what it is, its conversations and notes, and what the public said."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.components.note import note
from layouts.conversation import frame
from layouts.incidents.ids import Ids, cite
from models.incidents import LINES, LONGEST_NAME, LONGEST_REFERENCE, Veracity
from models.posts import Kind
from models.snapshots import QueueFilters
from models.snapshots.cases import Evidence, IncidentPage, Incidents, Member

NAMES = {key: f"{letter}, {meaning.partition(':')[0].lower()}" for key, letter, meaning in LINES}
"""How a line is named in few words."""


def head(found: Incidents, chosen: IncidentPage) -> list[Any]:
    """Name, reference, whether it is so, since when."""
    row, zone, now = chosen.row, found.workspace.zone, found.as_at
    number = f"Incident {row.mark.reference}" if row.mark.reference else "No reference yet"
    opened = f"opened {wording.moment(row.opened, now, zone)}{f' by {row.opened_by}' if row.opened_by else ''}"
    over = f", closed {wording.moment(row.closed, now, zone)}" if row.closed else ""
    facts = f"{number}, {wording.VERACITIES[row.mark.veracity]}, {opened}{over}."
    queue = dcc.Link(
        "In the queue", href=links.queue(found.workspace.slug, QueueFilters(view="open", incident=row.mark.id))
    )
    back = dcc.Link("All incidents", href=links.incidents(found.workspace.slug))
    title = html.Div([html.H1(marks.remote(row.mark.name)), queue, back], className="sheet-head")
    return [title, html.P(marks.plain(facts), className="incident-facts")]


def details(chosen: IncidentPage) -> html.Details:
    """What those who run incidents may change."""
    mark = chosen.row.mark
    name = dbc.Input(id=Ids.NAME, maxlength=LONGEST_NAME, value=mark.name, size="sm", autocomplete="off")
    number = dbc.Input(
        id=Ids.REFERENCE, maxlength=LONGEST_REFERENCE, value=mark.reference, size="sm", autocomplete="off"
    )
    truth = [{"value": str(one), "label": wording.VERACITIES[one]} for one in Veracity]
    parts = [
        html.Summary("Change or close it"),
        frame.field(Ids.NAME, "Name", name),
        frame.field(Ids.REFERENCE, "Reference", number, "in command and control"),
        frame.field(
            Ids.VERACITY, "Is it so?", dbc.Select(id=Ids.VERACITY, options=truth, value=mark.veracity, size="sm")
        ),
        html.Div(
            [
                html.Button("Keep these", id=Ids.DESCRIBE, className="button button-first", type="button"),
                html.Button(
                    "Close the incident" if mark.open else "Open it again",
                    id=Ids.CLOSE,
                    className="button",
                    type="button",
                ),
            ],
            className="form-buttons",
        ),
    ]
    return html.Details(parts, id=Ids.FORM, className="card incident-details")


def members(found: Incidents, chosen: IncidentPage) -> list[Any]:
    """Its conversations in the queue's order, and the notes on them."""
    waiting = f"{wording.plural(len(chosen.members), 'conversation')}, {wording.number(chosen.row.unanswered)} waiting"
    title = html.H2(["Conversations ", html.Span(waiting, className="aside")])
    rows = [_member(one, found) for one in chosen.members]
    empty = html.P("None yet. Open a conversation and press I to add it here.", className="aside")
    parts: list[Any] = [title, html.Ul(rows, className="members") if rows else empty]
    zone, now = found.workspace.zone, found.as_at
    if chosen.notes:
        parts.append(html.H2("Notes"))
    for key, contact, one in chosen.notes:
        way = dcc.Link(marks.plain(f"On {contact}"), href=links.conversation(key, found.workspace.slug))
        parts.append(html.Div([note(one, now, zone), way], className="member-note"))
    return [html.Section(parts, className="card", **attributes(aria_label="Conversations"))]


def _member(one: Member, found: Incidents) -> html.Li:
    words: list[Any] = [
        html.Strong(marks.remote(one.contact)),
        " ",
        marks.remote(one.first_line or "no text", one.language),
    ]
    link = dcc.Link(words, href=links.conversation(one.id, found.workspace.slug), className="member-link cut")
    stands = [marks.aged(one.since, found.as_at)] if one.since is not None else [one.state]
    who = marks.remote(one.holder) if one.holder else "nobody"
    parts = [
        marks.grade(one.grade),
        html.Span([marks.channel(one.channel), link], className="member-words"),
        html.Span([*stands, ", ", who], className="aside member-stands"),
    ]
    return html.Li(parts, **attributes(data_row="true", data_id=str(one.id)))


def said(found: Incidents, chosen: IncidentPage) -> list[Any]:
    """What the public said, the newest first; while it goes on each message can be cited for the line that is chosen."""
    working = found.may_work and chosen.row.mark.open
    cited: dict[int, list[str]] = {one.id: [] for one in chosen.messages}
    for line in chosen.draft.lines:
        for one in line.evidence:
            cited.setdefault(one.id, []).append(NAMES[line.key].partition(", ")[2])
    rows = [_message(one, found, cited[one.id], working) for one in chosen.messages]
    more = (
        [html.P(f"{wording.plural(chosen.more, 'older message')} not shown.", className="aside")] if chosen.more else []
    )
    hint = "Press Cite to put a message under the line that is chosen in METHANE." if working else ""
    parts = [html.H2("What was said"), *([html.P(hint, className="aside")] if hint else []), html.Ol(rows), *more]
    return [html.Section(parts, className="card said", **attributes(aria_label="What was said"))]


def _message(one: Evidence, found: Incidents, lines: list[str], working: bool) -> html.Li:
    at = wording.moment(one.sent, found.as_at, found.workspace.zone)
    private = ", private" if one.kind is Kind.PRIVATE else ""
    way = dcc.Link(f"{at}, {wording.channel(one.channel)}{private}",
                   href=links.conversation(one.conversation_id, found.workspace.slug))  # fmt: skip
    where = f" Cited for {', '.join(lines)}." if lines else ""
    about = html.P([way, ", ", marks.remote(one.contact), ".", html.Strong(where)], className="message-about")
    text = html.P(marks.remote(one.text or "no text", one.language), className="message-text")
    button = html.Button(
        ["Cite", html.Span(f" the message of {at}", className="visually-hidden")],
        id=cite(one.id),
        className="button-quiet",
        type="button",
    )
    return html.Li([text, about, *([button] if working else [])], **attributes(data_row="true", data_id=str(one.id)))
