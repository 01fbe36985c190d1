"""The form that leaves a conversation to a partner: who deals with it now."""

from enum import StrEnum
from typing import Any

from layouts.conversation import frame
from models.moves import State
from models.snapshots import Thread

NAME = "partner"


class Ids(StrEnum):
    WHO = "partner-who"


def offered(thread: Thread) -> bool:
    """Whether it is still with us."""
    return thread.state not in {State.CLOSED, State.PARTNER}


def draw(thread: Thread) -> Any:
    """The partner's name, which is a service and no person."""
    who = frame.line(Ids.WHO, "Partner", thread.stands.partner, "a service, such as Highways or the ambulance service")
    return frame.form(NAME, thread, "With a partner", [who], "Save")
