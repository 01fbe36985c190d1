"""Contacts: find somebody, see what is held, hand it out, erase it."""

from typing import Any

from dash import html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.privacy import ContactHeld, ContactRow, ContactsPage

HEADERS = ("Contact", "Network", "Since", "Conversations")


def body(found: ContactsPage) -> list[Any]:
    """The search and what it found, with the chosen one beside it."""
    left = [_search(found), *_rows(found)]
    beside = [_chosen(found, found.chosen)] if found.chosen is not None else []
    look = "admin-split has-card" if beside else "admin-split"
    return [html.Div([html.Div(left, className="admin-list"), *beside], className=look)]


def _search(found: ContactsPage) -> html.Div:
    form = forms.Form("contacts.find")
    hint = "Part of a handle or a name, as it is shown, or the number of a contact."
    field = form.text("q", "Who", found.search, hint=hint, maxlength=200)
    return form.draw("", field, form.save("Find"), label="Find a contact")


def _rows(found: ContactsPage) -> list[Any]:
    if not found.search:
        return [html.P("Contacts that you look for appear here.", className="panel-empty")]
    empty = "Nobody here is called so now. A network may have told another handle since: look for a part of it, or the name."
    rows = [_row(one, found) for one in found.rows]
    more = [html.P("There are more: write more of the name.", className="aside")] if found.more else []
    return [table("Contacts", HEADERS, rows, empty), *more]


def _row(one: ContactRow, found: ContactsPage) -> html.Tr:
    here = found.chosen is not None and found.chosen.row.id == one.id
    href = links.privacy("contacts", found.workspace.slug, q=found.search, contact=one.id)
    name = [html.A(_name(one), href=href), html.Span(f"contact {one.id}", className="aside")]
    since = wording.dated(one.since, found.workspace.zone)
    return row(HEADERS, name, [wording.channel(one.channel), since, wording.number(one.conversations)], here=here)


def _name(one: ContactRow) -> Any:
    return marks.remote(" ".join(filter(None, [one.handle, one.name])) or f"contact {one.id}")


def _chosen(found: ContactsPage, held: ContactHeld) -> html.Aside:
    said = [html.P(_sum(found, held)), *_others(held), _conversations(found, held)]
    if held.row.erased:
        said.append(html.P("This contact was erased. Their words, names and ids are gone; times and figures stand."))
    else:
        said += [_pack(found, held), *_hold(held), *_erase(found, held)]
    return html.Aside(
        [html.H2(_name(held.row)), *said], className="card", **attributes(aria_label="What is held of this contact")
    )


def _sum(found: ContactsPage, held: ContactHeld) -> str:
    zone = found.workspace.zone
    number = wording.plural(held.messages, "message")
    when = ""
    if held.first is not None and held.last is not None:
        when = f", from {wording.dated(held.first, zone)} to {wording.dated(held.last, zone)}"
    many = wording.plural(len(held.conversations), "conversation")
    return f"Held: {number} in {many}{when}."


def _others(held: ContactHeld) -> list[Any]:
    if not held.others:
        return []
    names: list[Any] = []
    for one in held.others:
        names += [", " if names else "", _name(one)]
    return [html.P(["The same person as: ", *names, ". Whatever is done here is done to all of them."])]


def _conversations(found: ContactsPage, held: ContactHeld) -> html.P:
    shown: list[Any] = []
    for key in held.conversations[:10]:
        href = links.conversation(key, found.workspace.slug)
        shown += [", " if shown else "", html.A(f"conversation {key}", href=href)]
    more = len(held.conversations) - 10
    return html.P([*shown, f" and {more} more" if more > 0 else ""])


def _pack(found: ContactsPage, held: ContactHeld) -> html.Div:
    def address(end: str) -> str:
        return links.page(f"/privacy/pack/{held.row.id}.{end}", found.workspace.slug)

    return html.Div(
        [
            html.H3("Hand out what is held"),
            html.P(
                "For a subject-access request: everything, with what colleagues wrote. Read it whole before you hand it "
                "over, and take out what is about others. It is on the record that you took it.",
                className="aside",
            ),
            html.Div(
                [
                    html.A("As a workbook", href=address("xlsx"), className="button"),
                    html.A("As JSON", href=address("json"), className="button"),
                ],
                className="actions",
            ),
        ]
    )


def _hold(held: ContactHeld) -> list[Any]:
    if held.kept:
        return [html.P(f"A legal hold keeps this contact: {marks.plain(held.kept)}.")]
    form = forms.Form("holds.hold", held.row.id)
    why = form.text("reason", "Why: the number of the case, no name", maxlength=200)
    fields = form.draw("", why, form.save("Hold this contact", first=False), label="Hold this contact")
    return [html.Details([html.Summary("Keep from erasure and disposal"), fields])]


def _erase(found: ContactsPage, held: ContactHeld) -> list[Any]:
    if not found.may_erase:
        return []
    why = _in_the_way(found, held)
    if why:
        return [html.H3("Erase"), html.P(["Not now: ", *why])]
    form = forms.Form("contacts.erase", held.row.id)
    return [
        form.draw(
            "Erase for good",
            html.P(
                "Words, names and ids go; times, grades and figures stay. Nothing brings them back. Backups and files made "
                "before are not reached.",
                className="aside",
            ),
            form.text(
                "reason", "Why: the number of the request, no name", hint="It stays in the audit.", maxlength=200
            ),
            form.text("typed", f"Type {marks.plain(held.row.called)}", maxlength=400),
            form.save("Erase this contact", first=False),
        )
    ]


def _in_the_way(found: ContactsPage, held: ContactHeld) -> list[Any]:
    if held.kept:
        return ["a legal hold keeps them. Lift it under Legal holds first."]
    if held.waiting:
        href = links.conversation(held.waiting[0], found.workspace.slug)
        return [
            "a message of theirs waits for an answer. Have it answered or closed first: ",
            html.A("open it", href=href),
            ".",
        ]
    if held.under_way:
        return ["a reply to them is on its way. Wait for it, or have it taken back."]
    return []
