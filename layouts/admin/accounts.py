"""Accounts as an administrator keeps them: connect, test, rotate, pause. No credential is ever shown."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots import AccountState
from models.snapshots.admin import ManagedAccount, ManagedAccounts, OfferRow

HEADERS = ("Account", "State", "Owner and watch", "Read", "Credentials", "Change")


def body(found: ManagedAccounts) -> list[Any]:
    """The accounts beside the form for one, or for another."""
    rows = [_row(one, found) for one in found.rows]
    empty = "No account yet. Connect one with the form beside this; it is asked within ten seconds."
    aside = _chosen(found.chosen, found) if found.chosen else _new(found)
    return [
        html.Div(
            [html.Div(table("Accounts", HEADERS, rows, empty), className="admin-list"), aside],
            className="admin-split has-card" if found.chosen else "admin-split",
        )
    ]


def _row(one: ManagedAccount, found: ManagedAccounts) -> html.Tr:
    handle = marks.plain(one.handle)
    link = dcc.Link(handle, href=links.admin("accounts", found.workspace.slug, account=one.id))
    name = [
        html.Span([marks.channel(one.channel), link], className="account-name"),
        html.Span(f"by {one.connector}", className="aside"),
    ]
    look = wording.STATE_LOOKS[AccountState(one.state)]
    state = html.Span([marks.shape(look), one.state], className=f"grade ink-{look}")
    pause = (
        forms.button("Resume", "accounts.resume", one.id, described=f"Resume {handle}")
        if one.paused
        else forms.button("Pause", "accounts.pause", one.id, described=f"Pause {handle}")
    )
    ways: list[Any] = [forms.button("Test", "accounts.test", one.id, described=f"Test {handle}"), " ", pause]
    call = f"call {marks.plain(one.call)}" if one.call else ""
    said = (marks.plain(one.owner), marks.plain(one.purpose), marks.plain(one.watch_hours), call)
    about = ", ".join(part for part in said if part) or wording.DASH
    budget = f", at most {wording.number(one.budget)} posts a month" if one.budget else ""
    cells = [
        state,
        about,
        f"every {one.interval} s{budget}",
        "kept" if one.has_credentials else "none",
        html.Div(ways, className="actions"),
    ]
    return row(HEADERS, name, cells, here=found.chosen is not None and found.chosen.id == one.id)


def _chosen(one: ManagedAccount, found: ManagedAccounts) -> html.Aside:
    close = dcc.Link("Close", href=links.admin("accounts", found.workspace.slug))
    offer = next((each for each in found.offers if each.key == one.connector), None)
    rotate = [_rotate(one, offer)] if offer and offer.credentials else []
    return html.Aside(
        [html.Div([html.H2(marks.remote(one.handle)), close], className="card-head"), _pace(one), *rotate],
        className="card",
        **attributes(aria_label="One account"),
    )


def _pace(one: ManagedAccount) -> html.Div:
    form = forms.Form("accounts.change", one.id)
    return form.draw(
        "Owner, watch and pace",
        form.text("owner", "Owner", one.owner, hint="Who answers for it in the organisation.", maxlength=200),
        form.text("purpose", "Purpose", one.purpose, maxlength=500),
        form.text(
            "watch_hours",
            "Hours watched",
            one.watch_hours,
            hint="Such as: day and night, or Monday to Friday 8 to 17.",
            maxlength=200,
        ),
        form.text(
            "call", "Who to call", one.call, hint="A role and a number, for when something is wrong.", maxlength=200
        ),
        form.text("interval", "Seconds between two polls", one.interval, inputmode="numeric"),
        form.text("budget", "Posts read a month at most", one.budget, hint="Nothing: no limit.", inputmode="numeric"),
        form.save(),
    )


def _rotate(one: ManagedAccount, offer: OfferRow) -> html.Div:
    form = forms.Form("accounts.rotate", one.id)
    return form.draw(
        "New credentials",
        html.P("The old ones are gone when you save. None are ever shown again.", className="aside"),
        *_credentials(form, offer),
        form.save("Save new credentials", first=False),
    )


def _credentials(form: forms.Form, offer: OfferRow) -> list[Any]:
    return [
        form.text(f"credential:{name}", _words(name), hint=said, kind="password", autocomplete="new-password")
        for name, said in offer.credentials
    ]


def _new(found: ManagedAccounts) -> html.Aside:
    forms_ = [_connect(offer) for offer in found.offers]
    return html.Aside(forms_, className="card", **attributes(aria_label="Connect an account"))


def _connect(offer: OfferRow) -> html.Div:
    form = forms.Form("accounts.add", offer.key)
    settings = [form.text(f"setting:{name}", _words(name), hint=said) for name, said in offer.settings]
    return form.draw(
        f"Connect an account on {offer.label}",
        form.text("handle", "Handle", hint="As the network writes it, such as @northshire.", maxlength=100),
        form.text("owner", "Owner", maxlength=200),
        form.text("purpose", "Purpose", maxlength=500),
        *_credentials(form, offer),
        *(
            [html.Details([html.Summary("Further settings"), html.Div(settings)], className="further")]
            if settings
            else []
        ),
        form.save("Connect"),
        top=True,
    )


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
