"""Where we had read to on X: one JSON text that holds everything a poll needs, so that a broken one loses nothing.

A round visits the streams one page at a time. A stream keeps its page token until its last page is stored. When a poll
starts again at the stream where the last one broke off, that stream goes last: one that fails holds up no other.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from data.channels.snowflake import id_at, time_of

LOOKUP = "lookup"
KEPT = 100
_BROKEN_OFF = timedelta(seconds=20)


@dataclass(slots=True)
class Stream:
    """One list of posts, newest first. Ids are numbers: their order is time.

    ``newest`` is the newest id of finished passes; ``since`` and ``high`` belong to the pass in hand. ``risen`` is when
    ``newest`` last grew, by our clock; ``settled``, that a whole overlap has been read again since then. ``wait`` is
    until when the network wants no further call.
    """

    newest: int = 0
    since: int = 0
    high: int = 0
    token: str | None = None
    risen: str | None = None
    began: str | None = None
    settled: bool = False
    wait: str | None = None


@dataclass(slots=True)
class Cursor:
    """All streams of an account, the rest of the round, and the newest public posts (identity, version, direction)."""

    me: str = ""
    left: list[str] = field(default_factory=list)
    moved: str | None = None
    streams: dict[str, Stream] = field(default_factory=dict)
    recent: list[list[str]] = field(default_factory=list)
    looked: str | None = None

    def text(self) -> str:
        """Give the cursor as it is stored."""
        return json.dumps(asdict(self), separators=(",", ":"))

    def stream(self, name: str) -> Stream:
        """Give a stream, new where it was never read."""
        return self.streams.setdefault(name, Stream())

    def turn(self, stages: list[str], now: datetime) -> str:
        """Choose what to read now, and begin a round where there is none or the last one broke off."""
        left = [stage for stage in self.left if stage in stages]
        if left and self.moved is not None and now - _at(self.moved) > _BROKEN_OFF:
            at = stages.index(left[0])
            left = stages[at + 1 :] + stages[: at + 1]
        self.left = left or list(stages)
        return self.left[0]

    def done(self) -> None:
        """Leave the stage in hand."""
        self.left = self.left[1:]

    def remember(self, identity: str, version: str, direction: str) -> None:
        """Keep a public post among the newest ``KEPT``, whose deletion is looked for."""
        known = [row for row in self.recent if row[0] == identity]
        if known and int(known[0][1]) >= int(version):
            return
        rows = [row for row in self.recent if row[0] != identity] + [[identity, version, direction]]
        self.recent = sorted(rows, key=lambda row: int(row[0]), reverse=True)[:KEPT]

    def forget(self, identities: set[str]) -> None:
        """Drop posts that are gone."""
        self.recent = [row for row in self.recent if row[0] not in identities]


def read_cursor(text: str | None) -> Cursor:
    """Read a stored cursor; None or one of another make is the beginning."""
    try:
        told: dict[str, Any] = json.loads(text) if text else {}
        streams = {name: Stream(**state) for name, state in told.pop("streams", {}).items()}
        return Cursor(streams=streams, **told)
    except (ValueError, TypeError, AttributeError):
        return Cursor()


def begin(stream: Stream, now: datetime, overlap: timedelta, first: timedelta) -> None:
    """Begin a pass: from ``first`` ago on, else from ``overlap`` before the newest, because X lists some posts late.

    Once the overlap was read again in full, the newest id alone is the mark: a quiet account then costs no reads.
    """
    stream.began = now.isoformat()
    stream.high = stream.newest
    if not stream.newest:
        stream.since = id_at(now - first)
    elif stream.settled:
        stream.since = stream.newest
    else:
        stream.since = id_at(time_of(str(stream.newest)) - overlap)


def finish(stream: Stream, now: datetime, overlap: timedelta) -> None:
    """End a pass after its last page."""
    if stream.high > stream.newest:
        stream.newest, stream.risen, stream.settled = stream.high, now.isoformat(), False
    elif stream.risen and stream.began and _at(stream.began) - _at(stream.risen) >= overlap:
        stream.settled = True
    stream.token = stream.began = None


def waiting(stream: Stream, now: datetime) -> bool:
    """Tell whether the network wants no call for this stream yet."""
    return stream.wait is not None and now < _at(stream.wait)


def _at(word: str) -> datetime:
    return datetime.fromisoformat(word)
