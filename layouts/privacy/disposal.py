"""Disposal: what is due, for a person to let go or put off, and the certificates of what went."""

from typing import Any

from dash import html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.privacy import CertificateRow, DisposalPage, DueRow

HEADERS = ("Conversation", "Contact", "Messages", "Last message", "Rule", "Choose")
WAITING = ("Conversation", "Contact", "Messages", "Last message", "Rule", "Why it waits")
MADE = ("Certificate", "When", "By", "Rule", "What went", "Files")


def body(found: DisposalPage) -> list[Any]:
    """What is due first."""
    parts: list[Any] = [*_due(found), *_listening(found)]
    if found.waiting:
        rows = [_later(one, found) for one in found.waiting]
        parts += [html.H2("Held, or put off"), table("Held, or put off", WAITING, rows, "")]
    if found.certificates:
        rows = [_made(one, found) for one in found.certificates]
        parts += [html.H2("Certificates"), table("Certificates", MADE, rows, "")]
    return [html.Div(parts, className="admin-list")]


def _due(found: DisposalPage) -> list[Any]:
    if not found.due:
        said = (
            "Nothing is due. What becomes due under the rules appears here within six hours."
            if found.rules
            else "Nothing is ever due here: there is no rule under Admin, Retention, so everything is kept for ever."
        )
        return [html.P(said, className="panel-empty")]
    form = forms.Form("disposal.decide")
    shown = f"{wording.plural(found.total, 'conversation is', 'conversations are')} due"
    part = (
        f"; these are the {len(found.due)} that are due longest"
        if found.total > len(found.due) + len(found.waiting)
        else ""
    )
    rows = [_row(form, one, found) for one in found.due]
    return [
        html.H2("Due"),
        html.P(f"{shown}{part}. Look at them before they go: nothing brings them back."),
        form.draw("", table("Due for disposal", HEADERS, rows, ""), *_decide(form, found), label="Due for disposal"),
    ]


def _listening(found: DisposalPage) -> list[Any]:
    """What belongs to no conversation goes by number: nobody can look at each."""
    due = found.listening
    if due is None:
        return []
    oldest = wording.dated(due.oldest, found.workspace.zone)
    said = (
        f"{wording.plural(due.number, 'message')} found by listening, or of no conversation, "
        f"{'is' if due.number == 1 else 'are'} due; the oldest is of {oldest}. What a legal hold keeps is not counted."
    )
    form = forms.Form("disposal.listening")
    label = f"Type {due.at_once}, the number that goes at once: the oldest first"
    field = form.text("count", label, inputmode="numeric", maxlength=4)
    go = [form.draw("", field, form.save("Dispose of them", first=False), label="Messages of no conversation")]
    return [html.H2("Of no conversation"), html.P(said), *(go if found.may_erase else [])]


def _decide(form: forms.Form, found: DisposalPage) -> list[Any]:
    chosen = [form.check("everything", f"All {len(found.due)} of the list")] if len(found.due) > 1 else []
    go = [
        html.Div(
            [
                html.H3("Let them go"),
                form.text("count", "Type how many you chose", inputmode="numeric", maxlength=4),
                form.save("Dispose of them", first=False),
            ]
        )
    ]
    later = html.Div(
        [
            html.H3("Or put them off"),
            form.text("until", "Until", kind="date"),
            form.text("reason", "Why, without a name", maxlength=200),
            forms.button("Put them off", "disposal.defer", sends=True),
        ]
    )
    return [*chosen, html.Div([*(go if found.may_erase else []), later], className="cards decide")]


def _conversation(one: DueRow, found: DisposalPage) -> Any:
    return html.A(f"conversation {one.conversation}", href=links.conversation(one.conversation, found.workspace.slug))


def _told(one: DueRow, found: DisposalPage) -> list[Any]:
    last = wording.dated(one.last, found.workspace.zone)
    contact = html.Span([marks.remote(one.contact), f", {wording.channel(one.channel)}"])
    return [contact, wording.number(one.messages), last, marks.plain(one.rule)]


def _row(form: forms.Form, one: DueRow, found: DisposalPage) -> html.Tr:
    choose = form.check(f"due:{one.id}", f"Choose {one.conversation}")
    return row(HEADERS, _conversation(one, found), [*_told(one, found), choose])


def _later(one: DueRow, found: DisposalPage) -> html.Tr:
    zone = found.workspace.zone
    until = f"put off until {wording.dated(one.deferred, zone)}: {one.reason}" if one.deferred else ""
    why = f"legal hold: {one.kept}" if one.kept else until
    return row(WAITING, _conversation(one, found), [*_told(one, found), marks.plain(why)])


def _made(one: CertificateRow, found: DisposalPage) -> html.Tr:
    def address(end: str) -> str:
        return links.page(f"/privacy/certificate/{one.number}.{end}", found.workspace.slug)

    files = html.Span(
        [
            html.A(
                "Print",
                href=address("html"),
                target="_blank",
                **attributes(aria_label=f"Print certificate {one.number}"),
            ),
            ", ",
            html.A("JSON", href=address("json"), **attributes(aria_label=f"Certificate {one.number} as JSON")),
        ]
    )
    when = wording.moment(one.made, found.as_at, found.workspace.zone)
    went = f"{wording.plural(one.messages, 'message')} in {wording.plural(len(one.conversations), 'conversation')}"
    return row(MADE, f"number {one.number}", [when, marks.plain(one.by), marks.plain(one.rule), went, files])
