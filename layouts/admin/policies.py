"""Policies: the text in force, the next version, and who has acknowledged which."""

from typing import Any

from dash import html

from layouts import wording
from layouts.admin import row, table
from layouts.components import forms, marks
from layouts.components.attributes import attributes
from models.policies import LONGEST_POLICY
from models.snapshots.policies import PoliciesPage, PolicyReader

READERS = ("Name", "Acknowledged", "When")
VERSIONS = ("Version", "Published", "By", "Acknowledged by")
NONE = "No policy yet. Once one is published, everybody is asked to read and acknowledge it."


def body(found: PoliciesPage) -> list[Any]:
    """Who still owes an acknowledgement comes first."""
    newest = found.versions[0].number if found.versions else 0
    owing = [one for one in found.readers if one.number != newest]
    said = f"{wording.plural(len(owing), 'colleague has', 'colleagues have')} not acknowledged version {newest} yet."
    left: list[Any] = [html.P(said if newest else NONE, className="sentence")]
    if newest:
        people = [_reader(one, found) for one in [*owing, *(one for one in found.readers if one.number == newest)]]
        left += [table("Who has acknowledged", READERS, people, "Nobody holds a role here."), html.H2("Versions")]
        left.append(table("Versions", VERSIONS, _versions(found), ""))
    return [html.Div([html.Div(left, className="admin-list"), _form(found, newest)], className="admin-split")]


def _reader(one: PolicyReader, found: PoliciesPage) -> html.Tr:
    newest = found.versions[0].number
    words = "Nothing yet" if one.number is None else f"Version {one.number}"
    shown = words if one.number == newest else html.Strong(words)
    return row(READERS, marks.plain(one.name), [shown, wording.moment(one.at, found.as_at, found.workspace.zone)])


def _versions(found: PoliciesPage) -> list[html.Tr]:
    zone, count = found.workspace.zone, len(found.readers)
    return [
        row(
            VERSIONS,
            str(one.number),
            [
                wording.moment(one.published, found.as_at, zone),
                marks.plain(one.published_by) or wording.DASH,
                f"{one.readers} of {count}",
            ],
        )
        for one in found.versions
    ]


def _form(found: PoliciesPage, newest: int) -> html.Aside:
    form = forms.Form("policies.publish")
    hint = (
        f"At most {LONGEST_POLICY:,} characters. A blank line begins a new paragraph. A version is never changed later."
    )
    title = f"Write version {newest + 1}"
    return html.Aside(
        form.draw(
            title,
            form.area("text", "Social-media policy", found.text, hint, rows=18),
            form.save("Publish, and ask everybody"),
            top=True,
        ),
        className="card",
        **attributes(aria_label=title),
    )
