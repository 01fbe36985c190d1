"""The rows of the queue: one conversation each, as cells, and as what the script needs to draw only those that changed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from layouts import links, missing, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.components.message import highlighted
from layouts.components.tree import Tree, tree
from layouts.conversation.signs import sign
from layouts.queue.picking import box
from models.moves import State
from models.posts import Kind
from models.queue_order import Left, PlacedRow
from models.snapshots import Found, Queue, QueueRow

COLUMNS = ("Grade", "Account", "Latest", "Waiting", "Due", "Holder")
TAGS = 3
LEFT = {Left.TAKEN: "taken just now", Left.ANSWERED: "answered just now", Left.MOVED: "no longer in this view"}
WHERE = {"message": "", "contact": "person", "note": "note"}
"""What is said of where a word was found; of a message nothing, for that is what people expect."""
EMPTY = "empty"
MOST_MADE = 4_000
_made: dict[tuple[str, date, bool], Tree] = {}
"""Rows as they were drawn last, by what they look like; a few megabytes. Two that draw the same one at once do no harm."""


def drawing(placed: Sequence[PlacedRow], queue: Queue, shown: object, pick: bool = False) -> dict[str, Any]:
    """What the script draws: every row with its sign, in order, and the trees of those that do not stand there yet.

    ``shown`` is what the browser says it shows, as ``[[key, sign], ...]``; what makes no sense means nothing.
    ``pick`` gives each row a box that chooses it.
    """
    known = {(str(one[0]), one[1]) for one in shown if _is_pair(one)} if isinstance(shown, list) else set()
    signed = [(str(one.row.id), row_sign(one, queue), one) for one in placed]
    trees = {key: _tree(mark, one, queue, pick) for key, mark, one in signed if (key, mark) not in known}
    order = [[key, mark] for key, mark, _ in signed]
    if not order:
        said = missing.empty_queue(queue.filters)
        order, trees = [[EMPTY, sign(said)]], {EMPTY: tree(empty(said))}
    return {"order": order, "rows": trees}


def _tree(mark: str, one: PlacedRow, queue: Queue, pick: bool) -> Tree:
    """The row for our script. Colleagues look at the same rows: each is made once. Its ages are counted in the page."""
    name = (mark, queue.as_at.date(), pick)
    made = _made.get(name)
    if made is None:
        if len(_made) >= MOST_MADE:
            _made.clear()
        made = _made[name] = tree(row(one.row, queue, one.left, pick))
    return made


def _is_pair(one: object) -> bool:
    return isinstance(one, list) and len(one) == 2 and all(isinstance(part, str | int) for part in one)


def row_sign(one: PlacedRow, queue: Queue) -> str:
    """The same for rows that look alike. Ages and times to due count by themselves: they are no reason to draw again."""
    return sign(one, queue.filters, queue.workspace.slug)


def empty(said: str) -> html.Tr:
    """What stands where no row is: what will appear here and how."""
    return html.Tr(html.Td(said, colSpan=len(COLUMNS), role="cell", className="rows-empty"), role="row")


def row(one: QueueRow, queue: Queue, left: Left | None = None, pick: bool = False) -> html.Tr:
    """One conversation: grade, account, who and what, age, time to due, holder; ``left``: why it is here no longer."""
    now = queue.as_at
    cells = [
        html.Td([*([box(one)] if pick else []), marks.grade(one.grade)], role="cell", className="col-grade"),
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
    return html.Tr(cells, role="row", **attributes(data_row="true", data_id=str(one.id)))


def holder(one: QueueRow) -> Any:
    """Who is answering, else who should; where nobody should, the incident that it belongs to."""
    if one.mine:
        return html.Span("you", className="cut strong")
    if one.holder is None and one.assigned is not None:
        return html.Span(["for ", marks.remote(one.assigned)], className="cut")
    if one.holder is None and one.incident is not None:
        return html.Span(["group: ", marks.remote(one.incident)], className="cut", title=marks.plain(one.incident))
    return html.Span(marks.remote(one.holder) if one.holder else "nobody", className="cut")


def _latest(one: QueueRow, queue: Queue, left: Left | None) -> html.Div:
    """The link that opens the conversation, its name the contact and what was said, and what to know of it."""
    words: list[Any] = [html.Strong(marks.remote(one.contact)), " ", *_said(one, queue)]
    href = links.queue(queue.workspace.slug, queue.filters, one.id)
    gone = [html.Span(LEFT[left], className="tag tag-left")] if left else []
    known = [html.Span(tag, className="tag") for tag in tags(one)]
    away = [html.Span(said, className="tag") for said in (*_away(one, queue), *_passing(one))]
    link = dcc.Link(words, href=href, className="row-link cut")
    return html.Div([link, *gone, *away, _asks(one, queue), *known], className="latest")


def _asks(one: QueueRow, queue: Queue) -> html.Span:
    """That it is to be assessed again, from its time on (``assets/40-ticker.js``)."""
    later = one.again is None or one.again > queue.as_at
    return html.Span(
        "assess again?", className="tag tag-asks", hidden=later, **attributes(data_from=wording.iso(one.again))
    )


def _passing(one: QueueRow) -> list[Any]:
    """That it is being handed over, or that nobody took up a claim that lapsed."""
    if one.offered:
        return ["hand-over"]
    return [["lapsed, was ", marks.remote(one.lapsed)]] if one.lapsed is not None and one.holder is None else []


def _away(one: QueueRow, queue: Queue) -> list[Any]:
    """What it waits for where it was put away."""
    if one.state == State.SNOOZED:
        return [f"until {wording.moment(one.snoozed_until, queue.as_at, queue.workspace.zone)}"]
    return [["with ", marks.remote(one.partner)]] if one.state == State.PARTNER else []


def _said(one: QueueRow, queue: Queue) -> list[Any]:
    """The first line of the newest message, or what a search found and when it was said, marked."""
    if one.found is None:
        return [marks.remote(one.first_line or "no text", one.language, className="first-line")]
    when = wording.moment(one.found.at, queue.as_at, queue.workspace.zone)
    said = " ".join(filter(None, (WHERE.get(one.found.where, one.found.where), when)))
    return [html.Span(f"{said}: ", className="aside"), found_text(one.found)]


def found_text(found: Found) -> html.Bdi:
    """Remote text with the words that were looked for marked in it."""
    return html.Bdi(highlighted(found.text, found.spans), dir="auto", className="first-line")


def tags(one: QueueRow) -> list[str]:
    """What to know before opening, the most telling first and few: risk words, a repeat contact, how it came."""
    found = [marks.plain(flag) for flag in one.flags]
    if one.contacts > 1:
        found.append(f"repeat {one.contacts}")
    if one.merged:
        found.append("merged")
    found += [word for word in (wording.language(one.language), "media" if one.media else "") if word]
    if one.kind is not Kind.PUBLIC:
        found.append(str(one.kind.value))
    return found[:TAGS]
