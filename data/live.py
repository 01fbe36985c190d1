"""The live feed: one thread that makes each picture once and hands it to every screen that shows it.

A screen gets the latest state, never history: who is slow skips to the newest edition and loses nothing by it. Pictures
are made only for what somebody looks at, when a commit was heard (ours or another process's) and every five seconds for
what moves with time alone. Nothing here holds a contact's data.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from data.clock import Clock
from data.commits import Commits
from data.database import Database
from data.frames import DESK, Edition, Feed, FrameMaker, bye, first_edition, next_edition, state, watched
from data.heartbeats import poller_seen
from data.measures import EVENT_LAG_SECONDS
from data.standing import Standing, fallen, owner_of
from models.audit import Revision

BEAT_SECONDS = 1.0
"""How often a closed connection is looked for."""
TICK_SECONDS = 5.0
"""How often figures that move with time, sessions and the poller are looked at."""
WANTED_SECONDS = 15.0
"""How long a feed is kept ready for a page that polls it."""
LONGEST_REST_SECONDS = 0.25
LANES = 4
"""How many screens are told at the same time."""
ALIVE = timedelta(seconds=15)

log = structlog.get_logger()


class HubFull(Exception):
    """Every place is taken, or the hub does not run: the page is to poll instead."""


class _Line:
    """One feed, its readers and its newest edition. Editions are replaced whole, so readers need no lock."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.readers: set[Subscription] = set()
        self.edition: Edition | None = None
        self.sign = (0, b"")
        self.wanted_until = 0.0
        self.building = threading.Lock()
        self._relay: Iterator[Subscription] = iter(())

    def wake(self) -> None:
        """Tell every reader, a few at a time: hundreds of threads that wake at once only stand in each other's way."""
        self._relay = iter(tuple(self.readers))
        for _ in range(LANES):
            self.pass_on()

    def pass_on(self) -> None:
        """Wake readers up to one that waits and will pass it on in turn. One that is held up by its connection is told too,
        but not relied on.
        """
        for reader in self._relay:
            reader.wake()
            if reader.waiting:
                return


class Subscription:
    """One screen's place. ``over`` says that nothing more will come; ``close`` gives the place back."""

    def __init__(self, hub: "Hub", lines: list[_Line], standing: Standing | None, gone: Callable[[], bool]) -> None:
        self.standing = standing
        self.gone = gone
        self.over = False
        self.waiting = False
        self._hub = hub
        self._lines = lines
        self._had = dict.fromkeys(lines, 0)
        self._signs = dict.fromkeys(lines, 0)
        self._end: bytes | None = None
        # A bare lock, held while there is nothing to read: an Event costs five times as much, and 400 wait at once.
        self._nothing_new = threading.Lock()

    def next(self, timeout: float) -> bytes:
        """What has changed since the last call, as events; waits up to ``timeout`` seconds and may return nothing."""
        self.waiting = True
        self._nothing_new.acquire(timeout=timeout)
        self.waiting = False
        for line in self._lines:
            line.pass_on()
        if self._end is not None:
            self.over = True
            return self._end
        return b"".join(part for line in self._lines for part in self._news(line))

    def _news(self, line: _Line) -> Iterable[bytes]:
        edition, (number, sign) = line.edition, line.sign
        if edition is not None and edition.number != self._had[line]:
            yield edition.since(self._had[line])
            self._had[line] = edition.number
        if number != self._signs[line]:
            yield sign
            self._signs[line] = number

    def wake(self) -> None:
        """There is something new to read."""
        with suppress(RuntimeError):  # not held: the reader has not yet come for the last news
            self._nothing_new.release()

    def end(self, last: bytes) -> None:
        """Send ``last`` and nothing after it."""
        self._end = last
        self.wake()

    def close(self) -> None:
        """Give the place back. May be called again."""
        self.over = True
        self._hub.leave(self, self._lines)


