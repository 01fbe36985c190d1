"""The register of official accounts."""

from typing import Any

from dash import Dash, Input, Output

from callbacks.guard import needs, wire
from callbacks.house import house
from data.queries.accounts import accounts
from layouts import accounts as layout
from models.permissions import Permission, Scope


def page(scope: Scope, _rest: str, _query: str) -> Any:
    """The page at first paint."""
    return layout.page(accounts(house().database, scope, house().clock()))


@needs(Permission.VIEW_ACCOUNTS)
def refresh(scope: Scope, _news: Any) -> Any:
    """The table again, when an account's state changed."""
    return layout.body(accounts(house().database, scope, house().clock()))


def register(app: Dash) -> None:
    """The table follows its live region."""
    ids = layout.Ids
    wire(app, refresh, Output(ids.BODY, "children"), [Input(ids.LIVE, "data")], prevent_initial_call=True)
