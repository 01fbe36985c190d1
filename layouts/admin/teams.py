"""Teams: a table, and one of them open for change beside it."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.admin import row, table
from layouts.admin.weeks import short, week_fields
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.snapshots.admin import TeamRow, TeamsPage

HEADERS = ("Team", "Members", "Hours", "At most, each", "Given first to", "Open now")
NOBODY = "nobody"


def body(found: TeamsPage) -> list[Any]:
    """The teams beside the form for one."""
    empty = "No team yet. Make one with the form beside this; rules and supervisors can then assign work to it."
    rows = [_row(one, found) for one in found.rows]
    return [
        html.Div(
            [html.Div(table("Teams", HEADERS, rows, empty), className="admin-list"), _form(found)],
            className="admin-split has-card" if found.chosen else "admin-split",
        )
    ]


def _row(one: TeamRow, found: TeamsPage) -> html.Tr:
    link = dcc.Link(marks.plain(one.name), href=links.admin("teams", found.workspace.slug, team=one.id))
    first = next((name for key, name in one.members if key == one.assignee), "")
    cells = [
        ", ".join(marks.plain(name) for _, name in one.members) or "nobody yet",
        "as the workspace" if one.hours is None else short(one.hours),
        "no limit" if one.capacity is None else wording.number(one.capacity),
        marks.plain(first) or "the whole team",
        wording.number(one.open_work),
    ]
    return row(HEADERS, link, cells, here=found.chosen is not None and found.chosen.id == one.id)


def _form(found: TeamsPage) -> html.Aside:
    one = found.chosen
    form = forms.Form("teams.change" if one else "teams.create", one.id if one else "")
    members = {key for key, _ in one.members} if one else set()
    people = [(f"member:{key}", marks.plain(name), key in members) for key, name in found.people]
    assignees = [(NOBODY, "the whole team"), *((key, marks.plain(name)) for key, name in found.people)]
    title = f"Change {marks.plain(one.name)}" if one else "Make a team"
    close = [dcc.Link("Close", href=links.admin("teams", found.workspace.slug))] if one else []
    delete = [forms.button("Delete", "teams.delete", one.id)] if one else []
    return html.Aside(
        [
            html.Div([html.H2(title), *close], className="card-head"),
            form.draw(
                "",
                form.text("name", "Name of the team", one.name if one else "", maxlength=60),
                form.checks("Members", people),
                form.choice(
                    "assignee", "Work for the team is given first to", assignees, (one and one.assignee) or NOBODY
                ),
                form.text(
                    "capacity", "Conversations each member holds at most", one and one.capacity, inputmode="numeric"
                ),
                form.check("own_hours", "Hours of its own", bool(one and one.hours is not None)),
                week_fields(form, one.hours if one and one.hours else ("",) * 7),
                html.Div([form.save("Save" if one else "Make the team"), *delete], className="actions"),
                label=title,
            ),
        ],
        className="card",
        **attributes(aria_label="One team"),
    )
