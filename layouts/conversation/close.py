"""The form that closes a conversation: how it ended."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from layouts.conversation import frame
from models.conversation import State
from models.snapshots import Thread

NAME = "close"


class Ids(StrEnum):
    OUTCOME = "close-outcome"


def offered(thread: Thread) -> bool:
    """Whether there is anything to close."""
    return thread.state != State.CLOSED


def draw(thread: Thread, outcomes: Sequence[tuple[int, str]]) -> Any:
    """The workspace's outcomes as (key, word)."""
    listed = [(str(key), word) for key, word in outcomes]
    return frame.form(NAME, thread, "Close", [frame.choice(Ids.OUTCOME, "Outcome", listed)], "Close")
