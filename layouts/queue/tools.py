"""Above the list: the search, the filters, what is shown and when that was so."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.queue import saving
from layouts.queue.fields import Options, select
from layouts.queue.ids import ANY, FIELDS, Ids
from models.filters import ME, MEDIA, NOBODY, REPEAT, WHEN, narrows
from models.snapshots import Choices, Queue, QueueFilters

FEW = ("channel", "grade", "when")
"""The filters that always show; the others are one click away."""


def tools(queue: Queue, choices: Choices, may_share: bool) -> html.Div:
    """Search, filters, and the button for what came meanwhile."""
    lists = {
        name: select(FIELDS[name], label, some, shown(queue.filters, name))
        for name, (label, some) in offered(queue, choices).items()
    }
    more = [lists[name] for name in lists if name not in FEW]
    new = html.Button(id=Ids.NEW, className="button button-new", type="button", hidden=True, **attributes(data_key="N"))
    return html.Div(
        [
            _search(queue.filters.words),
            *(lists[name] for name in FEW),
            html.Details(
                [html.Summary("More filters", className="button"), html.Div(more, className="more-filters")],
                className="drop",
            ),
            saving.form(queue, choices, may_share),
            html.Span(clear(queue), id=Ids.CLEAR),
            new,
        ],
        className="tools",
    )


def _search(words: str) -> html.Div:
    label = "Search messages, people and notes"
    field = dbc.Input(
        id=Ids.SEARCH, type="search", value=words, placeholder=label, autocomplete="off", maxLength=200, size="sm"
    )
    return html.Div(
        [html.Label(label, htmlFor=Ids.SEARCH, className="visually-hidden"), field, marks.key("/")],
        className="search",
        **attributes(data_key="/", role="search"),
    )


def offered(queue: Queue, choices: Choices) -> dict[str, tuple[str, Options]]:
    """Each filter with its label and what can be chosen."""
    return {
        "channel": ("Channel", [(ANY, "All channels"), *((key, wording.channel(key)) for key in queue.channels)]),
        "grade": ("Grade", [(ANY, "Any grade"), *((grade.key, grade.word) for grade in queue.grades)]),
        "when": ("Newest message", [(ANY, "Any time"), *WHEN]),
        "account": ("Account", [(ANY, "All accounts"), *((str(one.id), one.handle) for one in queue.accounts)]),
        "holder": ("Holder", [(ANY, "Anybody"), (ME, "Me"), (NOBODY, "Nobody"), *choices.holders]),
        "team": ("Team", [(ANY, "Any team"), *choices.teams]),
        "topic": ("Topic", [(ANY, "Any topic"), *choices.topics]),
        "flag": (
            "Flag",
            [
                (ANY, "Any flag"),
                (REPEAT, "Repeat contact"),
                (MEDIA, "Media"),
                *((flag, flag) for flag in choices.flags),
            ],
        ),
    }


def shown(filters: QueueFilters, name: str) -> str:
    """What a filter's list says."""
    return str(getattr(filters, name) or ANY)


def clear(queue: Queue) -> list[Any]:
    """The way back to the whole view, where anything is left out of it."""
    if not narrows(queue.filters) and not queue.filters.words:
        return []
    href = links.view(queue.workspace.slug, queue.filters.view)
    return [dcc.Link("Clear", href=href, className="button", title="Clear the search and all filters")]


def caption(queue: Queue) -> str:
    """When the list was so."""
    return f"as at {wording.clock(queue.as_at, queue.workspace.zone)}"


def found(queue: Queue) -> str:
    """How many there are; of a search, how far it looked."""
    if not queue.filters.words.strip():
        return wording.plural(queue.total, "conversation")
    if queue.looked_at is None:
        return f"{wording.plural(queue.total, 'conversation')} found"
    newest = wording.plural(queue.looked_at, "newest match", "newest matches")
    return f"{wording.plural(queue.total, 'conversation')} found in the {newest}; more words look further back"
