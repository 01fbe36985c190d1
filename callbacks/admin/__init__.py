"""Administration: each tab is one module that draws itself and lists its acts; one callback answers for all of them.

An act asks for a fresh sign-in before anything else, changes one thing, and draws its tab again. What it refuses leaves the
page as it is, so that nothing typed is lost.
"""

from typing import Any

from dash import Dash, Input, Output, State, ctx, html, no_update, set_props
from dash.exceptions import PreventUpdate
from flask import Flask

from callbacks.admin import (
    accounts,
    calendars,
    configuration,
    kiosks,
    lockdown,
    policies,
    roles,
    rules,
    targets,
    teams,
    templates,
    users,
    workspaces,
)
from callbacks.admin.acts import Act, Done
from callbacks.callers import current_session, factor_due
from callbacks.fields import Fields
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import box, house
from callbacks.places import fields_of
from callbacks.problems import NOTICE
from data.factors import asks_for_code, prove_wholly
from data.freshness import is_fresh, require_fresh
from data.people import workspace_mark
from layouts import admin as layout
from layouts.components import forms
from models.permissions import Permission, Scope
from models.problems import NotFound, NotSignedIn

Ids = layout.Ids
TABS: dict[str, Any] = {
    "users": users,
    "workspaces": workspaces,
    "roles": roles,
    "teams": teams,
    "rules": rules,
    "calendars": calendars,
    "targets": targets,
    "templates": templates,
    "accounts": accounts,
    "kiosks": kiosks,
    "lockdown": lockdown,
    "policies": policies,
    "configuration": configuration,
}
"""What draws each tab, and what can be done there."""
ACTS: dict[str, Act] = {name: act for tab in TABS.values() for name, act in tab.ACTS.items()}

FREE = {"users.find", "roles.preview", "configuration.compare", "lockdown.begin"}
"""Acts that need no password given a short while ago: they change nothing, or hold back what could hurt."""


def page(scope: Scope, rest: str, query: str) -> Any:
    """A tab at first paint."""
    mark = workspace_mark(house().database, scope.workspace_id)
    return layout.page(mark, rest, TABS[rest].draw(scope, fields_of(query)), _proof(), _due(mark.zone))


@needs(Permission.ADMINISTER)
def act(scope: Scope, sent: Any, search: str, path: str) -> Any:
    """Do what a button asked for and draw the tab again; where only the address changed, draw it again."""
    tab = tab_of(path)
    if ctx.triggered_id != Ids.ACT:
        if not ctx.triggered_id:
            raise PreventUpdate
        return TABS[tab].draw(scope, fields_of(search)), no_update
    if not isinstance(sent, dict):
        raise PreventUpdate
    name, fields = sent.get("act"), Fields(sent.get("fields"))
    if name == "prove":
        return no_update, _prove(fields)
    if name not in FREE:
        require_fresh(current_session(), house().clock())
    found = ACTS.get(name) if isinstance(name, str) else None
    if found is None:
        raise NotFound
    done = found(scope, str(sent.get("of") or ""), fields)
    tell(done)
    if done.go is not None:
        set_props(LOCATION, {"search": done.go})
        return no_update, no_update
    return [*shown(done), *TABS[tab].draw(scope, fields_of(search), **done.drawn)], no_update


def tell(done: Done) -> None:
    """Say what was done, with the way back where there is one."""
    undo = [" ", forms.button("Undo", *done.undo)] if done.undo else []
    set_props(NOTICE, {"children": [html.Span(done.said), *undo] if undo else done.said})


def shown(done: Done) -> list[Any]:
    """What is shown this once, above the tab."""
    return [forms.reveal(*done.reveal)] if done.reveal else []


def tab_of(path: object) -> str:
    """The tab of an address; the first where it names none."""
    rest = str(path).removeprefix("/admin").strip("/")
    return rest if rest in TABS else next(iter(TABS))


def _due(zone: str) -> list[Any]:
    session, now = current_session(), house().clock()
    due = factor_due(session) if session is not None else None
    return layout.factor_due(due, now, zone) if due is not None else []


def _proof() -> list[Any]:
    session, home = current_session(), house()
    if session is None:
        return layout.proof(False)
    return layout.proof(is_fresh(session, home.clock()), asks_for_code(home.database, session))


def _prove(fields: Fields) -> list[Any]:
    session, home = current_session(), house()
    if session is None:
        raise NotSignedIn
    password, code = fields.secret("password"), fields.secret("code")
    prove_wholly(home.database, box(), home.throttle, session, password, code, home.clock())
    set_props(NOTICE, {"children": "Thank you. For a quarter of an hour you can change things here."})
    return layout.proof(True)


def register_routes(server: Flask) -> None:
    """What is downloaded goes by routes of its own."""
    configuration.register(server)


def register(app: Dash) -> None:
    """One callback: a tab has one owner."""
    wire(
        app,
        act,
        [Output(Ids.BODY, "children"), Output(Ids.PROOF, "children")],
        [Input(Ids.ACT, "data"), Input(LOCATION, "search")],
        [State(LOCATION, "pathname")],
        prevent_initial_call=True,
    )
