"""The form that declines a hand-over, with a reason for whoever offers it."""

from enum import StrEnum
from typing import Any

from layouts.conversation import frame
from models.snapshots import Thread

NAME = "decline"


class Ids(StrEnum):
    REASON = "decline-reason"


def offered(thread: Thread) -> bool:
    """Whether it is being handed over to the one who looks."""
    return thread.claiming.offer is not None and thread.claiming.offer.for_me


def draw(thread: Thread) -> Any:
    """Why, if there is something to say."""
    return frame.form(
        NAME, thread, "Decline the hand-over", [frame.words(Ids.REASON, "Reason", "if you like")], "Decline"
    )
