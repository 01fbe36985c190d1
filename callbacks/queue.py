"""The queue: the address says what is shown, pushes say when to look again, and a held list keeps its order."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import number
from callbacks.conversation.panel import opened, viewed
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of
from data.queries.queue import queue, rows_of
from layouts import links
from layouts import queue as layout
from layouts.conversation.ids import SIGN
from models.filters import filters_from
from models.permissions import Permission, Scope
from models.queue_order import in_order, keep_place
from models.snapshots import Queue, QueueFilters

Ids = layout.Ids


def page(scope: Scope, _rest: str, query: str) -> Any:
    """The queue at first paint."""
    fields = fields_of(query)
    found = queue(house().database, scope, filters_from(fields), house().clock())
    current = opened(scope, fields.get("c", ""))
    viewed(scope, current)
    return layout.page(found, current, scope.permissions)


@needs(Permission.READ)
def refresh(
    scope: Scope, news: Any, search: str, _pressed: int | None, shown: list[dict[str, Any]], *standing: Any
) -> Any:
    """Every region again. While focus or pointer is in the list, its rows stay where they are and news is counted.

    ``standing`` is what the page shows already: the filters' two fields, and the sign of its rows.
    """
    fields = fields_of(search)
    found = queue(house().database, scope, filters_from(fields), house().clock())
    rows, held = in_order(found.rows), 0
    if ctx.triggered_id == Ids.LIVE and isinstance(news, dict) and news.get("hold"):
        ids = [row["id"] for row in shown]
        gone = set(ids) - {row.id for row in found.rows}
        rows, held = keep_place(ids, found.rows, rows_of(house().database, scope, gone, house().clock()))
    show_filters(found.filters, *standing[:2])
    return (*regions(found, held), *redrawn(found, number(fields.get("c")), rows, *standing[2:]))


def regions(found: Queue, held: int) -> tuple[Any, ...]:
    """What the small regions show, in the order of the outputs below."""
    return (
        layout.views(found),
        layout.caption(found),
        layout.turn(found),
        layout.new_label(held),
        not held,
        "held" if held else "fresh",
    )


def redrawn(found: Queue, selected: int | None, rows: Any, rows_now: str) -> tuple[Any, ...]:
    """Rows with their sign, and no rows where they would look as they do: Dash makes what it is given anew, and a screen
    reader begins again with the row that its user is on.
    """
    rows_sign = layout.rows_sign(rows, found, selected)
    return no_update if rows_sign == rows_now else layout.placed_rows(rows, found, selected), rows_sign


def show_filters(filters: QueueFilters, channel: str | None, grade: str | None) -> None:
    """The filters' fields follow the address, which a view's link may have changed.

    Only one that said otherwise when it was asked is set: what somebody chose since must not be undone.
    """
    for field, wanted, shown in ((Ids.CHANNEL, filters.channel, channel), (Ids.GRADE, filters.grade, grade)):
        if (wanted or layout.ANY) != shown:
            set_props(field, {"value": wanted or layout.ANY})


@needs(Permission.READ)
def choose(scope: Scope, channel: str | None, grade: str | None, search: str) -> str:
    """Put the chosen filters into the address; the page follows the address."""
    before = filters_from(fields_of(search))
    channel, grade = ("" if value == layout.ANY else value for value in (channel, grade))
    after = filters_from({"view": before.view, "account": before.account, "channel": channel, "grade": grade})
    if (after.channel, after.grade) == (before.channel, before.grade):
        raise PreventUpdate
    return "?" + links.queue(scope.slug, after).partition("?")[2]


def register(app: Dash) -> None:
    """Each region has one owner: ``refresh``. Filters only ever change the address."""
    outputs = [
        Output(Ids.VIEWS, "children"),
        Output(Ids.CAPTION, "children"),
        Output(Ids.TURN, "children"),
        Output(Ids.NEW, "children"),
        Output(Ids.NEW, "hidden"),
        Output(Ids.LIST, "data-live-list"),
        Output(Ids.ROWS, "children"),
        Output(Ids.LIST, SIGN),
    ]
    triggers = [Input(Ids.LIVE, "data"), Input(LOCATION, "search"), Input(Ids.NEW, "n_clicks")]
    standing = [
        State(layout.row_id(ALL), "id"),
        State(Ids.CHANNEL, "value"),
        State(Ids.GRADE, "value"),
        State(Ids.LIST, SIGN),
    ]
    wire(app, refresh, outputs, triggers, standing, prevent_initial_call=True)
    wire(
        app,
        choose,
        Output(LOCATION, "search", allow_duplicate=True),
        [Input(Ids.CHANNEL, "value"), Input(Ids.GRADE, "value")],
        [State(LOCATION, "search")],
        prevent_initial_call=True,
    )