class Hub:
    """Makes frames and hands them out. ``screens`` is the number of places; ``frames`` knows every audience by name."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        frames: Mapping[str, FrameMaker],
        *,
        screens: int = 64,
        watch_every: float = 0.2,
        tick_every: float = TICK_SECONDS,
        version: str = "",
    ) -> None:
        self.screens = screens
        self.last_turn: datetime | None = None
        self._database = database
        self._clock = clock
        self._frames = frames
        self._version = version
        self._tick_every = tick_every
        self._lines: dict[Feed, _Line] = {}
        self._places: set[Subscription] = set()
        self._guard = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._told: dict[int, int] = {}
        self._presence: dict[int, int] = {}
        self._told_at: dict[int, float] = {}
        self._heard = threading.Event()
        self._beat = self._tick = 0.0
        self._commits = Commits(database, self._hear, watch_every)
        self._thread: threading.Thread | None = None

    @property
    def audiences(self) -> frozenset[str]:
        """The names of the audiences there are."""
        return frozenset(self._frames)

    @property
    def open_screens(self) -> int:
        """How many places are taken."""
        return len(self._places)

    @property
    def running(self) -> bool:
        """Whether streams can be had."""
        return self._thread is not None and self._thread.is_alive() and not self._stopping.is_set()

    def alive(self, now: datetime) -> bool:
        """Whether the hub's thread has gone round lately."""
        return self.last_turn is not None and now - self.last_turn < ALIVE

    def start(self) -> None:
        """Begin. Only the serving process does this, once; a thread made before a fork would count as ended after it."""
        self._database.listen(self._tell)
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()
        self._commits.start()

    def stop(self) -> None:
        """Tell every screen that the server stops, and end the threads."""
        self._stopping.set()
        self._wake.set()
        for place in tuple(self._places):
            place.end(bye("stopping"))
        self._commits.stop()
        if self._thread is not None:
            self._thread.join()

    def subscribe(
        self, feeds: Iterable[Feed], standing: Standing | None = None, gone: Callable[[], bool] = lambda: False
    ) -> Subscription:
        """A place that hears of ``feeds``. It ends by itself when ``standing`` has fallen, or ``gone`` says so.

        Where every place is taken, whoever holds the most gives one up to somebody with fewer, so that no one browser or
        kiosk can take them all. Raises ``HubFull`` where there is none to give up, or the hub does not run. Whoever asks
        must ``close`` it.
        """
        with self._guard:
            if not self.running:
                raise HubFull
            if len(self._places) >= self.screens:
                self._make_room(standing)
            lines = [self._line(feed) for feed in dict.fromkeys(feeds)]
            place = Subscription(self, lines, standing, gone)
            self._places.add(place)
            for line in lines:
                line.readers.add(place)
        self._wake.set()
        return place

    def _make_room(self, standing: Standing | None) -> None:
        held = Counter(owner_of(place.standing) for place in self._places)
        most, number = held.most_common(1)[0]
        if number < held[owner_of(standing)] + 2:
            raise HubFull
        place = next(place for place in self._places if owner_of(place.standing) == most)
        self._places.discard(place)
        place.end(bye("full"))

    def leave(self, place: Subscription, lines: Iterable[_Line]) -> None:
        """Forget a place; a feed that nobody reads any more goes with it."""
        with self._guard:
            self._places.discard(place)
            for line in lines:
                line.readers.discard(place)
            self._drop_unread()

    def latest(self, feed: Feed) -> bytes:
        """The whole state of one feed as events, for a page that polls. Takes no place."""
        with self._guard:
            line = self._line(feed)
            line.wanted_until = time.monotonic() + WANTED_SECONDS
        if line.edition is None or not self.running:
            self._build(line)
        edition = line.edition
        return (edition.since(0) if edition else b"") + state(edition, feed, self._about())

    def _line(self, feed: Feed) -> _Line:
        return self._lines.setdefault(feed, _Line(feed))

    def _drop_unread(self) -> None:
        now = time.monotonic()
        for line in [line for line in self._lines.values() if not line.readers and line.wanted_until <= now]:
            del self._lines[line.feed]

    def _tell(self, workspace_id: int, revision: int) -> None:
        self._note({workspace_id: revision})
        self._told_at.setdefault(workspace_id, time.monotonic())
        self._wake.set()

    def _note(self, revisions: Mapping[int, int]) -> None:
        """Keep the newest revision heard of. Two threads tell of them, and one may be late."""
        with self._guard:
            for workspace_id, revision in revisions.items():
                self._told[workspace_id] = max(revision, self._told.get(workspace_id, 0))

    def _is_behind(self, line: _Line) -> bool:
        if line.edition is None or self._told.get(line.feed.workspace_id, 0) > line.edition.frame.revision:
            return True
        return (
            line.feed.audience == DESK and self._presence.get(line.feed.workspace_id, 0) > line.edition.frame.presence
        )

    def _hear(self) -> None:
        self._heard.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            used = time.thread_time()
            try:
                self._turn(time.monotonic())
            except Exception as error:  # whatever it was, the next turn may go well: this thread must not end
                log.error("live feed: a turn failed", problem=type(error).__name__)
                self._stopping.wait(BEAT_SECONDS)
            # Half the processor is left to others: where commits come faster than pictures can be made, some are skipped.
            self._stopping.wait(min(time.thread_time() - used, LONGEST_REST_SECONDS))
            self._wake.wait(max(self._beat - time.monotonic(), 0.0))

    def _turn(self, now: float) -> None:
        self._wake.clear()
        ticking = now >= self._tick
        with self._guard:
            lines = tuple(self._lines.values())
        told_at, self._told_at = self._told_at, {}
        if self._heard.is_set():
            self._heard.clear()
            self._note(self._revisions(watched(line.feed for line in lines)))
        for line in lines:
            if ticking or self._is_behind(line):
                self._build(line)
                if line.feed.workspace_id in told_at:
                    EVENT_LAG_SECONDS.observe(time.monotonic() - told_at[line.feed.workspace_id])
        if now >= self._beat:
            self._beat = now + min(BEAT_SECONDS, self._tick_every)
            self._see_who_left()
        if ticking:
            self._tick = now + self._tick_every
            self._sign(lines)
            self._check_standings()
        self.last_turn = self._clock()

    def _build(self, line: _Line) -> None:
        feed = line.feed
        with line.building:
            try:
                frame = self._frames[feed.audience](feed.workspace_id)
            except Exception as error:  # the page says by itself how old its figures are
                log.error("frame failed", workspace=feed.slug, audience=feed.audience, problem=type(error).__name__)
                return
            last = line.edition
            line.edition = next_edition(last, frame) if last else first_edition(feed, frame)
            changed = last is None or line.edition.number != last.number
            if changed:
                line.edition.since(last.number if last else 0)
        if changed:
            line.wake()

    def _revisions(self, workspaces: set[int]) -> dict[int, int]:
        with self._database.read() as db:
            rows = db.execute(
                select(Revision.workspace_id, Revision.number, Revision.presence).where(
                    Revision.workspace_id.in_(workspaces)
                )
            ).all()
        self._presence |= {row.workspace_id: row.presence for row in rows}
        return {row.workspace_id: row.number for row in rows}

    def _about(self) -> dict[str, str | None]:
        now = self._clock()
        with self._database.read() as db:
            seen, alive = poller_seen(db, now)
        return {
            "now": now.isoformat(),
            "poller": "alive" if alive else "dead",
            "poller_seen": seen.isoformat() if seen else None,
            "version": self._version,
        }

    def _sign(self, lines: Iterable[_Line]) -> None:
        about = self._about()
        for line in lines:
            line.sign = (line.sign[0] + 1, state(line.edition, line.feed, about))
            line.wake()

    def _see_who_left(self) -> None:
        for place in tuple(self._places):
            if place.gone():
                place.end(b"")
        with self._guard:
            self._drop_unread()

    def _check_standings(self) -> None:
        places = [(place, place.standing) for place in tuple(self._places) if place.standing is not None]
        ended = fallen(self._database, {standing for _, standing in places}, self._clock()) if places else {}
        for place, standing in places:
            if standing in ended:
                place.end(bye(ended[standing]))
