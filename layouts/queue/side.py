"""Left of the list: views, saved views and accounts, each with how many conversations it holds."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.signs import sign
from models.filters import filters_from, to_query
from models.snapshots import Queue, SavedViewMark


def views(queue: Queue) -> list[Any]:
    """Views and accounts with their counts, as links. While somebody searches no view is shown as chosen."""
    slug, filters = queue.workspace.slug, queue.filters
    searching = bool(filters.words.strip())
    kept = [
        _side(
            one.label,
            wording.number(one.count),
            links.view(slug, one.key),
            here=one.key == filters.view and not searching and is_saved(queue) is None and filters.incident is None,
        )
        for one in queue.views
    ]
    ours = [
        _side(
            [marks.channel(one.channel), marks.remote(one.handle)],
            wording.number(one.count),
            links.account(slug, filters, one.id),
            here=one.id == filters.account,
        )
        for one in queue.accounts
    ]
    return [
        _nav("Views", kept, "side-views"),
        *_saved(queue),
        *_incidents(queue),
        _nav("Accounts", ours, "side-accounts"),
    ]


def _incidents(queue: Queue) -> list[html.Nav]:
    """Incidents that go on, each with everything of it that is open."""
    slug, filters = queue.workspace.slug, queue.filters
    entries = [
        _side(
            marks.remote(one.name),
            wording.number(one.count),
            links.gathered(slug, filters, one.id),
            here=one.id == filters.incident,
        )
        for one in queue.incidents
    ]
    return [_nav("Incidents", entries, "side-incidents")] if entries else []


def views_sign(queue: Queue) -> str:
    """The same for lists that look alike."""
    return sign(queue.views, queue.saved, queue.incidents, queue.accounts, queue.filters, queue.workspace.slug)


def is_saved(queue: Queue) -> SavedViewMark | None:
    """The saved view that the list shows."""
    now = set(to_query(queue.filters).items()) - {("page", str(queue.filters.page))}
    return next((one for one in queue.saved if set(one.fields) == now), None)


def _saved(queue: Queue) -> list[html.Nav]:
    """One's own views, then those of each role."""
    here = is_saved(queue)
    groups: dict[str, list[html.Li]] = {}
    for one in queue.saved:
        title = f"Shared with {one.shared}" if one.shared else "Your views"
        more = "+" if one.count >= one.most else ""
        href = links.queue(queue.workspace.slug, filters_from(dict(one.fields)))
        link = _side(marks.remote(one.name), f"{wording.number(one.count)}{more}", href, here=one is here)
        groups.setdefault(title, []).append(link)
    return [_nav(title, links_, "side-views") for title, links_ in sorted(groups.items(), reverse=True)]


def _nav(title: str, entries: list[html.Li], look: str) -> html.Nav:
    return html.Nav([html.H2(title), html.Ul(entries)], className=f"side {look}", **attributes(aria_label=title))


def _side(name: Any, count: str, href: str, here: bool) -> html.Li:
    link = dcc.Link([html.Span(name, className="side-name"), " ", html.Span(count, className="side-count")], href=href)
    return html.Li(link, className="is-here" if here else "", **attributes(aria_current="true" if here else None))
