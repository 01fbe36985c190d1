"""Webhooks: the programs that are told, the form for one more, and the log of the latest calls."""

from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.webhooks import CallRow, WebhookRow, WebhooksPage
from models.webhooks import LONGEST_ADDRESS, LONGEST_NAME, TEST, Event

HEADERS = ("Webhook", "Told of", "State", "Do", "Remove")
LOG = ("Stored", "Webhook", "Event", "State", "Tries", "Problem")
EVENTS = {
    Event.TOP: "a message of the top grade",
    Event.ALARM: "an alarm that is raised",
    Event.CLOSED: "a conversation that somebody closes",
    Event.RULE: "a workflow rule that says so",
}
NO_CALLS = "No call yet. Each event that a webhook asks for is listed here, with what became of it."


def body(found: WebhooksPage) -> list[Any]:
    """The webhooks beside the form for one more, above the log."""
    rows = [_row(one, found) for one in found.rows]
    empty = "No webhook yet. Give the address of a program that is to be told, in the form beside this."
    left = [
        table("Webhooks", HEADERS, rows, empty),
        html.H2("Latest calls"),
        table("Latest calls", LOG, [_call(one, found) for one in found.calls], NO_CALLS),
    ]
    said = (
        "A call holds numbers, kinds and a link, never what anybody wrote or who. It is signed as Standard Webhooks say, tried "
        "again for about a day, and kept in the log for 30 days."
    )
    return [
        html.P(said, className="aside"),
        html.Div([html.Div(left, className="admin-list"), _form()], className="admin-split"),
    ]


def _row(one: WebhookRow, found: WebhooksPage) -> html.Tr:
    what = html.Div([html.Strong(marks.remote(one.name)), html.Br(), marks.plain(one.host)])
    told = ", ".join(EVENTS[event] for event in Event if event in one.events)
    named = marks.plain(one.name)
    switch = (
        forms.button("Turn on", "webhooks.on", one.id, described=f"Turn {named} on")
        if one.off
        else forms.button("Turn off", "webhooks.off", one.id, described=f"Turn {named} off")
    )
    test = [] if one.off else [forms.button("Send a test", "webhooks.test", one.id, described=f"Send {named} a test")]
    renew = forms.button("New secret", "webhooks.renew", one.id, described=f"Give {named} a new secret")
    form = forms.Form("webhooks.remove", one.id)
    remove = form.draw(
        "",
        form.check("sure", "Its address and secret go for good"),
        forms.button("Remove", form.act, form.of, sends=True, described=f"Remove {named}"),
        label=f"Remove {named}",
    )
    return row(
        HEADERS, what, [told, _state(one, found), html.Div([*test, switch, renew], className="form-buttons"), remove]
    )


def _state(one: WebhookRow, found: WebhooksPage) -> str:
    zone, now = found.workspace.zone, found.as_at
    if one.off:
        return f"Off since {wording.moment(one.off, now, zone)}"
    told = f"told last {wording.moment(one.told, now, zone)}" if one.told else "not told anything yet"
    waiting = f", {wording.plural(one.waiting, 'call waits', 'calls wait')}" if one.waiting else ""
    lost = f", {wording.plural(one.given_up, 'call', 'calls')} given up" if one.given_up else ""
    return f"On: {told}{waiting}{lost}"


def _call(one: CallRow, found: WebhooksPage) -> html.Tr:
    zone, now = found.workspace.zone, found.as_at
    event = "a test" if one.event == TEST else EVENTS[Event(one.event)]
    later = f", tried again {wording.moment(one.next_try, now, zone)}" if one.next_try and one.tries else ""
    again = (
        [forms.button("Try again", "webhooks.again", one.id, described=f"Try call {one.id} again")] if one.again else []
    )
    cells = [marks.remote(one.webhook), event, f"{one.state}{later}", one.tries, html.Div([one.problem or "–", *again])]
    return row(LOG, wording.moment(one.stored, now, zone), cells)


def _form() -> html.Aside:
    form = forms.Form("webhooks.add")
    return html.Aside(
        form.draw(
            "Tell another program",
            form.text("name", "Name", maxlength=LONGEST_NAME, hint="Such as the program that is told."),
            form.text(
                "address",
                "Address",
                kind="url",
                maxlength=LONGEST_ADDRESS,
                hint="It begins with https:// and is not shown again: only its host is.",
            ),
            form.checks("Tell it of", [(f"event:{key}", said, False) for key, said in EVENTS.items()]),
            form.save("Add"),
            top=True,
        ),
        className="card",
        **attributes(aria_label="Tell another program"),
    )
