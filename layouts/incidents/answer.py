"""One reply to all: what is said, to how many, and how far it has come."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import frame
from layouts.incidents.ids import Ids, stop
from models.conversation import State
from models.snapshots.cases import Answer, IncidentPage, Incidents

MOST_WORDS = 2000


def form(chosen: IncidentPage) -> html.Section:
    """The words, and a person's word that they were read once more."""
    count = sum(one.state != State.CLOSED for one in chosen.members)
    area = dbc.Textarea(id=Ids.TEXT, rows=3, maxlength=MOST_WORDS, value="", size="sm")
    aside = "each gets a reply of their own, sent one after the other, public or private as they wrote"
    sure = dbc.Checkbox(id=Ids.SURE, label="Personal details in it are meant to go out", value=False)
    send = html.Button(
        f"Reply to {wording.plural(count, 'conversation')}", id=Ids.SEND, className="button button-first", type="button"
    )
    parts = [
        html.H2("One reply to all"),
        frame.field(Ids.TEXT, "Reply", area, aside),
        sure,
        html.Div(send, className="form-buttons"),
    ]
    return html.Section(parts, className="card", **attributes(aria_label="One reply to all"))


def progress(found: Incidents, chosen: IncidentPage) -> list[Any]:
    """Every reply to all, the newest first."""
    return [_answer(one, found) for one in chosen.answers]


def _answer(one: Answer, found: Incidents) -> html.Section:
    zone, now = found.workspace.zone, found.as_at
    when = f"Reply to all of {wording.moment(one.at, now, zone)}, by {one.by}"
    parts: list[Any] = [html.H3(marks.plain(when)), html.P(standing(one), className="strong")]
    if one.text:
        parts.append(html.P(marks.remote(one.text), className="message-text"))
    if one.waiting and found.may_reply:
        words = "Undo all" if one.undo_until is not None else "Stop what has not left"
        parts.append(html.Button(words, id=stop(str(one.batch)), className="button", type="button"))
    if one.people:
        rows = [
            html.Li(
                [
                    dcc.Link(
                        marks.plain(each.contact), href=links.conversation(each.conversation_id, found.workspace.slug)
                    ),
                    marks.plain(f": {each.why}"),
                ]
            )
            for each in one.people
        ]
        parts += [html.P("These need a person:"), html.Ul(rows, className="people")]
    return html.Section(parts, className="card answered", **attributes(aria_label=when))


def standing(one: Answer) -> str:
    """“31 of 43 sent, 10 wait, 2 need a person.”"""
    said = [f"{wording.number(one.sent)} of {wording.number(one.total)} sent"]
    said += [f"{wording.number(one.waiting)} wait"] if one.waiting else []
    said += [f"{wording.number(one.stopped)} stopped"] if one.stopped else []
    said += [f"{wording.number(len(one.people))} need a person"] if one.people else []
    return ", ".join(said) + "."
