"""Administration: each tab is one module that draws itself and lists its acts; one callback answers for all of them."""

from typing import Any

from dash import Dash, Input, Output, State
from flask import Flask

from callbacks.admin import (
    accounts,
    calendars,
    configuration,
    kiosks,
    lockdown,
    policies,
    retention,
    roles,
    rules,
    survey,
    targets,
    teams,
    templates,
    tracking,
    users,
    webhooks,
    workspaces,
)
from callbacks.admin.acts import Tabs, strip
from callbacks.callers import current_session, factor_due
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of
from data.people import workspace_mark
from layouts import admin as layout
from models.permissions import Permission, Scope

Ids = layout.Ids
TABS = Tabs(
    "/admin",
    {
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
        "retention": retention,
        "survey": survey,
        "tracking": tracking,
        "webhooks": webhooks,
        "configuration": configuration,
    },
    frozenset(
        {
            "users.find",
            "roles.preview",
            "rules.check",
            "rules.try",
            "rules.look",
            "rules.stop",
            "configuration.compare",
            "lockdown.begin",
        }
    ),
)
"""What draws each tab and what can be done there; free are acts that change nothing, or hold back what could hurt."""


def page(scope: Scope, rest: str, query: str) -> Any:
    """A tab at first paint."""
    mark = workspace_mark(house().database, scope.workspace_id)
    return layout.page(mark, rest, TABS.modules[rest].draw(scope, fields_of(query)), strip(), _due(mark.zone))


@needs(Permission.ADMINISTER)
def act(scope: Scope, sent: Any, search: str, path: str) -> Any:
    """Do what a button asked for and draw the tab again; where only the address changed, draw it again."""
    return TABS.answer(scope, sent, search, path, Ids.ACT)


def _due(zone: str) -> list[Any]:
    session, now = current_session(), house().clock()
    due = factor_due(session) if session is not None else None
    return layout.factor_due(due, now, zone) if due is not None else []


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
