"""Templates and blocked words: a table, one template open beside it, the words below."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.admin import TemplateRow, TemplatesPage
from models.templates import VARIABLES

HEADERS = ("Template", "Text", "Language", "State")
LANGUAGES = ("en", "cy", "pl", "ur", "pa", "ro", "ar", "bn", "gu", "pt")


def body(found: TemplatesPage) -> list[Any]:
    """The list beside the form for one."""
    rows = [_row(one, found) for one in found.rows]
    empty = "No template yet. Write one with the form beside this; it is then offered beside every reply."
    return [
        html.Div(
            [html.Div([table("Templates", HEADERS, rows, empty), _words(found)], className="admin-list"), _form(found)],
            className="admin-split has-card" if found.chosen else "admin-split",
        )
    ]


def _row(one: TemplateRow, found: TemplatesPage) -> html.Tr:
    link = dcc.Link(marks.plain(one.name), href=links.admin("templates", found.workspace.slug, template=one.id))
    way = (
        forms.button("Offer again", "templates.restore", one.id, described=f"Offer {marks.plain(one.name)} again")
        if one.retired
        else forms.button("Retire", "templates.retire", one.id, described=f"Retire {marks.plain(one.name)}")
    )
    cells = [
        marks.remote(one.text, one.language),
        wording.language(one.language) if one.language != "en" else "English",
        way,
    ]
    here = found.chosen is not None and found.chosen.id == one.id
    return row(HEADERS, [link, html.Span("retired", className="aside") if one.retired else ""], cells, here=here)


def _form(found: TemplatesPage) -> html.Aside:
    one = found.chosen
    form = forms.Form("templates.change" if one else "templates.create", one.id if one else "")
    title = f"Change {marks.plain(one.name)}" if one else "Write a template"
    close = [dcc.Link("Close", href=links.admin("templates", found.workspace.slug))] if one else []
    tongues = [(each, "English" if each == "en" else wording.language(each)) for each in LANGUAGES]
    language = [] if one else [form.choice("language", "Language", tongues, "en")]
    known = html.Ul(
        [html.Li([html.Span(f"{{{name}}}"), html.Span(said, className="aside")]) for name, said in VARIABLES.items()],
        className="plain-list",
    )
    return html.Aside(
        [
            html.Div([html.H2(title), *close], className="card-head"),
            form.draw(
                "",
                form.text("name", "Name", one.name if one else "", maxlength=60),
                form.area("text", "Text", one.text if one else "", rows=6),
                *language,
                form.save("Save" if one else "Add"),
                label=title,
            ),
            html.Div([html.H3("Filled in where one is chosen"), known]),
        ],
        className="card",
        **attributes(aria_label="One template"),
    )


def _words(found: TemplatesPage) -> html.Div:
    form = forms.Form("templates.block")
    rows = [
        html.Li(
            [
                html.Span(marks.remote(word)),
                forms.button("Allow", "templates.allow", "", {"word": word}, described=f"Allow {marks.plain(word)}"),
            ]
        )
        for word in found.words
    ]
    none = html.P(
        "No word is blocked. A reply that holds a blocked word is refused before it leaves.", className="aside"
    )
    return html.Div(
        [
            html.H2("Words that no reply may hold"),
            html.Ul(rows, className="plain-list") if rows else none,
            form.draw(
                "",
                form.text("word", "Block a word or phrase", maxlength=60),
                form.save("Block", first=False),
                label="Block a word",
            ),
        ],
        className="card",
    )
