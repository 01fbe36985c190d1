"""The people: a table, one of them open beside it, and the ways to ask somebody in."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.admin import InvitationRow, UserRow, UsersPage

HEADERS = ("Name", "Role", "Workspaces", "Last signed in", "Last triaged", "Training valid to")
INVITED = ("Name", "Role", "Works until", "Change")


def body(found: UsersPage) -> list[Any]:
    """The list beside whoever is chosen, then invitations."""
    aside = _chosen(found.chosen, found) if found.chosen else _ways_in(found)
    return [
        html.Div(
            [html.Div([_tools(found), _people(found), _turn(found)], className="admin-list"), aside],
            className="admin-split has-card" if found.chosen else "admin-split",
        ),
        *_invitations(found),
    ]


def _tools(found: UsersPage) -> html.Div:
    form = forms.Form("users.find")
    field = form.text("search", "Find a name", found.search, kind="search", maxlength=100)
    ways = []
    if found.installation:
        here = links.admin("users", found.workspace.slug)
        everybody = links.admin("users", found.workspace.slug, who="all")
        ways = [
            dcc.Link(
                "In this workspace" if found.everybody else "Everybody", href=here if found.everybody else everybody
            )
        ]
    count = html.Span(
        f"{wording.plural(found.total, 'person', 'people')}{'' if found.everybody else ' here'}", className="aside"
    )
    return html.Div(
        [form.draw("", field, form.save("Find", first=False), label="Find"), count, *ways], className="tools"
    )


def _people(found: UsersPage) -> Any:
    rows = [_row(one, found) for one in found.rows]
    empty = (
        "Nobody is called that. Empty the field to see everybody."
        if found.search
        else "Nobody has a role here yet. Ask somebody in with the form beside this."
    )
    return table("Users", HEADERS, rows, empty)


def _row(one: UserRow, found: UsersPage) -> html.Tr:
    href = links.admin("users", found.workspace.slug, user=one.id, **_kept(found))
    told = [one.sign_in, *(["disabled"] if one.disabled else []), *(["that is you"] if one.yourself else [])]
    name = [dcc.Link(marks.plain(one.name), href=href), html.Span(", ".join(told), className="aside")]
    zone, now = found.workspace.zone, found.as_at
    cells = [
        ", ".join(role.name for role in one.roles) or "none here",
        _workspaces(one),
        wording.moment(one.last_signed_in, now, zone) if one.last_signed_in else "never",
        wording.moment(one.last_triaged, now, zone) if one.last_triaged else "never",
        _training(one, found),
    ]
    return row(HEADERS, name, cells, here=found.chosen is not None and found.chosen.id == one.id)


def _workspaces(one: UserRow) -> str:
    parts = [*map(marks.plain, one.workspaces), *([f"{one.elsewhere} more"] if one.elsewhere else [])]
    if one.installation_administrator:
        parts.append("the installation")
    return ", ".join(parts) or "none"


def _training(one: UserRow, found: UsersPage) -> Any:
    if one.trained_until is None:
        return wording.DASH
    said = f"{one.trained_until:%d %b %Y}".lstrip("0")
    if one.trained_until < found.today:
        return html.Span([marks.shape("priority"), f"ran out {said}"], className="grade ink-priority")
    return said


def _kept(found: UsersPage) -> dict[str, Any]:
    return {
        "who": "all" if found.everybody else "",
        "q": found.search,
        "page": found.number if found.number > 1 else "",
    }


def _turn(found: UsersPage) -> html.Div:
    if found.pages == 1:
        return html.Div(className="turn")
    kept = _kept(found)
    ways = [(found.number - 1, "Previous"), (found.number + 1, "Next")]
    return html.Div(
        [
            html.Span(f"Page {found.number} of {found.pages}"),
            *(
                dcc.Link(word, href=links.admin("users", found.workspace.slug, **(kept | {"page": number})))
                for number, word in ways
                if 1 <= number <= found.pages
            ),
        ],
        className="turn",
    )


def _chosen(one: UserRow, found: UsersPage) -> html.Aside:
    close = dcc.Link("Close", href=links.admin("users", found.workspace.slug, **_kept(found)))
    return html.Aside(
        [
            html.Div([html.H2(marks.remote(one.name)), close], className="card-head"),
            html.P(_state(one), className="aside"),
            _roles(one, found),
            _person(one),
            _door(one, found),
        ],
        className="card",
        **attributes(aria_label="One colleague"),
    )


def _state(one: UserRow) -> str:
    factor = "has a second factor" if one.second_factor else "signs in with a password only"
    return f"Signs in as {one.sign_in}, {factor}{', cannot sign in now' if one.disabled else ''}."


def _roles(one: UserRow, found: UsersPage) -> html.Div:
    form = forms.Form("users.roles", one.id)
    held = {role.id for role in one.roles}
    options = [(f"role:{role.id}", role.name, role.id in held) for role in found.roles]
    hint = "It counts from their next click. Without any, this workspace is closed to them."
    return form.draw("Roles here", form.checks("They hold", options, hint), form.save("Save roles"))


def _person(one: UserRow) -> html.Div:
    form = forms.Form("users.person", one.id)
    return form.draw(
        "Name and training",
        form.text("name", "Name colleagues see", one.name, maxlength=100),
        form.text("until", "Training valid to", one.trained_until and one.trained_until.isoformat(), kind="date"),
        form.save("Save", first=False),
    )


def _door(one: UserRow, found: UsersPage) -> Any:
    if one.yourself:
        return html.P("Only a colleague can disable you or change your rights.", className="aside")
    parts: list[Any] = []
    if one.disabled:
        parts.append(forms.button("Enable", "users.enable", one.id))
    else:
        parts.append(forms.button("Disable", "users.disable", one.id))
    if found.installation:
        holds = one.installation_administrator
        label = "Take the installation's administration away" if holds else "Make installation administrator"
        parts.append(forms.button(label, "users.installation", one.id, {"holds": not holds}))
    said = (
        "They sign in as before once you enable them."
        if one.disabled
        else "Disabling ends their sessions at once, and what they hold is free to claim."
    )
    return html.Div([html.H3("Signing in"), html.P(said, className="aside"), html.Div(parts, className="actions")])


def _ways_in(found: UsersPage) -> html.Aside:
    invite, add = forms.Form("users.invite"), forms.Form("users.add")
    options = [(f"role:{role.id}", role.name, False) for role in found.roles]
    return html.Aside(
        [
            invite.draw(
                "Invite a colleague",
                invite.text("name", "Name colleagues see", maxlength=100),
                invite.text(
                    "sign_in", "Name to sign in with", maxlength=100, hint="One word. They choose the password."
                ),
                invite.checks("Roles for the new colleague", options),
                invite.save("Make the link"),
                top=True,
            ),
            html.Hr(),
            add.draw(
                "Add a colleague from another workspace",
                add.text("sign_in", "Name they sign in with", maxlength=100),
                add.checks("Roles for the colleague", options),
                add.save("Add", first=False),
                top=True,
            ),
        ],
        className="card",
        **attributes(aria_label="Ask somebody in"),
    )


def _invitations(found: UsersPage) -> list[Any]:
    if not found.invitations:
        return []
    rows = [_invitation(one, found) for one in found.invitations]
    return [html.H2("Invitations that still work"), table("Invitations", INVITED, rows, "")]


def _invitation(one: InvitationRow, found: UsersPage) -> html.Tr:
    name = [marks.remote(one.name), html.Span(one.sign_in, className="aside")]
    until = wording.moment(one.expires, found.as_at, found.workspace.zone)
    end = forms.button(
        "Withdraw", "users.withdraw", one.id, described=f"Withdraw the invitation of {marks.plain(one.name)}"
    )
    return row(INVITED, name, [", ".join(one.roles), until, end])
