"""What a region looks like, as one short word: a region is drawn again only where it would look otherwise.

Ages and times to due count by themselves: they are no reason to draw again. Dash makes what it is given anew, and a screen
reader begins again with what its user is on.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from models.outbox import FOR_APPROVAL
from models.snapshots import Thread

IN_THREAD = ("messages", "events", "more", "notes", "outgoing", "decisions")
"""Parts of a ``Thread`` that its thread region shows."""
MOVING = ("as_at", "revision", "staffed", "composer")
"""Parts that move by themselves, and the composer, which has an owner of its own."""


def of_head(thread: Thread | None, permissions: Iterable[str], back: str) -> str:
    """Head and actions: everything that the thread region does not show, with who looks and from where."""
    if thread is None:
        return sign()
    minutes = None if thread.staffed is None else thread.staffed // timedelta(minutes=1)
    waiting = [one.id for one in thread.outgoing if one.state == FOR_APPROVAL]  # one of the buttons is about them
    return sign(_day(thread), minutes, sorted(permissions), back, waiting, *_parts(thread, not_in=IN_THREAD + MOVING))


def of_thread(thread: Thread | None) -> str:
    """Messages and events."""
    return sign(_day(thread), thread.id, *(getattr(thread, name) for name in IN_THREAD)) if thread else sign()


def sign(*parts: Any) -> str:
    """The same for parts that are the same."""
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _parts(thread: Thread, not_in: tuple[str, ...]) -> list[Any]:
    return [getattr(thread, one.name) for one in fields(thread) if one.name not in not_in]


def _day(thread: Thread) -> Any:
    """Times are said with as much of their date as is needed, so a new day looks otherwise."""
    return thread.as_at.date()
