"""Replays a file of posts as if a network gave it: the demonstration and ``make replay`` run on it (docs/replay.md).

``sent`` = start + (file time - first time) / speed; what is due by the clock is given, in order of time. The index of
the file is made once for the process, and the cursor is a position in it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data.channels import given
from data.channels.adapters import LAYOUTS
from data.channels.contract import Unreachable, WrongSetting
from data.channels.lines import BadLine, Line, post_of, unreadable
from data.channels.recording import Recording, microseconds, open_recording
from models.posts import Batch, Engagement, Post, Receipt, Reply, Unreadable

_LAST_MICROSECOND = 2**62


def build(
    *, handle: str, settings: Mapping[str, Any], credentials: Mapping[str, str], clock: Callable[[], datetime]
) -> "Replay":
    """Make a replay from an account's settings. Raises ``WrongSetting``."""
    layout = given.text(settings, "format")
    if layout and layout not in LAYOUTS:
        raise WrongSetting("format", f"is none of {', '.join(LAYOUTS)}")
    return Replay(
        path=Path(given.text(settings, "path")),
        handle=handle,
        clock=clock,
        layout=layout,
        company=given.text(settings, "company", handle),
        start=given.instant(settings, "start"),
        speed=given.number(settings, "speed", 1.0, 0.001, 1_000_000.0),
        as_recorded=given.truth(settings, "as_recorded", False),
        page_size=given.whole(settings, "page_size", 100, 1, 10_000),
    )


class Replay:
    """One file as one account. Sending is accepted and goes nowhere: the demonstration answers itself."""

    def __init__(
        self,
        *,
        path: Path,
        handle: str,
        clock: Callable[[], datetime],
        layout: str = "",
        company: str = "",
        start: datetime | None = None,
        speed: float = 1.0,
        as_recorded: bool = False,
        page_size: int = 100,
    ) -> None:
        """Keep the settings; the file is opened at the first fetch. ``start`` None: the moment of that fetch."""
        self._path = path
        self._handle = handle.removeprefix("@")
        self._clock = clock
        self._layout = layout
        self._company = company.removeprefix("@")
        self._start = start
        self._speed = speed
        self._as_recorded = as_recorded
        self._page_size = page_size

    def fetch(self, cursor: str | None) -> Batch:
        """Give the next page of what is due by the clock. A file that changed is read again from its beginning.

        Raises ``Unreachable`` where the file cannot be read.
        """
        try:
            recording = open_recording(self._path, self._layout, self._company)
            position, start = self._read_cursor(cursor, recording)
            due = recording.due(self._file_time(recording, start))
            end = max(position, min(due, position + self._page_size))
            lines = list(recording.read(position, end))
        except OSError:
            raise Unreachable(f"the file of posts {self._path.name!r} cannot be read") from None
        found = [line if isinstance(line, Unreadable) else self._post(line, recording, start) for line in lines]
        return Batch(
            posts=tuple(post for post in found if isinstance(post, Post)),
            cursor=self._cursor(end, start, recording),
            unreadable=tuple(odd for odd in found if isinstance(odd, Unreadable)),
            more=end < due,
        )

    def send(self, reply: Reply) -> Receipt:
        """Accept a reply under an invented id, the same for the same attempt."""
        return Receipt(f"replay-{reply.attempt_id}", self._clock())

    def engagement(self, network_ids: Sequence[str]) -> Mapping[str, Engagement]:
        """Give nothing: a file does not know how its posts fared."""
        return {}

    def whoami(self) -> str:
        """Give the account's own handle, once the file could be read. Raises ``Unreachable``."""
        try:
            open_recording(self._path, self._layout, self._company)
        except OSError:
            raise Unreachable(f"the file of posts {self._path.name!r} cannot be read") from None
        return self._handle

    def _read_cursor(self, cursor: str | None, recording: Recording) -> tuple[int, datetime]:
        told: Mapping[str, Any] = json.loads(cursor) if cursor else {}
        start = self._start or (datetime.fromisoformat(told["start"]) if told else self._clock())
        position = int(told["position"]) if told.get("file") == recording.fingerprint else 0
        return min(position, len(recording)), start

    def _cursor(self, position: int, start: datetime, recording: Recording) -> str:
        return json.dumps({"position": position, "start": start.isoformat(), "file": recording.fingerprint})

    def _file_time(self, recording: Recording, start: datetime) -> int:
        """Give up to which time of the file lines are due (microseconds since 1970)."""
        if self._as_recorded:
            return _LAST_MICROSECOND
        passed = (self._clock() - start) / timedelta(microseconds=1)
        return recording.first + int(passed * self._speed)

    def _post(self, line: Line, recording: Recording, start: datetime) -> Post | Unreadable:
        def shift(at: datetime) -> datetime:
            if self._as_recorded:
                return at
            return start + timedelta(microseconds=round((microseconds(at) - recording.first) / self._speed))

        try:
            return post_of(line, _name_of(line), shift)
        except BadLine as why:
            return unreadable(dict(line), str(why))


def _name_of(line: Line) -> str:
    """Name a post that has no id by its content, so that reading it twice makes one message."""
    words = json.dumps([str(line.get(column) or "") for column in ("sent", "text", "contact_id", "contact_handle")])
    return hashlib.blake2b(words.encode(), digest_size=10).hexdigest()
