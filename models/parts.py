"""Where a wait went: the parts of one answered turn's public wait, which sum to it. Definition: METRICS.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class WaitPart(StrEnum):
    """The parts in their order: each ends where the next begins."""

    INGESTION = "ingestion"
    UNSEEN = "unseen"
    UNASSESSED = "unassessed"
    UNCLAIMED = "unclaimed"
    CLAIMED = "claimed"
    APPROVAL = "approval"
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class Milestones:
    """What happened to an answered turn, by our records; ``stored`` and ``seen`` are those of its oldest message.

    A step that never was is None: nobody claims what was answered on the network itself.
    """

    started: datetime
    replied: datetime
    stored: datetime | None = None
    seen: datetime | None = None
    assessed: datetime | None = None
    claimed: datetime | None = None
    queued: datetime | None = None
    approved: datetime | None = None


def parts_of(turn: Milestones) -> dict[WaitPart, timedelta]:
    """Every part of the wait; they sum to ``replied - started`` exactly and none is negative.

    A step that never was had not happened until the next one that did: its part lasts until then. Nothing was waiting for an
    approval that nobody gave, and a reply that was the first assessment, too, is no step of its own. A step outside the wait,
    or out of its order, counts at the nearest instant in order.
    """
    ends = list(_in_order(turn))
    begins = [turn.started, *ends[:-1]]
    return {part: end - begin for part, begin, end in zip(WaitPart, begins, ends, strict=True)}


def _in_order(turn: Milestones) -> Iterator[datetime]:
    """When each part ended: never before the one before it, never after the reply."""
    known = _known(turn)
    reached = turn.started
    for at in known:
        reached = min(max(at, reached), turn.replied)
        yield reached


def _known(turn: Milestones) -> list[datetime]:
    """When each part ended by the records, the missing filled in from behind."""
    approved = turn.approved if turn.approved is not None else turn.queued
    assessed = turn.assessed if turn.assessed != turn.replied else None
    steps = [turn.stored, turn.seen, assessed, turn.claimed, turn.queued, approved, turn.replied]
    following = turn.replied
    filled: list[datetime] = []
    for at in reversed(steps):
        following = at if at is not None else following
        filled.append(following)
    return filled[::-1]
