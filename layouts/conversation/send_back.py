"""The form that sends a reply back to its author: what has to change. Several that wait are offered to choose from."""

from typing import Any

from layouts import wording
from layouts.conversation import frame
from models.outbox import FOR_APPROVAL
from models.snapshots import OutgoingReply, Thread

NAME = "send-back"
REPLY, REASON = f"{NAME}-reply", f"{NAME}-reason"
MOST_SHOWN = 60


def waiting(thread: Thread) -> list[OutgoingReply]:
    """Replies of others that wait for approval."""
    return [one for one in thread.outgoing if one.state == FOR_APPROVAL and not one.mine]


def offered(thread: Thread) -> bool:
    """Whether there is one to send back, and somebody who may."""
    return thread.composer is not None and bool(waiting(thread))


def draw(thread: Thread) -> Any:
    """Which one, and why."""
    found = waiting(thread)
    listed = [
        (str(one.id), f"{wording.hour_minute(one.written, thread.workspace.zone)} {_short(one)}") for one in found
    ]
    first = listed[0][0] if listed else None
    fields = [
        frame.choice(REPLY, "Reply", listed, first),
        frame.words(REASON, "What has to change", "Its author reads this"),
    ]
    return frame.form(NAME, thread, "Send a reply back", fields, "Send back")


def _short(one: OutgoingReply) -> str:
    text = " ".join(one.text.split())
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
