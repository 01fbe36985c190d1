"""Personal data: each tab is one module that draws itself and lists its acts; one callback answers for all of them."""

from typing import Any

from dash import Dash, Input, Output, State, set_props
from flask import Flask

from callbacks.admin.acts import Tabs, strip
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of
from callbacks.privacy import contacts, disposal, holds
from data.people import workspace_mark
from data.scouring import asked_for
from layouts import privacy as layout
from models.permissions import Permission, Scope

Ids = layout.Ids
TABS = Tabs("/privacy", {"contacts": contacts, "holds": holds, "disposal": disposal}, frozenset({"contacts.find"}))
"""What draws each tab and what can be done there."""


def page(scope: Scope, rest: str, query: str) -> Any:
    """A tab at first paint."""
    mark = workspace_mark(house().database, scope.workspace_id)
    return layout.page(mark, rest, TABS.modules[rest].draw(scope, fields_of(query)), strip(), cleaning())


@needs(Permission.PRIVACY)
def act(scope: Scope, sent: Any, search: str, path: str) -> Any:
    """Do what a button asked for and draw the tab again; where only the address changed, draw it again."""
    answer = TABS.answer(scope, sent, search, path, Ids.ACT)
    if cleaning():
        set_props(Ids.STATE, {"children": layout.state(True)})
        set_props(Ids.CLOCK, {"disabled": False})
    return answer


@needs(Permission.PRIVACY)
def follow(_scope: Scope, _ticks: int | None) -> tuple[str, bool]:
    """Whether the files are clean yet: then nobody asks again."""
    waits = cleaning()
    return layout.state(waits), not waits


def cleaning() -> bool:
    """Whether old pages of what was erased wait to be cleaned away."""
    with house().database.read() as db:
        return bool(asked_for(db))


def register_routes(server: Flask) -> None:
    """What is downloaded goes by routes of its own."""
    contacts.register(server)
    disposal.register(server)


def register(app: Dash) -> None:
    """A tab has one owner, and so has what is said of the files."""
    wire(
        app,
        act,
        [Output(Ids.BODY, "children"), Output(Ids.PROOF, "children")],
        [Input(Ids.ACT, "data"), Input(LOCATION, "search")],
        [State(LOCATION, "pathname")],
        prevent_initial_call=True,
    )
    wire(
        app,
        follow,
        [Output(Ids.STATE, "children"), Output(Ids.CLOCK, "disabled")],
        [Input(Ids.CLOCK, "n_intervals")],
        prevent_initial_call=True,
    )
