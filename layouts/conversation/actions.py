"""The row of buttons: what can be done now, by whom, and with which key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from layouts import links
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation import (
    assess,
    assign,
    close,
    decide,
    decline,
    expert,
    flag,
    handover,
    join,
    merge,
    note,
    partner,
    past,
    send_back,
    snooze,
    takeover,
    topic,
)
from layouts.conversation.ids import (
    accept_button,
    claim_button,
    opener,
    release_button,
    resume_button,
    take_back_button,
)
from models.moves import State
from models.permissions import Permission
from models.snapshots import Thread

Permissions = frozenset[Permission]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a button opens: its name, what stands on the button, its key, who may, and when it is offered.

    ``more`` ones stand behind the button More; their keys work there too.
    """

    name: str
    word: str
    key: str
    permission: Permission
    offered: Callable[[Thread], bool]
    more: bool = False


FORMS: tuple[Form, ...] = (
    Form("takeover", "Take over", "C", Permission.CLAIM, takeover.offered),
    Form("decline", "Decline", "d", Permission.CLAIM, decline.offered),
    Form("assess", "Assess", "t", Permission.ASSESS, assess.offered),
    Form("handover", "Hand over", "h", Permission.CLAIM, handover.offered),
    Form("close", "Close", "e", Permission.CLOSE, close.offered),
    Form(send_back.NAME, "Send back", "b", Permission.REPLY, send_back.offered),
    Form("note", "Note", "n", Permission.ASSESS, note.offered),
    Form("flag", "Flag", "f", Permission.ASSESS, flag.offered),
    Form("past", "Earlier", "l", Permission.READ, past.offered),
    Form("join", "Incident", "i", Permission.ASSESS, join.offered, more=True),
    Form("merge", "Same person", "m", Permission.ASSESS, merge.offered, more=True),
    Form("assign", "Assign", "a", Permission.MOVE_WORK, assign.offered, more=True),
    Form("snooze", "Snooze", "s", Permission.CLOSE, snooze.offered, more=True),
    Form("partner", "Partner", "p", Permission.CLOSE, partner.offered, more=True),
    Form("decide", "Decision", "D", Permission.ASSESS, decide.offered, more=True),
    Form("expert", "Expert", "E", Permission.ASSESS, expert.offered, more=True),
    Form("topic", "Topic", "u", Permission.ASSESS, topic.offered, more=True),
)
"""The forms in the order of their buttons. ``callbacks/conversation/forms.py`` has a module for each."""


def actions(thread: Thread, permissions: Permissions, back: str) -> list[Any]:
    """Every action is an ordinary button with its key. ``back`` is the queue without this conversation, if there is one."""
    return [
        *_claiming(thread, permissions),
        *_resuming(thread, permissions),
        *_forms(thread, permissions),
        *_trail(thread, permissions),
        *(_ways(thread, back) if back else ()),
    ]


def _trail(thread: Thread, permissions: Permissions) -> list[Any]:
    """The way to everything on the record of it."""
    if Permission.READ_TRAIL not in permissions:
        return []
    return [dcc.Link("Trail", href=links.trail(thread.id, thread.workspace.slug), className="button")]


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


def _resuming(thread: Thread, permissions: Permissions) -> list[Any]:
    """What is snoozed or with a partner is taken back by one button."""
    if thread.state not in {State.SNOOZED, State.PARTNER} or Permission.CLOSE not in permissions:
        return []
    return [button("Open again", "o", resume_button(thread.id))]


def _forms(thread: Thread, permissions: Permissions) -> list[Any]:
    found = [form for form in FORMS if form.permission in permissions and form.offered(thread)]
    shown = [_opener(form, thread) for form in found if not form.more]
    behind = [_opener(form, thread) for form in found if form.more]
    if not behind:
        return shown
    parts = [html.Summary("More", className="button"), html.Div(behind, className="more-list")]
    return [*shown, html.Details(parts, className="more")]


def _opener(form: Form, thread: Thread) -> html.Button:
    return button(form.word, form.key, opener(form.name, thread.id))


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
