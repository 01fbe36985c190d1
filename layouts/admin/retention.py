"""How long conversations are kept: rules, the first that fits decides, and everything else."""

from typing import Any

from dash import html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.privacy import RetentionPage, RetentionRow

HEADERS = ("Rule", "Conversations", "Kept for", "")
ANY = "*"
"""Stands for no choice: a field shows nothing where its value is empty."""
KINDS = [(ANY, "public or private"), ("public", "public"), ("private", "private")]
UNITS = [("months", "months"), ("days", "days")]


def body(found: RetentionPage) -> list[Any]:
    """The rules beside the form for one more."""
    rows = [_row(one, number) for number, one in enumerate(found.rows)]
    empty = "No rule yet: what is said under Workspaces, “Days that messages are kept”, holds for everything."
    return [
        html.P(
            "Counted from the last message, and never while somebody waits for an answer. What is due comes on the list under "
            "Personal data, Disposal. Nothing goes before a person approves it, and a legal hold keeps it whatever is here.",
            className="aside",
        ),
        html.Div(
            [
                html.Div([table("Rules of retention", HEADERS, rows, empty), _rest(found)], className="admin-list"),
                _new(found),
            ],
            className="admin-split",
        ),
    ]


def _row(one: RetentionRow, number: int) -> html.Tr:
    up = [forms.button("Up", "retention.up", one.id, described=f"Move {one.name} up")] if number else []
    remove = forms.button("Remove", "retention.remove", one.id, described=f"Remove {one.name}")
    cells = [_which(one), kept(one.length, one.unit), html.Span([*up, remove], className="actions")]
    return row(HEADERS, marks.remote(one.name), cells)


def _which(one: RetentionRow) -> str:
    parts = [
        f"closed as “{one.outcome}”" if one.outcome else "",
        f"about “{one.topic}”" if one.topic else "",
        f"last written {one.kind}ly" if one.kind else "",
    ]
    return marks.plain(", ".join(filter(None, parts)) or "all that come here")


def kept(length: int, unit: str) -> str:
    """A period in words."""
    return wording.plural(length, unit.removesuffix("s"))


def _rest(found: RetentionPage) -> html.P:
    days = "for ever" if found.days is None else f"for {kept(found.days, 'days')}"
    where = html.A("Workspaces", href=links.admin("workspaces", found.workspace.slug))
    return html.P([f"Everything else is kept {days}; change it under ", where, "."])


def _new(found: RetentionPage) -> html.Aside:
    form = forms.Form("retention.add")
    outcomes = [(ANY, "any, or none"), *((one, marks.plain(one)) for one in found.outcomes)]
    topics = [(ANY, "any, or none"), *((one, marks.plain(one)) for one in found.topics)]
    return html.Aside(
        form.draw(
            "One more rule",
            form.text("name", "Name", hint="It stands on certificates.", maxlength=60),
            form.choice("outcome", "Closed as", outcomes, ANY),
            form.choice("topic", "About", topics, ANY),
            form.choice("kind", "Last written", KINDS, ANY),
            form.text("length", "Kept for", inputmode="numeric", maxlength=5),
            form.choice("unit", "Days or months", UNITS, "months"),
            form.save("Add"),
            top=True,
        ),
        className="card",
        **attributes(aria_label="One more rule"),
    )
