"""What frames the pages of administration: the tabs, the strip that asks for the password again, the place of a tab."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.components import forms, still
from layouts.components.attributes import attributes
from layouts.pages import ADMIN_TABS
from models.snapshots import WorkspaceMark


class Ids(StrEnum):
    PAGE = "admin"
    ACT = "admin-act"
    PROOF = "admin-proof"
    BODY = "admin-body"
    LIVE = "live-admin"


CAPTIONS = {
    "users": "Controlling access: who may sign in, and what they may do here.",
    "workspaces": "Each service's own territory. Nothing crosses it.",
    "roles": "Named sets of permissions, given to people under Users.",
    "teams": "Groups of people who share work.",
    "rules": "Automating policies: what sorts a message on arrival.",
    "calendars": "When we are staffed. Figures count by the version that was in force.",
    "targets": "How urgent a message can be, and how soon each is answered.",
    "templates": "Texts that replies begin from, and words that none may hold.",
    "accounts": "Our handles on the networks: what is read, how often, with which credentials.",
    "kiosks": "Screens on walls: each shows a board and may do nothing else.",
    "lockdown": "Hold back every reply on some or all accounts, at once.",
    "policies": "How we use social media: read and acknowledged by everybody, version by version.",
    "retention": "How long what people wrote is kept.",
    "survey": "One question after closing: would you have contacted us otherwise?",
    "tracking": "Short links for our posts, and how often they are followed.",
    "webhooks": "Programs elsewhere that are told what happens here, signed.",
    "configuration": "Everything but secrets and people, as a file.",
}


def page(workspace: WorkspaceMark, tab: str, content: Any, proof: list[Any], due: list[Any]) -> html.Div:
    """A tab at first paint, below what is owed of a second factor and the strip that asks for the password."""
    return html.Div(
        [
            dcc.Store(id=Ids.ACT),
            dcc.Store(id=Ids.LIVE),
            html.Div([html.H1("Admin"), html.Span(CAPTIONS[tab], className="aside")], className="sheet-head"),
            _tabs(workspace, tab),
            *due,
            html.Div(proof, id=Ids.PROOF),
            html.Div(content, id=Ids.BODY, className="admin-body"),
        ],
        id=Ids.PAGE,
        className="sheet admin",
        **attributes(data_workspace=workspace.slug, data_acts=Ids.ACT),
    )


def factor_due(due: datetime, now: datetime, zone: str) -> list[Any]:
    """By when an administrator needs a second factor."""
    words = f"Set up a second factor by {wording.moment(due, now, zone)}. From then on, Admin opens only with one. "
    return [html.P([words, html.A("Set it up on your own page", href="/me#factor")], className="factor-due")]


def proof(fresh: bool, code: bool = False) -> list[Any]:
    """The strip above a tab, where the password has to be given again, with a code of whoever has a second factor."""
    if fresh:
        return []
    form = forms.Form("prove")
    said = html.P("You can look. Before you change anything here, give your password again.")
    field = form.text("password", "Your password", kind="password", autocomplete="current-password")
    codes = [form.text("code", "Code of your authenticator app", autocomplete="one-time-code")] if code else []
    return [
        html.Div(
            [said, form.draw("", field, *codes, form.save("Confirm"), label="Your password again")], className="proof"
        )
    ]


def _tabs(workspace: WorkspaceMark, tab: str) -> html.Nav:
    entries = [
        html.Li(
            dcc.Link(title, href=links.page(f"/admin/{name}", workspace.slug)),
            **attributes(aria_current="page" if name == tab else None),
        )
        for name, title in ADMIN_TABS
    ]
    return html.Nav(html.Ul(entries), className="tabs", **attributes(aria_label="Administration"))


def table(label: str, headers: tuple[str, ...], rows: list[html.Tr], empty: str) -> Any:
    """A table of administration; without a row, what will appear here and how."""
    if not rows:
        return html.P(empty, className="panel-empty")
    titles = html.Thead(html.Tr([html.Th(one, scope="col", role="columnheader") for one in headers], role="row"))
    whole = html.Table([titles, still.rows(rows)], className="register", role="table", **attributes(aria_label=label))
    return html.Div(whole, className="register-holder", tabIndex=0, role="region", **attributes(aria_label=label))


def row(headers: tuple[str, ...], first: Any, cells: list[Any], *, here: bool = False) -> html.Tr:
    """A row whose first cell names it."""
    rest = [
        html.Td(html.Div(words), role="cell", **attributes(data_label=header))
        for header, words in zip(headers[1:], cells, strict=True)
    ]
    return html.Tr(
        [html.Th(first, scope="row", role="rowheader"), *rest],
        role="row",
        className="is-here" if here else "",
    )
