"""What the live feed sends: a frame is one audience's picture of a workspace, an edition is a frame that was published.

Nothing here holds a contact's data: tiles are figures, regions are names, and their fingerprints are never sent.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DESK = "desk"
"""The audience of people at work; every other audience is the name of a board."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a page listens to: one audience (a board, or ``desk``) of one workspace."""

    workspace_id: int
    slug: str
    audience: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What an audience sees at one instant: values to set on tiles by id, and a fingerprint for each region.

    A region counts as changed when its fingerprint differs from the one last published. ``presence`` is the workspace's
    ``Revision.presence``, where the audience hears of it.
    """

    revision: int
    as_at: datetime
    tiles: Mapping[str, Mapping[str, Any]]
    regions: Mapping[str, str]
    presence: int = 0


FrameMaker = Callable[[int], Frame]
"""Makes the frame of a workspace (by its id) as it is now."""


def encode(event: str, data: Mapping[str, Any], revision: int | None = None) -> bytes:
    """One server-sent event. The data is one line of JSON, so that no value can end the event early."""
    head = "" if revision is None else f"id: {revision}\n"
    return f"{head}event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def bye(reason: str) -> bytes:
    """The last event of a stream: ``signed-out``, ``role``, ``kiosk``, ``stopping`` or ``full``."""
    return encode("bye", {"reason": reason})


@dataclass(frozen=True, slots=True)
class Edition:
    """A frame that was published as number ``number`` of its feed, with the number at which each part last changed.

    A reader that skipped editions asks for what changed since the last one it had, and so misses nothing and gets no
    history. What readers ask for is encoded once and kept: nearly all ask for the step from the edition before.
    """

    feed: Feed
    number: int
    frame: Frame
    tiles: Mapping[str, int]
    regions: Mapping[str, int]
    encoded: dict[int, bytes] = field(default_factory=dict)

    def since(self, number: int) -> bytes:
        """The event for a reader whose last edition was ``number``; 0 for a new reader, who gets everything."""
        found = self.encoded.get(number)
        if found is None:
            found = self.encoded[number] = self._encode(number)
        return found

    def _encode(self, number: int) -> bytes:
        data: dict[str, Any] = {
            "workspace": self.feed.slug,
            "audience": self.feed.audience,
            "revision": self.frame.revision,
            "as_at": self.frame.as_at.isoformat(),
            "first": number == 0,
        }
        if self.feed.audience != DESK:
            data["tiles"] = {name: value for name, value in self.frame.tiles.items() if self.tiles[name] > number}
        data["regions"] = [name for name in self.frame.regions if self.regions[name] > number]
        return encode("change" if self.feed.audience == DESK else "tiles", data, self.frame.revision)


def first_edition(feed: Feed, frame: Frame) -> Edition:
    """The first publication of a feed."""
    return Edition(feed, 1, frame, dict.fromkeys(frame.tiles, 1), dict.fromkeys(frame.regions, 1))


def next_edition(last: Edition, frame: Frame) -> Edition:
    """``frame`` after ``last``. The same edition with the new frame where nothing that people see has changed."""
    number = last.number + 1
    tiles = _changed(last.tiles, last.frame.tiles, frame.tiles, number)
    regions = _changed(last.regions, last.frame.regions, frame.regions, number)
    if number in tiles.values() or number in regions.values():
        return Edition(last.feed, number, frame, tiles, regions)
    return Edition(last.feed, last.number, frame, tiles, regions)


def _changed(numbers: Mapping[str, int], old: Mapping[str, Any], new: Mapping[str, Any], number: int) -> dict[str, int]:
    return {name: numbers[name] if name in old and old[name] == new[name] else number for name in new}


def state(edition: Edition | None, feed: Feed, about: Mapping[str, Any]) -> bytes:
    """The sign of life of one feed: until when its figures are known to be true, and ``about`` the server itself."""
    frame = edition.frame if edition else None
    return encode(
        "state",
        {
            "workspace": feed.slug,
            "audience": feed.audience,
            "revision": frame.revision if frame else None,
            "as_at": frame.as_at.isoformat() if frame else None,
            **about,
        },
    )


def watched(feeds: Iterable[Feed]) -> set[int]:
    """The workspaces of some feeds."""
    return {feed.workspace_id for feed in feeds}
