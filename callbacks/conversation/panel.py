"""The panel of a conversation, beside the queue and as a page: each region is drawn again only where it looks otherwise."""

from typing import Any

from dash import Dash, Input, Output, State, no_update, set_props
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import number
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of, find
from callbacks.problems import NOTICE, sentence
from data.queries.conversation import thread
from data.viewing import note_view
from layouts import conversation as layout
from layouts import links
from models.filters import filters_from
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.snapshots import Thread

Ids = layout.Ids


@needs(Permission.READ)
def refresh(
    scope: Scope, _news: Any, search: str, path: str, shown: str | None, head_now: str | None, thread_now: str | None
) -> tuple[Any, ...]:
    """The panel at this address. Form and composer are drawn only with another conversation: words in them stay."""
    place = find(path)
    if place is None or place.page.name not in {"queue", "conversation"}:
        raise PreventUpdate
    beside = place.page.name == "queue"
    found = opened(scope, fields_of(search).get("c", "") if beside else place.rest)
    back = links.queue(scope.slug, filters_from(fields_of(search))) if beside else ""
    head, of_thread = layout.signs.of_head(found, scope.permissions, back), layout.signs.of_thread(found)
    viewed(scope, found, by_hand=layout.shown(found) != (shown or ""))
    same_head, same_thread, same = head == head_now, of_thread == thread_now, layout.shown(found) == (shown or "")
    return (
        no_update if same_head else layout.head_of(found, back),
        head,
        no_update if same_head else layout.actions_of(found, scope.permissions, back),
        no_update if same else [],
        no_update if same_thread else layout.thread_of(found),
        of_thread,
        layout.shown(found),
        layout.newest(found),
        no_update if same else layout.composer(found),
    )


def opened(scope: Scope, chosen: str) -> Thread | None:
    """The conversation of this key; None, with a notice, where none of this workspace has it, and without a word for none."""
    key = number(chosen)
    if key is None:
        return None
    try:
        return thread(house().database, scope, key, house().clock())
    except NotFound as problem:
        set_props(NOTICE, {"children": sentence(problem)})
        return None


def viewed(scope: Scope, found: Thread | None, by_hand: bool = True) -> None:
    """What a person is shown of a conversation is on the record."""
    if found is not None:
        note_view(house().database, scope, found.id, house().clock(), by_hand)


def register(app: Dash) -> None:
    """Every region has one owner; forms and the composer fill theirs themselves."""
    outputs = [
        Output(Ids.HEAD, "children"),
        Output(Ids.HEAD, layout.SIGN),
        Output(Ids.ACTIONS, "children"),
        Output(Ids.FORM, "children"),
        Output(Ids.THREAD, "children"),
        Output(Ids.THREAD, layout.SIGN),
        Output(Ids.THREAD, layout.SHOWN),
        Output(Ids.THREAD, layout.NEWEST),
        Output(Ids.COMPOSER, "children"),
    ]
    standing = [
        State(LOCATION, "pathname"),
        State(Ids.THREAD, layout.SHOWN),
        State(Ids.HEAD, layout.SIGN),
        State(Ids.THREAD, layout.SIGN),
    ]
    wire(
        app, refresh, outputs, [Input(Ids.LIVE, "data"), Input(LOCATION, "search")], standing, prevent_initial_call=True
    )
