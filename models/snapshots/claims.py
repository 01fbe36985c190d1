"""What people at work see of claims: who looks, who is quiet, who should answer, and what is being handed over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Watcher:
    """A colleague who has the conversation on the screen; ``writing`` where they are typing in it."""

    name: str
    writing: bool


@dataclass(frozen=True, slots=True)
class Looking:
    """Who else looks at a conversation. ``quiet`` is the holder's name once they have gone quiet: ``mine`` where that is
    the one who looks, ``acted`` their last act, ``lapses`` when the claim ends without another one.
    """

    watchers: tuple[Watcher, ...] = ()
    quiet: str | None = None
    mine: bool = False
    acted: datetime | None = None
    lapses: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A hand-over that waits for an answer: who offers it to whom, and what may be done by the one who looks."""

    giver: str
    to: str
    note: str
    offered: datetime
    lapses: datetime
    mine: bool
    for_me: bool


@dataclass(frozen=True, slots=True)
class Claiming:
    """Who should answer, whose claim lapsed last, and what is being handed over. Names, each None where there is none."""

    assigned: str | None = None
    to_me: bool = False
    lapsed: str | None = None
    lapsed_at: datetime | None = None
    offer: Offer | None = None
