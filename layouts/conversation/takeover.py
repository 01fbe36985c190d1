"""The form that takes a conversation over from whoever holds it, for a reason that goes on the record."""

from enum import StrEnum
from typing import Any

from layouts.components import marks
from layouts.conversation import frame
from models.permissions import Permission
from models.snapshots import Thread

NAME = "takeover"


class Ids(StrEnum):
    REASON = "takeover-reason"


def offered(thread: Thread) -> bool:
    """Whether somebody else holds it."""
    return thread.holder is not None and not thread.mine


def draw(thread: Thread, permissions: frozenset[Permission]) -> Any:
    """Why. Whoever moves work may always; anybody else once its holder has gone quiet."""
    aside = "it goes on the record, and they are told"
    if Permission.MOVE_WORK not in permissions:
        aside += "; you may once they have gone quiet"
    fields = [frame.words(Ids.REASON, "Reason", aside)]
    return frame.form(NAME, thread, marks.plain(f"Take over from {thread.holder}"), fields, "Take over")
