"""Say that two are the same person, or one thread; and take it back."""

from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import done, key_of, number, pressed, wire_form
from callbacks.fields import key_of as row_key
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data.merging import merge_contacts, merge_conversations, part_contacts, part_conversations
from data.queries.conversation import thread
from data.queries.merging import mergeable
from layouts import conversation
from layouts.conversation import merge as layout
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound

Ids = layout.Ids
LONGEST = 80
UNDO = {"contact": part_contacts, "conversation": part_conversations}


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form, with namesakes and the person's other conversations. Raises ``NotFound``."""
    found, now = house(), house().clock()
    return layout.draw(thread(found.database, scope, key, now), mergeable(found.database, scope, key, "", now))


@needs(Permission.ASSESS)
def look(scope: Scope, sought: str | None, of: Any) -> Any:
    """Other identities of the name or handle that somebody types."""
    key = number(of)
    if key is None or not isinstance(sought, str):
        raise PreventUpdate
    return layout.people(mergeable(house().database, scope, key, sought[:LONGEST], house().clock()))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, person: Any, with_thread: Any, reason: str | None) -> Any:
    """Merge what was chosen. Raises the problems of ``data.merging``, and ``BadValue`` where nothing was."""
    found, conversation_id = house(), key_of(clicks, key)
    now = found.clock()
    other, another = number(person), number(with_thread)
    if other is not None:
        own = mergeable(found.database, scope, conversation_id, "", now).contact_id
        merge_contacts(found.database, scope, own, other, reason or "", now)
        return done("They are one person now: one history, each with its own messages.")
    if another is not None:
        merge_conversations(found.database, scope, conversation_id, another, reason or "", now)
        return done("They are shown as one thread now.")
    raise BadValue("merge", "choose a person or a conversation first")


@needs(Permission.ASSESS)
def take_back(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> Any:
    """Take a merge back. Raises the problems of ``data.merging``."""
    button = pressed(clicks, buttons)
    if button.get("kind") not in UNDO:
        raise NotFound
    UNDO[button["kind"]](house().database, scope, row_key(button["id"]), house().clock())
    return done("Taken back. Everything stands as it did before.")


def register(app: Dash) -> None:
    """The form's buttons, and the list that follows what is typed."""
    wire_form(app, submit, layout.NAME, [State(part, "value") for part in (Ids.PERSON, Ids.THREAD, Ids.REASON)])
    wire(
        app,
        look,
        Output(Ids.PERSON, "options"),
        [Input(Ids.SOUGHT, "value")],
        [State(Ids.OF, "data")],
        prevent_initial_call=True,
    )
    outputs = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(conversation.Ids.LIVE, "data", allow_duplicate=True),
        Output(conversation.Ids.FORM, "children", allow_duplicate=True),
    ]
    button = layout.undo(ALL, ALL)
    wire(app, take_back, outputs, [Input(button, "n_clicks")], [State(button, "id")], prevent_initial_call=True)
