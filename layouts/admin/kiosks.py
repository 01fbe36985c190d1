"""Kiosks: the screens of the workspace, and the form that pairs another."""

from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from layouts.pages import BOARDS
from models.snapshots.admin import KioskRow, KiosksPage

HEADERS = ("Screen", "Board", "Theme", "Since", "State")
THEMES = (("dark", "dark"), ("light", "light"), ("contrast", "high contrast"))


def body(found: KiosksPage) -> list[Any]:
    """The screens beside the form."""
    rows = [_row(one, found) for one in found.rows]
    empty = "No screen yet. Open /kiosk in its browser: it shows a code to type into the form beside this."
    return [
        html.Div(
            [html.Div(table("Kiosks", HEADERS, rows, empty), className="admin-list"), _form()], className="admin-split"
        )
    ]


def _row(one: KioskRow, found: KiosksPage) -> html.Tr:
    zone = found.workspace.zone
    gone = f"revoked {wording.local(one.revoked, zone):%d %b %Y}" if one.revoked else ""
    state = gone or forms.button("Revoke", "kiosks.revoke", one.id, described=f"Revoke {marks.plain(one.name)}")
    since = f"{wording.local(one.created, zone):%d %b %Y}".lstrip("0")
    return row(
        HEADERS, marks.remote(one.name), [dict(BOARDS).get(one.board, one.board), dict(THEMES)[one.theme], since, state]
    )


def _form() -> html.Aside:
    form = forms.Form("kiosks.pair")
    return html.Aside(
        form.draw(
            "Pair a screen",
            html.P("Open /kiosk of this address in the screen's browser. It shows a code.", className="aside"),
            form.text("code", "Code on the screen", maxlength=20, hint="Capitals or not, with or without the hyphen."),
            form.text("name", "Name of the screen", maxlength=60, hint="Such as where it hangs."),
            form.choice("board", "Board", BOARDS, "main"),
            form.choice("theme", "Theme", THEMES, "dark"),
            form.save("Pair"),
            top=True,
        ),
        className="card",
        **attributes(aria_label="Pair a screen"),
    )
