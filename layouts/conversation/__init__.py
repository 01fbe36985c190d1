"""One conversation: beside the queue and as a page of its own. Everything between one contact and one account.

The panel has five regions: head, actions, form, thread, composer. News draws head, actions and thread again where they look
otherwise, and never the form or the composer: what somebody types there stays.
"""

from typing import Any

from dash import dcc, html

from layouts import missing
from layouts.components.attributes import attributes
from layouts.conversation import signs
from layouts.conversation.actions import Permissions, actions
from layouts.conversation.head import head
from layouts.conversation.ids import (
    NEWEST,
    SHOWN,
    SIGN,
    Ids,
    claim_button,
    opener,
    release_button,
    resume_button,
    undo_button,
)
from layouts.conversation.messages import messages
from layouts.conversation.reply import composer
from models.posts import Direction
from models.snapshots import Thread

__all__ = [
    "NEWEST",
    "SHOWN",
    "SIGN",
    "Ids",
    "Permissions",
    "actions_of",
    "claim_button",
    "composer",
    "head_of",
    "newest",
    "opener",
    "page",
    "regions",
    "release_button",
    "resume_button",
    "shown",
    "signs",
    "thread_of",
    "undo_button",
]  # fmt: skip


def page(thread: Thread, permissions: Permissions) -> html.Div:
    """The conversation as a page."""
    label = attributes(aria_label="Conversation")
    panel = html.Section(regions(thread, permissions), id=Ids.PANEL, className="panel", **label)
    return html.Div(
        [dcc.Store(id=Ids.LIVE), panel],
        id=Ids.PAGE,
        className="conversation-page",
        **attributes(data_workspace=thread.workspace.slug, data_revision=str(thread.revision)),
    )


def regions(thread: Thread | None, permissions: Permissions, back: str = "") -> list[html.Div]:
    """The five regions at first paint; without a conversation they stand ready for one. Below the head stands who else is
    there, which ``assets/65-presence.js`` fills in.

    ``back`` is the queue without this conversation, empty where the conversation is the page.
    """
    of_head: Any = {SIGN: signs.of_head(thread, permissions, back)}
    of_thread: Any = {SIGN: signs.of_thread(thread), SHOWN: shown(thread), NEWEST: newest(thread)}
    return [
        html.Div(head_of(thread, back), id=Ids.HEAD, **of_head),
        html.Div(id=Ids.PRESENCE, className="panel-presence"),
        html.Div(actions_of(thread, permissions, back), id=Ids.ACTIONS, className="actions"),
        html.Div([], id=Ids.FORM, className="panel-form"),
        html.Div(thread_of(thread), id=Ids.THREAD, className="panel-thread", **of_thread),
        html.Div(composer(thread), id=Ids.COMPOSER, className="panel-composer"),
    ]


def shown(thread: Thread | None) -> str:
    """Which conversation the panel shows; empty for none."""
    return str(thread.id) if thread else ""


def newest(thread: Thread | None) -> str:
    """The newest message of the contact in the thread: what somebody who assesses it has before them."""
    heard = [one.id for one in thread.messages if one.direction is Direction.IN] if thread else []
    return str(max(heard, default=""))


def head_of(thread: Thread | None, back: str) -> list[Any]:
    """The head's content, or how to open a conversation."""
    return [html.Header(head(thread, alone=not back), className="panel-head")] if thread else [missing.nothing_chosen()]


def actions_of(thread: Thread | None, permissions: Permissions, back: str) -> list[Any]:
    """The row of buttons."""
    return actions(thread, permissions, back) if thread else []


def thread_of(thread: Thread | None) -> list[Any]:
    """What was said and what happened."""
    return [messages(thread)] if thread else []
