"""The queue: views and filters, the list ordered by grade then due, and the conversation that is open beside it."""

from typing import Any

from dash import dcc, html

from layouts import conversation, links
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.ids import SIGN
from layouts.queue import picking, rows, saving, side, tools
from layouts.queue.ids import ANY, FIELDS, SAVED, Ids
from models.permissions import Permission
from models.queue_order import in_order
from models.snapshots import Choices, Queue, Thread

__all__ = ["ANY", "FIELDS", "SAVED", "Ids", "new_label", "page", "picking", "rows", "saving", "side", "tools", "turn"]


def page(
    queue: Queue,
    choices: Choices,
    thread: Thread | None = None,
    permissions: conversation.Permissions = frozenset(),
) -> html.Div:
    """The queue at first paint: each region is drawn again by itself when it changed."""
    back = links.queue(queue.workspace.slug, queue.filters)
    signed: Any = {SIGN: side.views_sign(queue)}
    return html.Div(
        [
            dcc.Store(id=Ids.LIVE),
            dcc.Store(id=Ids.DATA, data=rows.drawing(in_order(queue.rows), queue, None, picking.may_pick(permissions))),
            dcc.Store(id=Ids.SHOWN),
            html.H1("Queue", className="visually-hidden"),
            html.Aside(
                side.views(queue),
                id=Ids.VIEWS,
                className="views",
                **attributes(aria_label="Views and accounts"),
                **signed,
            ),
            _list(queue, choices, permissions),
            html.Section(
                conversation.regions(thread, permissions, back),
                id=Ids.PANEL,
                className="panel",
                **attributes(aria_label="Conversation"),
            ),
        ],
        id=Ids.PAGE,
        className="desk",
        **attributes(data_workspace=queue.workspace.slug, data_revision=str(queue.revision)),
    )


def _list(queue: Queue, choices: Choices, permissions: conversation.Permissions) -> html.Section:
    titles = [html.Th(name, scope="col", role="columnheader", className=f"col-{name.lower()}") for name in rows.COLUMNS]
    table = html.Table(
        [
            html.Thead(html.Tr(titles, role="row"), role="rowgroup"),
            html.Tbody(id=Ids.ROWS, role="rowgroup"),  # its rows are drawn by assets/47-rows.js
        ],
        className="rows",
        role="table",
        **attributes(aria_label="Conversations"),
    )
    said = [
        html.Span(tools.found(queue), id=Ids.FOUND, **attributes(aria_live="polite")),
        html.Span(tools.caption(queue), id=Ids.CAPTION),
    ]
    return html.Section(
        [
            tools.tools(queue, choices, Permission.MOVE_WORK in permissions),
            html.Div(table, id=Ids.LIST, className="rows-holder", **attributes(data_live_list="fresh")),
            picking.bar(dict(choices.people), dict(choices.groups), choices.outcomes, permissions),
            html.Div(
                [
                    html.P(said, className="caption aside"),
                    *_looking_back(queue, permissions),
                    html.Div(turn(queue), id=Ids.TURN, className="turn"),
                ],
                className="list-foot",
            ),
            _keys(),
        ],
        className="list",
        **attributes(aria_label="List"),
    )


def _looking_back(queue: Queue, permissions: conversation.Permissions) -> list[Any]:
    """The way to the queue as it was, for those who may read what happened."""
    if Permission.READ_TRAIL not in permissions:
        return []
    return [html.A("As it was", href=links.earlier("/queue", queue.workspace.slug), className="caption")]


def new_label(count: int) -> str:
    """The button for what came while the list was held still; empty hides it."""
    return f"{count:,} new, press N" if count else ""


def turn(queue: Queue) -> list[Any]:
    """The links to the page before and the page after."""
    if queue.pages < 2:
        return []
    slug, filters, number = queue.workspace.slug, queue.filters, queue.filters.page
    before = [dcc.Link("Previous", href=links.turned(slug, filters, number - 1))] if number > 1 else []
    after = [dcc.Link("Next", href=links.turned(slug, filters, number + 1))] if number < queue.pages else []
    return [*before, html.Span(f"page {number} of {queue.pages}", className="aside"), *after]


def _keys() -> html.P:
    """The keys that do something here."""
    known = (
        ("J K", "move"),
        ("Enter", "open"),
        ("C", "claim"),
        ("X", "release"),
        ("T", "assess"),
        ("E", "close"),
        ("N", "show new"),
    )
    parts: list[Any] = []
    for names, does in known:
        parts.append(html.Span([*(marks.key(name) for name in names.split()), " ", does], className="key-hint"))
    return html.P(parts, className="keys only-wide")
