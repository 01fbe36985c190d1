"""The queue: the address says what is shown, pushes say when to look again, and a held list keeps its order."""

from dataclasses import replace
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from callbacks import past
from callbacks.conversation.panel import opened, viewed
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of
from callbacks.queue import filters, many, views
from data.queries.choices import narrowing, outcomes, takers
from data.queries.queue import queue, rows_of
from layouts import queue as layout
from layouts.conversation.ids import SIGN
from models.filters import filters_from
from models.permissions import Permission, Scope
from models.queue_order import in_order, keep_place
from models.snapshots import Choices, Queue

Ids = layout.Ids


def page(scope: Scope, _rest: str, query: str) -> Any:
    """The queue at first paint, or as it was where the address names an instant."""
    then = past.queue(scope, query)
    if then is not None:
        return then
    fields = fields_of(query)
    found = queue(house().database, scope, filters_from(fields), house().clock())
    choices = offered(scope)
    current = opened(scope, fields.get("c", ""))
    viewed(scope, current)
    return layout.page(found, choices, current, scope.permissions)


def offered(scope: Scope) -> Choices:
    """What the lists of filters and of acts on many offer; colleagues only to who may hand work to them."""
    nobody: tuple[dict[int, str], dict[int, str]] = ({}, {})
    people, groups = takers(house().database, scope) if scope.may(Permission.CLAIM) else nobody
    ends = outcomes(house().database, scope)
    found = narrowing(house().database, scope)
    return replace(found, people=tuple(people.items()), groups=tuple(groups.items()), outcomes=ends)


@needs(Permission.READ)
def refresh(scope: Scope, news: Any, search: str, _pressed: int | None, shown: Any, side_now: str, *chosen: Any) -> Any:
    """Every region again. While focus or pointer is in the list, its rows stay where they are and news is counted.

    ``shown`` are the rows that the page shows, with their signs, ``side_now`` is the sign of the views, ``chosen`` what the
    lists of the filters say.
    """
    found = queue(house().database, scope, filters_from(fields_of(search)), house().clock())
    rows, held = in_order(found.rows), 0
    if only_news() and isinstance(news, dict) and news.get("hold"):
        ids = keys_of(shown)
        gone = set(ids) - {row.id for row in found.rows}
        rows, held = keep_place(ids, found.rows, rows_of(house().database, scope, gone, house().clock()))
    filters.follow(found.filters, chosen)
    return (
        layout.rows.drawing(rows, found, shown, layout.picking.may_pick(scope.permissions)),
        *regions(found, held, side_now),
    )


def only_news() -> bool:
    """Whether nothing but news asks: a person who asked at the same moment is not held back by it."""
    return {one["prop_id"] for one in ctx.triggered} == {f"{Ids.LIVE}.data"}


def keys_of(shown: Any) -> list[int]:
    """The conversations that the page shows, in their order; what is no key is left out."""
    pairs = shown if isinstance(shown, list) else []
    texts = [str(one[0]) for one in pairs if isinstance(one, list) and one]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def regions(found: Queue, held: int, side_now: str) -> tuple[Any, ...]:
    """What the small regions show, in the order of the outputs below."""
    side, key = layout.side.views_sign(found), layout.saving.changeable(found)
    return (
        no_update if side == side_now else layout.side.views(found),
        side,
        layout.tools.found(found),
        layout.tools.caption(found),
        layout.tools.clear(found),
        layout.turn(found),
        key,
        not key,
        layout.new_label(held),
        not held,
        "held" if held else "fresh",
    )


def register(app: Dash) -> None:
    """Each region has one owner: ``refresh``. Its rows are drawn in the page, which says what it shows."""
    outputs = [
        Output(Ids.DATA, "data"),
        Output(Ids.VIEWS, "children"),
        Output(Ids.VIEWS, SIGN),
        Output(Ids.FOUND, "children"),
        Output(Ids.CAPTION, "children"),
        Output(Ids.CLEAR, "children"),
        Output(Ids.TURN, "children"),
        Output(Ids.VIEW_FORM, layout.SAVED),
        Output(Ids.VIEW_CHANGE, "hidden"),
        Output(Ids.NEW, "children"),
        Output(Ids.NEW, "hidden"),
        Output(Ids.LIST, "data-live-list"),
    ]
    triggers = [Input(Ids.LIVE, "data"), Input(LOCATION, "search"), Input(Ids.NEW, "n_clicks")]
    lists = [State(part, "value") for part in layout.FIELDS.values()]
    standing = [State(Ids.SHOWN, "data"), State(Ids.VIEWS, SIGN), *lists]
    wire(app, refresh, outputs, triggers, standing, prevent_initial_call=True)
    app.clientside_callback(
        ClientsideFunction("queue", "draw"),
        Output(Ids.SHOWN, "data"),
        Input(Ids.DATA, "data"),
        State(Ids.SHOWN, "data"),
    )
    filters.register(app)
    many.register(app)
    views.register(app)
