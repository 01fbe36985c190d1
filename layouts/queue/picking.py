"""What is done to many conversations at once: the bar below the list, and the box in each row that chooses it."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.assign import NOBODY, takers
from layouts.queue.ids import Ids
from models.permissions import Permission
from models.snapshots import QueueRow

Permissions = frozenset[Permission]


def may_pick(permissions: Permissions) -> bool:
    """Whether this person does anything to many."""
    return bool({Permission.MOVE_WORK, Permission.CLOSE} & permissions)


def box(one: QueueRow) -> html.Label:
    """Chooses the row; drawn by our script, which ticks it."""
    return html.Label(
        className="pick",
        **attributes(data_pick=str(one.id), title=f"Choose the conversation with {marks.plain(one.contact)}"),
    )


def bar(
    people: Mapping[int, str], teams: Mapping[int, str], outcomes: Sequence[tuple[int, str]], permissions: Permissions
) -> html.Div:
    """Shown while something is chosen."""
    to = [*takers(people, teams), (NOBODY, "nobody in particular")]
    ends = [(str(key), word) for key, word in outcomes]
    moves = [*_choice(Ids.MANY_TO, "Assign to", to), _button("Assign", Ids.MANY_MOVE)]
    closes = [*_choice(Ids.MANY_OUTCOME, "Outcome", ends), _button("Close", Ids.MANY_CLOSE)]
    hint = "Reason, if it needs one"
    reason = dbc.Input(id=Ids.MANY_REASON, size="sm", maxLength=300, placeholder=hint, autocomplete="off")
    label = html.Label("Reason", htmlFor=Ids.MANY_REASON, className="visually-hidden")
    return html.Div(
        [
            dcc.Store(id=Ids.PICKED),
            html.Strong("", id=Ids.PICKED_COUNT),
            *([html.Span(moves, className="many-act")] if Permission.MOVE_WORK in permissions else []),
            *([html.Span(closes, className="many-act")] if Permission.CLOSE in permissions else []),
            html.Span([label, reason], className="many-act"),
            _button("Choose none", Ids.MANY_NONE),
        ],
        id=Ids.MANY,
        className="many",
        hidden=True,
        role="group",
        **attributes(aria_label="Chosen conversations"),
    )


def _choice(part: str, label: str, options: Sequence[tuple[str, str]]) -> list[Any]:
    listed = [{"value": key, "label": marks.plain(word)} for key, word in options]
    field = dbc.Select(id=part, options=listed, placeholder=label, size="sm")
    return [html.Label(label, htmlFor=part, className="visually-hidden"), field]


def _button(word: str, part: str) -> html.Button:
    return html.Button(word, id=part, className="button", type="button")
