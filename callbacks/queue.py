"""The queue: the address says what is shown, pushes say when to look again, and a held list keeps its order."""

from typing import Any
from urllib.parse import parse_qs

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from dash.exceptions import PreventUpdate

from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.problems import sentence
from data.queries.conversation import thread
from data.queries.queue import queue, rows_of
from layouts import links
from layouts import queue as layout
from models.filters import filters_from
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.queue_order import in_order, keep_place
from models.snapshots import Queue, QueueFilters, Thread

Ids = layout.Ids


def page(scope: Scope, _rest: str, query: str) -> Any:
    """The queue at first paint."""
    fields = fields_of(query)
    found = queue(house().database, scope, filters_from(fields), house().clock())
    return layout.page(found, opened(scope, fields), scope.may(Permission.CLAIM))


@needs(Permission.READ)
def refresh(
    scope: Scope, news: Any, search: str, _pressed: int | None, shown: list[dict[str, Any]], *standing: Any
) -> Any:
    """Every region again. While focus or pointer is in the list, its rows stay where they are and news is counted.

    ``standing`` is what the page shows already: the filters' two fields, and the signs of its rows and panel.
    """
    fields = fields_of(search)
    found = queue(house().database, scope, filters_from(fields), house().clock())
    current = opened(scope, fields)
    rows, held = in_order(found.rows), 0
    if ctx.triggered_id == Ids.LIVE and isinstance(news, dict) and news.get("hold"):
        ids = [row["id"] for row in shown]
        gone = set(ids) - {row.id for row in found.rows}
        rows, held = keep_place(ids, found.rows, rows_of(house().database, scope, gone, house().clock()))
    show_filters(found.filters, *standing[:2])
    return (*regions(found, current, held), *redrawn(scope, found, current, rows, *standing[2:]))


def regions(found: Queue, current: Thread | None, held: int) -> tuple[Any, ...]:
    """What the small regions show, in the order of the outputs below."""
    return (
        layout.views(found),
        layout.caption(found),
        layout.turn(found),
        layout.new_label(held),
        not held,
        "held" if held else "fresh",
        layout.page_class(current.id if current else None),
    )


def redrawn(
    scope: Scope, found: Queue, current: Thread | None, rows: Any, rows_now: str, panel_now: str
) -> tuple[Any, ...]:
    """Rows and panel with their signs, and neither where it would look as it does: Dash makes what it is given anew, and
    a screen reader begins again with the row that its user is on.
    """
    selected, may_claim = current.id if current else None, scope.may(Permission.CLAIM)
    rows_sign, panel_sign = layout.rows_sign(rows, found, selected), layout.panel_sign(found, current, may_claim)
    return (
        no_update if rows_sign == rows_now else layout.placed_rows(rows, found, selected),
        rows_sign,
        no_update if panel_sign == panel_now else layout.panel(found, current, may_claim),
        panel_sign,
    )


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


def opened(scope: Scope, fields: dict[str, str]) -> Thread | None:
    """The conversation of the address, None where it names none that is here."""
    chosen = fields.get("c", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
        return None
    try:
        return thread(house().database, scope, int(chosen), house().clock())
    except NotFound as problem:
        set_props("notice", {"children": sentence(problem)})
        return None


def fields_of(search: Any) -> dict[str, str]:
    """The fields of a query; of a repeated one the first."""
    fields = parse_qs(search.lstrip("?")) if isinstance(search, str) else {}
    return {name: values[0] for name, values in fields.items()}


def register(app: Dash) -> None:
    """Each region has one owner: ``refresh``. Filters only ever change the address."""
    outputs = [
        Output(Ids.VIEWS, "children"),
        Output(Ids.CAPTION, "children"),
        Output(Ids.TURN, "children"),
        Output(Ids.NEW, "children"),
        Output(Ids.NEW, "hidden"),
        Output(Ids.LIST, "data-live-list"),
        Output(Ids.PAGE, "className"),
        Output(Ids.ROWS, "children"),
        Output(Ids.LIST, layout.SIGN),
        Output(Ids.PANEL, "children"),
        Output(Ids.PANEL, layout.SIGN),
    ]
    triggers = [Input(Ids.LIVE, "data"), Input(LOCATION, "search"), Input(Ids.NEW, "n_clicks")]
    standing = [
        State(layout.row_id(ALL), "id"),
        State(Ids.CHANNEL, "value"),
        State(Ids.GRADE, "value"),
        State(Ids.LIST, layout.SIGN),
        State(Ids.PANEL, layout.SIGN),
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
