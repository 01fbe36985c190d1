"""The form that says what a conversation is about."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from layouts.conversation import frame
from models.snapshots import Thread

NAME = "topic"
NONE = "none"


class Ids(StrEnum):
    WORD = "topic-word"


def offered(_thread: Thread) -> bool:
    """A conversation is about something also when it is over."""
    return True


def draw(thread: Thread, topics: Sequence[tuple[int, str]]) -> Any:
    """The workspace's topics as (key, word)."""
    listed = [*((str(key), word) for key, word in topics), (NONE, "nothing in particular")]
    chosen = str(thread.stands.topic) if thread.stands.topic is not None else NONE
    return frame.form(NAME, thread, "Topic", [frame.choice(Ids.WORD, "About", listed, chosen)], "Save")
