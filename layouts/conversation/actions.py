"""The row of buttons: what can be done now, by whom, and with which key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from layouts import links
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import assign, close, decline, handover, send_back, takeover
from layouts.conversation.ids import accept_button, claim_button, opener, release_button, take_back_button
from models.permissions import Permission
from models.snapshots import Thread

Permissions = frozenset[Permission]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a button opens: its name, what stands on the button, its key, who may, and when it is offered."""

    name: str
    word: str
    key: str
    permission: Permission
    offered: Callable[[Thread], bool]


FORMS: tuple[Form, ...] = (
    Form("takeover", "Take over", "C", Permission.CLAIM, takeover.offered),
    Form("decline", "Decline", "d", Permission.CLAIM, decline.offered),
    Form("handover", "Hand over", "h", Permission.CLAIM, handover.offered),
    Form("assign", "Assign", "a", Permission.MOVE_WORK, assign.offered),
    Form("close", "Close", "e", Permission.CLOSE, close.offered),
    Form(send_back.NAME, "Send back", "b", Permission.REPLY, send_back.offered),
)
"""The forms in the order of their buttons. ``callbacks/conversation/forms.py`` has the same names."""


def actions(thread: Thread, permissions: Permissions, back: str) -> list[Any]:
    """Every action is an ordinary button with its key. ``back`` is the queue without this conversation, if there is one."""
    return [*_claiming(thread, permissions), *_forms(thread, permissions), *(_ways(thread, back) if back else ())]


def _claiming(thread: Thread, permissions: Permissions) -> list[Any]:
    if Permission.CLAIM not in permissions:
        return []
    offer, found = thread.claiming.offer, []
    if offer is not None and offer.for_me:
        found.append(button("Accept", "y", accept_button(thread.id), "button button-first"))
    if thread.holder is None:
        found.append(button("Claim", "c", claim_button(thread.id), "button button-first"))
    if thread.mine:
        found.append(button("Release", "x", release_button(thread.id)))
    if offer is not None and (offer.mine or Permission.MOVE_WORK in permissions):
        found.append(button("Take back", "h", take_back_button(thread.id)))
    return found


def _forms(thread: Thread, permissions: Permissions) -> list[Any]:
    return [
        button(form.word, form.key, opener(form.name, thread.id))
        for form in FORMS
        if form.permission in permissions and form.offered(thread)
    ]


def _ways(thread: Thread, back: str) -> list[Any]:
    own = dcc.Link("Open as a page", href=links.conversation(thread.id, thread.workspace.slug), className="button")
    leave = dcc.Link(["Back to the list ", marks.key("Esc")], href=back, className="button")
    return [html.Span(own, className="only-wide"), html.Span(leave, **attributes(data_key="Escape"))]


def button(words: str, key: str, name: dict[str, Any], look: str = "button") -> html.Button:
    """A button with the key that presses it; a capital is the key with Shift."""
    shown = f"Shift+{key}" if key.isupper() else key.upper()
    return html.Button(
        [f"{words} ", marks.key(shown)], id=name, className=look, type="button", **attributes(data_key=key)
    )
