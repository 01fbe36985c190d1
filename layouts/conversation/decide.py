"""The form that adds an entry to a conversation's decision log."""

from typing import Any

from layouts.components.decision import fields
from layouts.conversation import frame
from models.snapshots import Thread

NAME = "decide"


def offered(_thread: Thread) -> bool:
    """What was decided can always be written down, also afterwards."""
    return True


def draw(thread: Thread) -> Any:
    """A line for each heading of the National Decision Model."""
    drawn = fields(NAME, thread.decisions, thread.as_at, thread.workspace.zone)
    return frame.form(NAME, thread, "Decision", drawn, "Keep the decision")
