"""The register of official accounts."""

from typing import Any

from dash import Dash, Input, Output, State

from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of
from data.queries.accounts import accounts
from layouts import accounts as layout
from models.permissions import Permission, Scope
from models.snapshots import AccountsPage


def page(scope: Scope, _rest: str, query: str) -> Any:
    """The page at first paint."""
    return layout.page(_found(scope, query))


def _found(scope: Scope, query: str) -> AccountsPage:
    return accounts(house().database, scope, house().clock(), fields_of(query).get("month", ""))


@needs(Permission.VIEW_ACCOUNTS)
def refresh(scope: Scope, _news: Any, search: str) -> Any:
    """The table again, when an account's state changed."""
    return layout.body(_found(scope, search))


def register(app: Dash) -> None:
    """The table follows its live region."""
    ids = layout.Ids
    where = [State(LOCATION, "search")]
    wire(app, refresh, Output(ids.BODY, "children"), [Input(ids.LIVE, "data")], where, prevent_initial_call=True)
