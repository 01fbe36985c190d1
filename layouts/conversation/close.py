"""The form that closes a conversation: how it ended, and why."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from layouts.conversation import frame
from models.moves import REASON_FROM, State
from models.snapshots import Thread

NAME = "close"


class Ids(StrEnum):
    OUTCOME = "close-outcome"
    REASON = "close-reason"


def offered(thread: Thread) -> bool:
    """Whether there is anything to close."""
    return thread.state != State.CLOSED


def draw(thread: Thread, outcomes: Sequence[tuple[int, str]]) -> Any:
    """The workspace's outcomes as (key, word), and why, which the two most urgent grades must say."""
    listed = [(str(key), word) for key, word in outcomes]
    aside = "needed for this grade" if thread.grade.rank <= REASON_FROM else "if there is more to say"
    fields = [
        frame.choice(Ids.OUTCOME, "Outcome", listed),
        frame.line(Ids.REASON, "Reason", aside=f"{aside}; it stands in the record, so name nobody"),
    ]
    return frame.form(NAME, thread, "Close", fields, "Close")
