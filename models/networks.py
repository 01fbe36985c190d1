"""What each network allows a reply to be: public, private, and for how long after the contact wrote.

Sources: Meta, Messenger Platform policy (a message within 24 hours of the person's; within 7 days where a person, not a
program, answers); X, Mastodon and Bluesky set no end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.lengths import replies_of
from models.posts import Kind


@dataclass(frozen=True, slots=True)
class Window:
    """How long after the contact's newest message of a kind a reply is taken; ``usual`` is where it begins to run out."""

    usual: timedelta
    last: timedelta


@dataclass(frozen=True, slots=True)
class Closing:
    """When a reply window closes. After ``usual`` the network takes only what a person wrote; after ``last`` nothing."""

    usual: datetime
    last: datetime

    def closed(self, now: datetime) -> bool:
        """Whether the network takes no reply any more."""
        return now >= self.last


_META = Window(timedelta(hours=24), timedelta(days=7))
WINDOWS: Mapping[tuple[str, Kind], Window] = {
    ("facebook", Kind.PRIVATE): _META,
    ("instagram", Kind.PRIVATE): _META,
}


def closing(channel: str, kind: Kind, heard: datetime | None) -> Closing | None:
    """When the window closes that the contact's newest message (``heard``) of this kind opened; None: never."""
    window = WINDOWS.get((channel, kind))
    if window is None or heard is None:
        return None
    return Closing(heard + window.usual, heard + window.last)


def kinds_of(channel: str) -> tuple[Kind, ...]:
    """The kinds of reply that a network knows, public first; none where Watchroom cannot reply there."""
    return replies_of(channel)


def needs_their_message(channel: str, kind: Kind) -> bool:
    """Whether the contact has to have written so first: a public reply answers a post, a window has to have been opened."""
    return kind is Kind.PUBLIC or (channel, kind) in WINDOWS
