"""Replies on their way, in the thread: where each stands in plain words, and what can be done about it."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import html
from dash.dependencies import Wildcard

from layouts import wording
from layouts.components import marks
from layouts.components.attributes import attributes
from layouts.conversation.reply import left
from models.outbox import UNDO, OutgoingState
from models.snapshots import OutgoingReply, Thread

LOOKS = {
    OutgoingState.ASKING: "priority",
    OutgoingState.REJECTED: "emergency",
    OutgoingState.RETURNED: "priority",
    OutgoingState.UNKNOWN: "unknown",
    OutgoingState.SENT: "done",
    OutgoingState.WITHDRAWN: "unknown",
}


def act(name: str | Wildcard, reply_id: int | Wildcard) -> dict[str, Any]:
    """The button that does this to a reply."""
    return {"type": "reply-act", "act": name, "id": reply_id}


def outgoing(one: OutgoingReply, thread: Thread) -> html.Article:
    """One reply. Its buttons are only for who may reply."""
    look = LOOKS.get(OutgoingState(one.state), "standard")
    state = [marks.shape(look), html.Span(_words(one, thread), className=f"ink-{look}")]
    buttons = _buttons(one, thread) if thread.composer is not None else []
    gone = one.state == OutgoingState.WITHDRAWN
    parts = [
        html.P(marks.plain(one.text), dir="auto", className="message-text"),
        html.P(state, className="outgoing-state"),
        html.P(_about(one, thread), className="message-about"),
        *([html.Div(buttons, className="actions")] if buttons else []),
    ]
    return html.Article(
        parts,
        className=f"message message-ours outgoing{' is-gone' if gone else ''}",
        **attributes(data_outgoing=str(one.id)),
    )


def _about(one: OutgoingReply, thread: Thread) -> list[Any]:
    when = wording.moment(one.written, thread.as_at, thread.workspace.zone)
    said = f", {when}, {wording.REPLIES[one.kind]}"
    return [marks.remote(one.author), said, *([", as ", marks.remote(one.elsewhere)] if one.elsewhere else []), "."]


def _words(one: OutgoingReply, thread: Thread) -> list[Any]:
    return _WORDS[OutgoingState(one.state)](one, thread)


def _draft(one: OutgoingReply, _thread: Thread) -> list[Any]:
    return [
        "Waits for a second person to approve it." if one.mine else "Waits for somebody else to approve it: you can."
    ]


def _queued(one: OutgoingReply, thread: Thread) -> list[Any]:
    waiting = left(one.not_before, thread.as_at)
    if one.attempts and one.reason:
        return [f"Not sent yet: {marks.plain(one.reason)}. Tried again in ", waiting, "."]
    return ["Goes out in ", waiting, "."]


def _sending(_one: OutgoingReply, thread: Thread) -> list[Any]:
    return [f"Being sent to {wording.channel(thread.channel)} now."]


def _unknown(one: OutgoingReply, thread: Thread) -> list[Any]:
    reason = f" ({marks.plain(one.reason)})" if one.reason else ""
    return [f"We do not know whether {wording.channel(thread.channel)} took this; looking{reason}."]


def _asking(one: OutgoingReply, thread: Thread) -> list[Any]:
    network, reason = wording.channel(thread.channel), marks.plain(one.reason) or "look there"
    return [f"Nobody knows whether {network} took this: {reason}. Then say what you saw."]


def _rejected(one: OutgoingReply, thread: Thread) -> list[Any]:
    return [f"Not sent: {wording.channel(thread.channel)} refused it: {marks.plain(one.reason)}."]


def _returned(one: OutgoingReply, _thread: Thread) -> list[Any]:
    return ["Not sent: ", marks.remote(one.approver or "a colleague"), f" sent it back: {marks.plain(one.reason)}"]


def _sent(one: OutgoingReply, thread: Thread) -> list[Any]:
    when = wording.moment(one.sent, thread.as_at, thread.workspace.zone)
    return [f"Sent, {when}. It stands in the conversation with ", marks.remote(one.elsewhere), "."]


def _withdrawn(_one: OutgoingReply, _thread: Thread) -> list[Any]:
    return ["Taken back: it was not sent."]


_WORDS: Mapping[OutgoingState, Callable[[OutgoingReply, Thread], list[Any]]] = {
    OutgoingState.DRAFT: _draft,
    OutgoingState.APPROVED: _queued,
    OutgoingState.QUEUED: _queued,
    OutgoingState.SENDING: _sending,
    OutgoingState.UNKNOWN: _unknown,
    OutgoingState.ASKING: _asking,
    OutgoingState.REJECTED: _rejected,
    OutgoingState.RETURNED: _returned,
    OutgoingState.SENT: _sent,
    OutgoingState.WITHDRAWN: _withdrawn,
}


def _buttons(one: OutgoingReply, thread: Thread) -> list[Any]:
    """What can be done. A key stands for one reply only: the newest to take back, the one that waits longest to approve."""
    match OutgoingState(one.state):
        case OutgoingState.DRAFT if one.mine:
            return [_button("Take back", "withdraw", one)]
        case OutgoingState.DRAFT:
            first = next(each for each in thread.outgoing if each.state == OutgoingState.DRAFT and not each.mine)
            return [_button("Approve", "approve", one, "y" if one == first else "", first=True)]
        case OutgoingState.QUEUED:
            undone = not one.attempts and one.not_before is not None and one.not_before - thread.as_at <= UNDO
            newest = [each for each in thread.outgoing if each.state == OutgoingState.QUEUED and each.mine][-1:]
            key = "z" if [one] == newest else ""
            return [_button("Undo" if undone else "Take back", "withdraw", one, key)] if one.mine else []
        case OutgoingState.ASKING:
            return [
                _button("It was sent", "sent", one),
                _button("Send again", "again", one),
                _button("Give up", "give-up", one),
            ]
        case OutgoingState.REJECTED | OutgoingState.RETURNED:
            edit = [_button("Edit and send again", "edit", one, first=True)] if thread.mine else []
            return [*edit, _button("Give up", "give-up", one)]
    return []


def _button(words: str, name: str, one: OutgoingReply, key: str = "", first: bool = False) -> html.Button:
    look = "button button-first" if first else "button"
    marked = attributes(data_key=key or None, data_undo="true" if key == "z" else None)
    if name in ("withdraw", "edit"):
        marked |= attributes(data_back="true")
    content: Any = [f"{words} ", marks.key(key.upper())] if key else words
    return html.Button(content, id=act(name, one.id), className=look, type="button", **marked)
