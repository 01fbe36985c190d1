"""The queue: views and filters, the list ordered by grade then due, and the conversation that is open beside it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import conversation, links, missing, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.signs import sign
from models.posts import Kind
from models.queue_order import Left, PlacedRow, in_order
from models.snapshots import Queue, QueueRow, Thread

COLUMNS = ("Grade", "Account", "Latest", "Waiting", "Due", "Holder")
TAGS = 3
ANY = "any"
"""What a filter's list says for no filter: an empty value would show nothing."""
LEFT = {Left.TAKEN: "taken just now", Left.ANSWERED: "answered just now", Left.MOVED: "no longer in this view"}


class Ids(StrEnum):
    PAGE = "queue"
    VIEWS = "queue-views"
    CAPTION = "queue-caption"
    CHANNEL = "queue-channel"
    GRADE = "queue-grade"
    NEW = "queue-new"
    LIST = "queue-list"
    ROWS = "queue-rows"
    TURN = "queue-turn"
    PANEL = "queue-panel"
    LIVE = "live-queue"


def row_id(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The row of this conversation."""
    return {"type": "queue-row", "id": conversation_id}


def page(queue: Queue, thread: Thread | None = None, permissions: conversation.Permissions = frozenset()) -> html.Div:
    """The queue at first paint: each region is drawn again by itself when it changed."""
    selected = thread.id if thread else None
    back = links.queue(queue.workspace.slug, queue.filters)
    return html.Div(
        [
            dcc.Store(id=Ids.LIVE),
            html.H1("Queue", className="visually-hidden"),
            html.Aside(views(queue), id=Ids.VIEWS, className="views", **attributes(aria_label="Views and accounts")),
            _list(queue, selected),
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


def views(queue: Queue) -> list[Any]:
    """Saved views and accounts with their counts, as links."""
    slug, filters = queue.workspace.slug, queue.filters
    kept = [_side(one.label, one.count, links.view(slug, one.key), here=one.key == filters.view) for one in queue.views]
    ours = [
        _side(
            [marks.channel(one.channel), marks.remote(one.handle)],
            one.count,
            links.account(slug, filters, one.id),
            here=one.id == filters.account,
        )
        for one in queue.accounts
    ]
    return [
        html.Nav([html.H2("Views"), html.Ul(kept)], className="side side-views", **attributes(aria_label="Views")),
        html.Nav(
            [html.H2("Accounts"), html.Ul(ours)], className="side side-accounts", **attributes(aria_label="Accounts")
        ),
    ]


def _side(name: Any, count: int, href: str, here: bool) -> html.Li:
    link = dcc.Link(
        [html.Span(name, className="side-name"), " ", html.Span(wording.number(count), className="side-count")],
        href=href,
    )
    return html.Li(link, className="is-here" if here else "", **attributes(aria_current="true" if here else None))


def _list(queue: Queue, selected: int | None) -> html.Section:
    titles = [html.Th(name, scope="col", role="columnheader", className=f"col-{name.lower()}") for name in COLUMNS]
    body = html.Tbody(rows(queue, selected), id=Ids.ROWS, role="rowgroup")
    table = html.Table(
        [html.Thead(html.Tr(titles, role="row"), role="rowgroup"), body],
        className="rows",
        role="table",
        **attributes(aria_label="Conversations"),
    )
    return html.Section(
        [
            _tools(queue),
            html.Div(table, id=Ids.LIST, className="rows-holder", **attributes(data_live_list="fresh")),
            html.Div(turn(queue), id=Ids.TURN, className="turn"),
            _keys(),
        ],
        className="list",
        **attributes(aria_label="List"),
    )


def _tools(queue: Queue) -> html.Div:
    filters = queue.filters
    channels = [(ANY, "All channels"), *((key, wording.channel(key)) for key in queue.channels)]
    grades = [(ANY, "Any grade"), *((grade.key, grade.word) for grade in queue.grades)]
    return html.Div(
        [
            _select(Ids.CHANNEL, "Channel", channels, filters.channel or ANY),
            _select(Ids.GRADE, "Grade", grades, filters.grade or ANY),
            html.Span(caption(queue), id=Ids.CAPTION, className="aside caption"),
            html.Button(
                id=Ids.NEW, className="button button-new", type="button", hidden=True, **attributes(data_key="N")
            ),
        ],
        className="tools",
    )


def _select(part: str, label: str, options: list[tuple[str, str]], value: str) -> html.Div:
    choices = [{"value": key, "label": name} for key, name in options]
    return html.Div(
        [
            html.Label(label, htmlFor=part, className="visually-hidden"),
            dbc.Select(id=part, options=choices, value=value, size="sm"),
        ],
        className="tool",
    )


def caption(queue: Queue) -> str:
    """How many there are, and when that was so."""
    return f"{wording.plural(queue.total, 'conversation')}, as at {wording.clock(queue.as_at, queue.workspace.zone)}"


def new_label(count: int) -> str:
    """The button for what came while the list was held still; empty hides it."""
    return f"{wording.number(count)} new, press N" if count else ""


def rows(queue: Queue, selected: int | None = None) -> list[html.Tr]:
    """A row a conversation, in the order of the queue."""
    return placed_rows(in_order(queue.rows), queue, selected)


def placed_rows(placed: Sequence[PlacedRow], queue: Queue, selected: int | None = None) -> list[html.Tr]:
    """The rows where they stand; without one, what will appear here and how."""
    if not placed:
        empty = html.Td(missing.empty_queue(queue.filters), colSpan=len(COLUMNS), role="cell", className="rows-empty")
        return [html.Tr(empty, role="row")]
    return [row(one.row, queue, selected, one.left) for one in placed]


def rows_sign(placed: Sequence[PlacedRow], queue: Queue, selected: int | None) -> str:
    """The same for rows that look alike. Ages and times to due count by themselves: they are no reason to draw again."""
    return sign(tuple(placed), queue.filters, queue.workspace, selected)


def row(one: QueueRow, queue: Queue, selected: int | None = None, left: Left | None = None) -> html.Tr:
    """One conversation: grade, account, who and what, age, time to due, holder; ``left``: why it is here no longer."""
    now, chosen = queue.as_at, one.id == selected
    cells = [
        html.Td(marks.grade(one.grade), role="cell", className="col-grade"),
        html.Td(
            html.Span([marks.channel(one.channel), marks.remote(one.account)], className="cut"),
            role="cell",
            className="col-account",
        ),
        html.Td(_latest(one, queue, left), role="cell", className="col-latest"),
        html.Td(marks.aged(one.since, now), role="cell", className="col-waiting"),
        html.Td(marks.due(one.due, now, className="due"), role="cell", className="col-due"),
        html.Td(holder(one), role="cell", className="col-holder"),
    ]
    marks_of_row = attributes(data_row="true", data_id=str(one.id), aria_current="true" if chosen else None)
    return html.Tr(
        cells, id=row_id(one.id), key=str(one.id), role="row", className="is-here" if chosen else "", **marks_of_row
    )


def holder(one: QueueRow) -> Any:
    """Who is answering."""
    if one.mine:
        return html.Span("you", className="cut strong")
    return html.Span(marks.remote(one.holder) if one.holder else "nobody", className="cut")


def _latest(one: QueueRow, queue: Queue, left: Left | None) -> html.Div:
    """The link that opens the conversation, its name the contact and the first line, and what to know of it."""
    words: list[Any] = [
        html.Strong(marks.remote(one.contact)),
        " ",
        marks.remote(one.first_line or "no text", one.language, className="first-line"),
    ]
    href = links.queue(queue.workspace.slug, queue.filters, one.id)
    gone = [html.Span(LEFT[left], className="tag tag-left")] if left else []
    known = [html.Span(tag, className="tag") for tag in tags(one)]
    return html.Div([dcc.Link(words, href=href, className="row-link cut"), *gone, *known], className="latest")


def tags(one: QueueRow) -> list[str]:
    """What to know before opening, the most telling first and few: risk words, a repeat contact, how it came."""
    found = [marks.plain(flag) for flag in one.flags]
    if one.contacts > 1:
        found.append(f"repeat {one.contacts}")
    found += [word for word in (wording.language(one.language), "media" if one.media else "") if word]
    if one.kind is not Kind.PUBLIC:
        found.append(str(one.kind.value))
    return found[:TAGS]


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
    known = (("J K", "move"), ("Enter", "open"), ("C", "claim"), ("X", "release"), ("E", "close"), ("N", "show new"))
    parts: list[Any] = []
    for names, does in known:
        parts.append(html.Span([*(marks.key(name) for name in names.split()), " ", does], className="key-hint"))
    return html.P(parts, className="keys only-wide")
