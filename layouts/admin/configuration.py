"""Configuration as a file: take it away, bring it, see every line it would change before it does."""

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.admin import ConfigurationPage, Difference

HEADERS = ("Where", "Now", "Then")
LONGEST = 400
ROWS = 100
"""Differences that are drawn as a table."""


def body(found: ConfigurationPage) -> list[Any]:
    """The two ways, then what a file that was given would change."""
    return [html.Div([_away(found), _bring(found)], className="cards"), *_differences(found)]


def _away(found: ConfigurationPage) -> html.Div:
    slug = found.workspace.slug
    href = f"/admin-configuration?workspace={slug}"
    return html.Div(
        [
            html.H2("Take it away"),
            html.P(
                "Everything this workspace decides, but secrets and people: hours, grades, targets, rules, accounts …"
            ),
            html.Div(
                [
                    html.A("Download as YAML", href=href, className="button"),
                    forms.button("Show it here", "configuration.show"),
                ],
                className="actions",
            ),
        ],
        className="card",
    )


def _bring(found: ConfigurationPage) -> html.Div:
    form = forms.Form("configuration.compare")
    hint = (
        "A section that is left out stays as it is. Rules, templates and blocked words become exactly what the file says; of "
        "the others nothing is taken away."
    )
    field = form.area("text", "The file's text", found.text, hint=hint, rows=14)
    return html.Div(form.draw("Bring a file", field, form.save("Compare"), top=True), className="card wide")


def _differences(found: ConfigurationPage) -> list[Any]:
    if found.differences is None:
        return []
    if not found.differences:
        return [html.P("The file says what is so already: nothing would change.")]
    apply = forms.button(
        f"Change {wording.plural(len(found.differences), 'line')}",
        "configuration.apply",
        "",
        {"text": found.text},
        first=True,
    )
    return [
        html.H2("What would change"),
        table("What would change", HEADERS, [_row(one) for one in found.differences[:ROWS]], ""),
        *_more(found.differences[ROWS:]),
        html.Div([apply, html.Span("Nothing has changed yet.", className="aside")], className="actions"),
    ]


def _more(differences: Sequence[Difference]) -> list[Any]:
    """The rest as one text: the browser's time to draw a table grows with the square of its rows."""
    if not differences:
        return []
    lines = [f"{one.where}: {_plain(one.before)} → {_plain(one.after)}" for one in differences]
    return [
        html.P(f"And {wording.plural(len(lines), 'line')} more:"),
        html.Pre(
            marks.plain("\n".join(lines)),
            className="lines",
            role="region",
            tabIndex=0,
            **attributes(aria_label="The other lines that would change"),
        ),
    ]


def _row(one: Difference) -> html.Tr:
    return row(HEADERS, marks.plain(one.where), [_cut(one.before), _cut(one.after)])


def _cut(text: str) -> str:
    return marks.plain(_plain(text))


def _plain(text: str) -> str:
    return f"{text[:LONGEST]} …" if len(text) > LONGEST else text or "nothing"
