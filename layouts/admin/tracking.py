"""Short links: what each leads to and how often it was followed, and the form for one more."""

from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.tracking import LinkRow, LinksPage
from models.tracking import LONGEST_NAME

HEADERS = ("Link", "Leads to", "Clicks", "Since", "State")


def body(found: LinksPage) -> list[Any]:
    """The links beside the form."""
    rows = [_row(one, found) for one in found.rows]
    empty = "No link yet. Make one with the form beside this, and put it into a post."
    said = (
        "Clicks are counted by day and kind of place. Nothing is kept of whoever follows a link. Programs and links that are "
        "fetched ahead do not count; the same browser counts once a minute."
    )
    return [
        html.P(said, className="aside"),
        html.Div(
            [html.Div(table("Short links", HEADERS, rows, empty), className="admin-list"), _form()],
            className="admin-split",
        ),
    ]


def _row(one: LinkRow, found: LinksPage) -> html.Tr:
    named, zone = marks.plain(one.name), found.workspace.zone
    what = html.Div([html.Strong(marks.remote(one.name)), html.Br(), f"/l/{one.code}"])
    way = (
        forms.button("Turn on", "tracking.on", one.id, described=f"Turn {named} on")
        if one.off
        else forms.button("Turn off", "tracking.off", one.id, described=f"Turn {named} off")
    )
    state = f"off since {wording.moment(one.off, found.as_at, zone)} " if one.off else ""
    since = wording.moment(one.created, found.as_at, zone)
    return row(HEADERS, what, [marks.remote(one.target), f"{one.clicks:,}", since, html.Div([state, way])])


def _form() -> html.Aside:
    form = forms.Form("tracking.add")
    return html.Aside(
        form.draw(
            "Make a short link",
            form.text("name", "Name", maxlength=LONGEST_NAME, hint="Such as the campaign. The report shows it."),
            form.text("target", "Leads to", kind="url", maxlength=2_000, hint="It begins with https:// and stays."),
            form.save("Make it"),
            top=True,
        ),
        className="card",
        **attributes(aria_label="Make a short link"),
    )
