"""Every key and what it does, in one table, and the sheet that shows it; there single keys are turned off, too."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.actions import FORMS
from layouts.pages import PAGES, by_name
from models.permissions import Permission

DESK = ("queue", "conversation")
PLACES = {
    "queue": "g q",
    "incidents": "g i",
    "shift": "g s",
    "experts": "g e",
    "notifications": "g n",
    "alarms": "g l",
    "wallboard": "g w",
    "reports": "g r",
    "accounts": "g a",
    "admin": "g d",
    "audit": "g u",
    "privacy": "g p",
}
"""The keys that go to a page, by its name; a page without one has none."""


class Ids(StrEnum):
    OPEN = "keys-open"
    SHEET = "keys-sheet"
    SINGLE = "keys-single"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``keys`` as they are pressed, one after the other; ``on`` the pages where they do something, empty for every page."""

    keys: str
    does: str
    on: tuple[str, ...] = ()
    permission: Permission | None = None


def named(key: str) -> str:
    """A letter as people find it on the keyboard: a capital one is pressed with Shift."""
    return f"Shift+{key}" if key.isupper() else key.upper()


KEYS: tuple[Shortcut, ...] = (
    Shortcut("J", "the next conversation", ("queue",)),
    Shortcut("K", "the one before", ("queue",)),
    Shortcut("Enter", "open it", ("queue",)),
    Shortcut("Shift+N", "show what is new", ("queue",)),
    Shortcut("/", "search", ("queue",)),
    Shortcut("V", "choose it for an action on many; Shift+V up to here", ("queue",), Permission.CLOSE),
    Shortcut("C", "claim", DESK, Permission.CLAIM),
    Shortcut("X", "release", DESK, Permission.CLAIM),
    *(Shortcut(named(form.key), form.word.lower(), DESK, form.permission) for form in FORMS),
    Shortcut("O", "open again what is snoozed or with a partner", DESK, Permission.CLOSE),
    Shortcut("Z", "take back what the notice says", DESK, Permission.ASSESS),
    Shortcut("Ctrl+Enter", "do what the open form is for", DESK, Permission.CLAIM),
    Shortcut("Esc", "leave a field, close a form, back to the list", DESK),
    *(Shortcut(key, f"go to {by_name(name).title}", (), by_name(name).permission) for name, key in PLACES.items()),
    Shortcut("Y", "copy the newest METHANE report", ("incidents",)),
    Shortcut("!", "acknowledge the alarm that calls you", (), Permission.CLAIM),
    Shortcut("?", "this sheet"),
)


def keys_of(page: str, permissions: Iterable[str]) -> list[Shortcut]:
    """What does something on this page for this person."""
    held = frozenset(permissions)
    return [
        one for one in KEYS if (not one.on or page in one.on) and (one.permission is None or one.permission in held)
    ]


def page_of(path: str) -> str:
    """The name of the page at a path, empty where there is none."""
    return next((one.name for one in PAGES if path == one.path or path.startswith(f"{one.path}/")), "")


def opener() -> html.Button:
    """The button that opens the sheet."""
    look = "button keys-open only-wide"
    return html.Button(
        ["Keys ", marks.key("?")], id=Ids.OPEN, className=look, type="button", **attributes(data_key="?")
    )


def sheet(page: str, permissions: Iterable[str], single_keys: bool) -> html.Dialog:
    """The sheet itself, closed until it is asked for."""
    rows = [html.Tr([html.Td(_pressed(one.keys)), html.Td(one.does)]) for one in keys_of(page, permissions)]
    head = html.Thead(html.Tr([html.Th("Key", scope="col"), html.Th("Does", scope="col")]))
    title = f"{Ids.SHEET}-title"
    said = "Single keys are on. Turn them off where speech input or a stray hand presses them."
    switch = dbc.Switch(id=Ids.SINGLE, label=said, value=single_keys)
    return html.Dialog(
        [
            html.H2("Keys on this page", id=title),
            html.Table([head, html.Tbody(rows)], className="figures-table keys-table"),
            switch,
            html.P("Esc and Ctrl+Enter always work.", className="aside"),
            html.Button("Close", className="button", type="button", **attributes(data_close="true")),
        ],
        id=Ids.SHEET,
        className="sheet-keys",
        **attributes(aria_labelledby=title),
    )


def _pressed(keys: str) -> list[Any]:
    parts: list[Any] = []
    for name in keys.split():
        parts += [marks.key(name.upper() if len(name) == 1 and name.isalpha() and len(keys) > 1 else name), " "]
    return parts[:-1]
