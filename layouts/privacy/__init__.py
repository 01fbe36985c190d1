"""What frames the pages of personal data: the tabs, the strip that asks for the password again, and how clean the files are."""

from enum import StrEnum
from typing import Any

from dash import dcc, html

from layouts import links
from layouts.components.attributes import attributes
from layouts.pages import PRIVACY_TABS
from models.snapshots import WorkspaceMark

EVERY_MS = 3_000
"""How often an open page asks whether the files are clean yet, while they are not."""


class Ids(StrEnum):
    PAGE = "privacy"
    ACT = "privacy-act"
    PROOF = "privacy-proof"
    BODY = "privacy-body"
    STATE = "privacy-state"
    CLOCK = "privacy-clock"


CAPTIONS = {
    "contacts": "What is held of somebody outside: find them, hand it out, erase it.",
    "holds": "What must neither be erased nor disposed of.",
    "disposal": "What has been kept long enough: a person looks, and lets it go or puts it off.",
}


def page(workspace: WorkspaceMark, tab: str, content: Any, proof: list[Any], cleaning: bool) -> html.Div:
    """A tab at first paint."""
    return html.Div(
        [
            dcc.Store(id=Ids.ACT),
            dcc.Interval(id=Ids.CLOCK, interval=EVERY_MS, disabled=not cleaning),
            html.Div([html.H1("Personal data"), html.Span(CAPTIONS[tab], className="aside")], className="sheet-head"),
            _tabs(workspace, tab),
            html.Div(proof, id=Ids.PROOF),
            html.P(state(cleaning), id=Ids.STATE, className="aside", role="status"),
            html.Div(content, id=Ids.BODY, className="admin-body"),
        ],
        id=Ids.PAGE,
        className="sheet admin",
        **attributes(data_workspace=workspace.slug, data_acts=Ids.ACT),
    )


def state(cleaning: bool) -> str:
    """Whether the database's own files still hold pages of what was erased; empty where they do not."""
    if not cleaning:
        return ""
    return (
        "What was erased can be read nowhere any more. Old pages of the database's files are being cleaned of it: within "
        "minutes, for a large database in the coming night."
    )


def _tabs(workspace: WorkspaceMark, tab: str) -> html.Nav:
    entries = [
        html.Li(
            dcc.Link(title, href=links.privacy(name, workspace.slug)),
            **attributes(aria_current="page" if name == tab else None),
        )
        for name, title in PRIVACY_TABS
    ]
    return html.Nav(html.Ul(entries), className="tabs", **attributes(aria_label="Personal data"))
