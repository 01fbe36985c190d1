"""What is done to a reply on its way: taken back, approved, decided, written again. Its buttons stand in the thread."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, no_update

from callbacks.conversation.acting import drawn_again, pressed
from callbacks.fields import key_of
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data.outbox import approve, give_up, send_again, withdraw
from data.queries.replies import written
from data.reconciling import it_was_sent
from layouts import conversation as panel
from layouts.conversation import reply as layout
from layouts.conversation.outgoing import act
from models.permissions import Permission, Scope
from models.problems import NotFound

Act = Callable[..., None]

ACTS: Mapping[str, tuple[Act | None, str]] = {
    "withdraw": (withdraw, "Taken back. Nothing was sent."),
    "approve": (approve, "Approved. It goes out in 10 seconds."),
    "sent": (it_was_sent, "Noted that it was sent. Its conversation waits for the contact now."),
    "again": (send_again, "It goes out again in 10 seconds."),
    "give-up": (give_up, "Given up. It will not be sent."),
    "edit": (None, "Change it, then send it again."),
}
"""What each button does, and what is said then. To edit changes nothing: the reply is given up when another takes its place."""


@needs(Permission.REPLY)
def do(
    scope: Scope,
    clicks: list[int | None],
    buttons: list[dict[str, Any]],
    texts: list[str | None],
    names: list[dict[str, Any]],
) -> tuple[Any, ...]:
    """Do it. What was taken back, or is to be changed, stands in the composer again, before what stands there already."""
    button = pressed(clicks, buttons)
    key, found = key_of(button["id"]), house()
    if button["act"] not in ACTS:
        raise NotFound
    doing, said = ACTS[button["act"]]
    if doing is not None:
        doing(found.database, scope, key, found.clock())
    if button["act"] not in ("withdraw", "edit") or len(texts) != 1:
        return said, drawn_again(), [no_update] * len(texts), no_update, no_update, no_update
    before = written(found.database, scope, key)
    here = before.conversation_id == names[0]["id"]
    text = "\n\n".join(part for part in (before.text, texts[0] or "") if part.strip())
    replaces = key if button["act"] == "edit" else no_update
    number = found.clock().isoformat()
    if not here:
        return said, drawn_again(), [no_update], no_update, no_update, no_update
    return said, drawn_again(), [text], before.kind, replaces, {"number": number, "keep": True}


def register(app: Dash) -> None:
    """One handler for all of them."""
    ids = layout.Ids
    buttons = act(ALL, ALL)
    outputs = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(panel.Ids.LIVE, "data", allow_duplicate=True),
        Output(layout.part("text", ALL), "value", allow_duplicate=True),
        Output(ids.KIND, "value", allow_duplicate=True),
        Output(ids.REPLACES, "data", allow_duplicate=True),
        Output(ids.TYPED, "data", allow_duplicate=True),
    ]
    states = [State(buttons, "id"), State(layout.part("text", ALL), "value"), State(layout.part("text", ALL), "id")]
    wire(app, do, outputs, [Input(buttons, "n_clicks")], states, prevent_initial_call=True)
