"""Legal holds: what must not go, why, and since when."""

from typing import Any

from dash import html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.privacy import HoldRow, HoldsPage

HEADERS = ("Held", "Why", "Since", "By", "End")
OVER = ("Was held", "Why", "Lifted", "By", "Why lifted")
KINDS = [("contact", "a contact"), ("conversation", "a conversation"), ("incident", "an incident")]


def body(found: HoldsPage) -> list[Any]:
    """What is held comes first, beside the form for one more."""
    rows = [_standing(one, found) for one in found.standing]
    empty = (
        "Nothing is held. Hold what courts, inquiries or complaints need, so that it is neither erased nor disposed of."
    )
    left = [table("Legal holds", HEADERS, rows, empty)]
    if found.over:
        left += [html.H2("Lifted"), table("Lifted", OVER, [_over(one, found) for one in found.over], "")]
    return [html.Div([html.Div(left, className="admin-list"), _new()], className="admin-split")]


def _what(one: HoldRow, found: HoldsPage) -> Any:
    slug = found.workspace.slug
    hrefs = {
        "contact": links.privacy("contacts", slug, contact=one.key),
        "conversation": links.conversation(one.key, slug),
        "incident": links.incident(one.key, slug),
    }
    return html.A(f"{one.kind} {one.key}", href=hrefs[one.kind])


def _standing(one: HoldRow, found: HoldsPage) -> html.Tr:
    form = forms.Form("holds.lift", one.id)
    lift = html.Details(
        [
            html.Summary("Lift", **attributes(aria_label=f"Lift the hold on {one.kind} {one.key}")),
            form.draw(
                "",
                form.text("reason", "Why it may end", maxlength=200),
                form.save("Lift it", first=False),
                label=f"Lift the hold on {one.kind} {one.key}",
            ),
        ]
    )
    since = wording.dated(one.begun, found.workspace.zone)
    return row(HEADERS, _what(one, found), [marks.plain(one.reason), since, marks.plain(one.by), lift])


def _over(one: HoldRow, found: HoldsPage) -> html.Tr:
    when = wording.moment(one.lifted, found.as_at, found.workspace.zone)
    cells = [marks.plain(one.reason), when, marks.plain(one.lifted_by), marks.plain(one.lifted_reason)]
    return row(OVER, _what(one, found), cells)


def _new() -> html.Aside:
    form = forms.Form("holds.hold")
    return html.Aside(
        form.draw(
            "Hold something",
            html.P(
                "Nothing of it is erased or disposed of until the hold is lifted. A contact is held with all their "
                "conversations, an incident with all that are in it.",
                className="aside",
            ),
            form.choice("kind", "What", KINDS, "conversation"),
            form.text(
                "number", "Its number", hint="It stands in the address of its page.", inputmode="numeric", maxlength=18
            ),
            form.text("reason", "Why: the number of the case, no name", hint="It stays in the audit.", maxlength=200),
            form.save("Hold it"),
            top=True,
        ),
        className="card",
        **attributes(aria_label="Hold something"),
    )
