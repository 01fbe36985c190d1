"""The form that hands a claim over, with a note; until somebody accepts, whoever gives it holds it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from layouts.conversation import frame
from layouts.conversation.assign import takers
from models.snapshots import Thread

NAME = "handover"


class Ids(StrEnum):
    TO = "handover-to"
    NOTE = "handover-note"


def offered(thread: Thread) -> bool:
    """Whether the one who looks holds it and is not handing it over already."""
    return thread.mine and thread.claiming.offer is None


def draw(thread: Thread, people: Mapping[int, str], teams: Mapping[int, str]) -> Any:
    """Whom it can be handed to, and the note."""
    fields = [
        frame.choice(Ids.TO, "To", takers(people, teams)),
        frame.words(Ids.NOTE, "Note", "what they need to know; you hold it until they accept", rows=3),
    ]
    return frame.form(NAME, thread, "Hand over", fields, "Hand over")
