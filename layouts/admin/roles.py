"""Roles: what each may do, one of them open for change, and what one person can see by theirs."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from layouts.pages import PAGES
from models.permissions import Permission
from models.snapshots.admin import RightsOf, RoleRow, RolesPage

HEADERS = ("Role", "May", "People")
MEANINGS = {
    Permission.VIEW_BOARD: "see the wallboard",
    Permission.VIEW_ACCOUNTS: "see the register of accounts",
    Permission.READ: "read messages and the queue",
    Permission.ASSESS: "set grade and topic",
    Permission.CLAIM: "claim conversations",
    Permission.REPLY: "reply",
    Permission.CLOSE: "close with an outcome",
    Permission.MOVE_WORK: "move work between people",
    Permission.REPORT: "see reports",
    Permission.EXPORT: "export figures",
    Permission.EXPORT_TEXTS: "export what people wrote",
    Permission.INCIDENT: "run major incidents",
    Permission.READ_TRAIL: "read a conversation's audit",
    Permission.READ_AUDIT: "read the whole audit",
    Permission.DRAFT: "draft replies and posts",
    Permission.ENGAGEMENT: "see engagement",
    Permission.PRIVACY: "find contacts, hand out what is held of them, keep it from disposal",
    Permission.ERASE: "erase contacts and dispose of what is due",
    Permission.ADMINISTER: "administer this workspace",
}
"""What each permission lets a person do, after the word "may"."""


def meaning(permission: str) -> str:
    """A permission in plain words; one without any speaks for itself."""
    return MEANINGS.get(Permission(permission), permission)


def body(found: RolesPage) -> list[Any]:
    """The roles beside the form for one, and the preview below."""
    rows = [_row(one, found) for one in found.rows]
    aside = _form(found.chosen, found)
    return [
        html.Div(
            [
                html.Div(
                    [*_missing(found), table("Roles", HEADERS, rows, ""), *_preview(found)], className="admin-list"
                ),
                aside,
            ],
            className="admin-split has-card" if found.chosen else "admin-split",
        )
    ]


def _missing(found: RolesPage) -> list[Any]:
    """Roles that came with a newer version than the workspace."""
    if not found.missing:
        return []
    take = [forms.button(f"Take in {name}", "roles.take in", name) for name in found.missing]
    said = "A newer version of Watchroom brought roles that this workspace does not know yet."
    return [html.Div([html.Span(said, className="aside"), *take], className="actions")]


def _row(one: RoleRow, found: RolesPage) -> html.Tr:
    link = dcc.Link(marks.plain(one.name), href=links.admin("roles", found.workspace.slug, role=one.id))
    name = [link, html.Span("comes with the program" if one.built_in else "your own", className="aside")]
    may = ", ".join(meaning(one_) for one_ in sorted(one.permissions)) or "nothing"
    here = found.chosen is not None and found.chosen.id == one.id
    return row(HEADERS, name, [may, wording.number(one.people)], here=here)


def _form(chosen: RoleRow | None, found: RolesPage) -> html.Aside:
    """A built-in role is the start of one's own; so is nothing at all."""
    own = chosen is not None and not chosen.built_in
    form = forms.Form("roles.change" if own else "roles.create", chosen.id if chosen and own else "")
    held = chosen.permissions if chosen else frozenset()
    options = [(f"may:{one}", meaning(one), one in held) for one in Permission]
    title = f"Change {marks.plain(chosen.name)}" if chosen and own else "Make a role of your own"
    if chosen and not own:
        title = f"Make a role from {marks.plain(chosen.name)}"
    close = [dcc.Link("Close", href=links.admin("roles", found.workspace.slug))] if chosen else []
    delete = [forms.button("Delete", "roles.delete", chosen.id)] if chosen and own else []
    return html.Aside(
        [
            html.Div([html.H2(title), *close], className="card-head"),
            form.draw(
                "",
                form.text("name", "Name of the role", chosen.name if chosen and own else "", maxlength=60),
                form.checks("Whoever holds it may", options),
                html.Div([form.save("Save" if own else "Make the role"), *delete], className="actions"),
                label=title,
            ),
        ],
        className="card",
        **attributes(aria_label="One role"),
    )


def _preview(found: RolesPage) -> list[Any]:
    form = forms.Form("roles.preview")
    chosen = found.preview.user_id if found.preview else (found.people[0][0] if found.people else "")
    people = [(key, marks.plain(name)) for key, name in found.people]
    ask = form.draw(
        "What can this person see?",
        form.choice("person", "Person", people, chosen),
        form.save("Show", first=False),
        top=True,
    )
    return [html.Div([ask, *(_rights(found.preview) if found.preview else [])], className="card preview")]


def _rights(found: RightsOf) -> list[Any]:
    may = [(permission, by) for permission, by in found.permissions if by]
    may_not = [meaning(permission) for permission, by in found.permissions if not by]
    held = {permission for permission, _ in may}
    pages = [page.title for page in PAGES if page.icon and str(page.permission) in held]
    said = f"opens {', '.join(pages)}" if pages else "opens no page"
    return [
        html.P([marks.remote(found.name), f" {said} here."]),
        html.Ul(
            [
                html.Li([html.Span(f"may {meaning(one)}"), html.Span(f"by {', '.join(by)}", className="aside")])
                for one, by in may
            ],
            className="plain-list",
        ),
        *([html.P(f"May not: {', '.join(may_not)}.", className="aside")] if may_not else []),
    ]
