"""Workspaces: all that one administers, what the present one decides, and new ones that start as another is."""

from typing import Any

from dash import html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.admin import WorkspaceRow, WorkspacesPage

HEADERS = ("Workspace", "Zone", "Accounts", "People", "Since")
SHIPPED = "shipped"


def body(found: WorkspacesPage) -> list[Any]:
    """The list, then what the workspace at the top of the page decides."""
    rows = [_row(one, found) for one in found.rows]
    cards = [_settings(found), _outcomes(found), _topics(found)]
    if found.installation:
        cards.insert(0, _new(found))
    return [
        table("Workspaces", HEADERS, rows, ""),
        html.H2(["What ", marks.remote(found.workspace.name), " decides for itself"]),
        html.Div(cards, className="cards"),
    ]


def _row(one: WorkspaceRow, found: WorkspacesPage) -> html.Tr:
    here = one.id == found.here.id
    name = [
        html.A(marks.remote(one.name), href=links.admin("workspaces", one.slug)),
        html.Span(f"{one.slug}{', this one' if here else ''}", className="aside"),
    ]
    since = f"{wording.local(one.created, one.zone):%d %b %Y}".lstrip("0")
    cells = [one.zone, wording.number(one.accounts), wording.number(one.people), since]
    return row(HEADERS, name, cells, here=here)


def _new(found: WorkspacesPage) -> html.Div:
    form = forms.Form("workspaces.make")
    starts = [(SHIPPED, "as Watchroom ships one"), *((one.id, f"as {marks.plain(one.name)} is") for one in found.rows)]
    return html.Div(
        form.draw(
            "Make workspaces",
            form.area(
                "names", "Names, one a line", hint="Ten hubs are ten lines. Each gets an address of its own.", rows=5
            ),
            form.choice(
                "source",
                "They start",
                starts,
                found.here.id,
                hint="With its hours, grades, targets, outcomes, topics, roles, teams, rules, templates and blocked words; "
                "without its accounts and people.",
            ),
            form.save("Make them"),
            top=True,
        ),
        className="card",
    )


def _settings(found: WorkspacesPage) -> html.Div:
    form = forms.Form("workspaces.change")
    hours = found.gap.total_seconds() / 3600
    return html.Div(
        form.draw(
            "Name and counting",
            form.text("name", "Name people read", found.workspace.name, maxlength=100),
            form.text("zone", "Time zone", found.here.zone, hint="It stays once messages are counted by its days."),
            form.text(
                "gap",
                "Hours after our last reply until something new begins",
                f"{hours:g}",
                hint="A message after it is a new first contact. It counts where a conversation moves on next.",
                inputmode="numeric",
            ),
            form.text(
                "aim", "Per cent answered within target that we aim at", f"{found.aim * 100:g}", inputmode="numeric"
            ),
            form.text(
                "retention_days",
                "Days that messages are kept",
                found.retention_days,
                hint="For what no rule under Retention names. Empty: for ever. Nothing goes before a person approves it.",
                inputmode="numeric",
            ),
            form.save(),
            top=True,
        ),
        className="card",
    )


def _outcomes(found: WorkspacesPage) -> html.Div:
    form = forms.Form("workspaces.outcome")
    rows = [
        _word("outcome", key, word, used, "left out of the service level" if left else "")
        for key, word, left, used in found.outcomes
    ]
    return html.Div(
        [
            html.H2("Outcomes"),
            html.P("How an episode may end.", className="aside"),
            html.Ul(rows, className="plain-list"),
            form.draw(
                "",
                form.text("word", "Another outcome", maxlength=100),
                form.check("left_out", "Leave out of the service level, as for spam"),
                form.save("Add", first=False),
                label="Another outcome",
            ),
        ],
        className="card",
    )


def _topics(found: WorkspacesPage) -> html.Div:
    form = forms.Form("workspaces.topic")
    rows = [_word("topic", key, word, used, "") for key, word, used in found.topics]
    return html.Div(
        [
            html.H2("Topics"),
            html.P("What a conversation may be about.", className="aside"),
            html.Ul(rows, className="plain-list"),
            form.draw(
                "",
                form.text("word", "Another topic", maxlength=100),
                form.save("Add", first=False),
                label="Another topic",
            ),
        ],
        className="card",
    )


def _word(kind: str, key: int, word: str, used: bool, said: str) -> html.Li:
    """A word that was used can be said otherwise but not taken away."""
    form = forms.Form(f"workspaces.re{kind}", key)
    change = html.Details(
        [
            html.Summary("Reword", **attributes(aria_label=f"Reword {marks.plain(word)}")),
            form.draw(
                "",
                form.text("word", f"“{marks.plain(word)}” becomes", word, maxlength=100),
                form.save("Save", first=False),
                label=f"Reword {marks.plain(word)}",
            ),
        ]
    )
    remove = (
        [] if used else [forms.button("Remove", f"workspaces.un{kind}", key, described=f"Remove {marks.plain(word)}")]
    )
    about = [html.Span(said, className="aside")] if said else []
    return html.Li(
        [html.Span([marks.remote(word), " ", *about], className="word"), html.Span([change, *remove], className="ways")]
    )
