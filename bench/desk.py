"""What an operator's actions cost the server: open, claim, next page, send, search, and a redraw by news.

Run with ``python -m bench.desk``: 5,000 open conversations among a million messages, beside 50 among ten thousand, in turns.
Every call goes through the whole program as a browser sends it (session, door, callback, JSON); an action is everything that
the page asks for because of it: the list and the panel, too. ``quick`` takes a hundred thousand messages.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from werkzeug.test import TestResponse

from app import create_app
from bench.report import quantile, report
from bench.years import Years, years
from callbacks.house import KEY
from data.settings import load_settings
from tests import panel
from tests.rows import AUDIT_KEY, add_member
from tests.visits import Visitor

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
CALLS = 120
WARM = 10
SIZES = ((10_000, 50), (1_000_000, 5_000))
QUICK = ((10_000, 50), (100_000, 5_000))
WORDS = ("fi", "fire", "police sta", "neighbour noise", '"on the road"', "ref123", "the", "someone 4", "thank you for")
"""What is searched for: beginnings, phrases, a rare word, very common ones, people."""
ACTIONS = ("open", "claim", "send", "next", "search", "news")


@dataclass
class Cost:
    """Of one action: milliseconds by the clock and of CPU, bytes of the answers, and CPU of the first request alone."""

    wall: float = 0.0
    cpu: float = 0.0
    size: int = 0
    own: float = 0.0


@dataclass
class Desk:
    """An operator at the queue of one database."""

    made: Years
    visitor: Visitor
    keys: Iterator[int]
    tick: Iterator[int] = field(default_factory=count)
    shown: Any = None
    side: str = ""
    standing: tuple[str, tuple[str, str]] = ("", ("", ""))
    cost: Cost = field(default_factory=Cost)

    def timed(self, ask: Callable[[], TestResponse]) -> Any:
        """The answer, its cost added."""
        wall, cpu = perf_counter(), thread_time()
        answer = ask()
        body = answer.data
        self.cost.wall += (perf_counter() - wall) * 1000
        self.cost.cpu += (thread_time() - cpu) * 1000
        self.cost.size += len(body)
        self.cost.own = self.cost.own or self.cost.cpu
        assert answer.status_code == 200, answer.text[:500]
        return json.loads(body)["response"]

    def list(self, query: str, changed: str) -> None:
        """The list again, as the page asks for it."""
        values = {"live-queue.data": {"revision": next(self.tick)}, "queue-shown.data": self.shown}
        values["queue-views.data-sign"] = self.side
        entry = panel.callback(self.visitor, output="queue-data.data")
        found = self.timed(lambda: panel.run(self.visitor, entry, changed, values, query=query))
        self.shown, self.side = found["queue-data"]["data"]["order"], found["queue-views"]["data-sign"]

    def panel(self, query: str, changed: str) -> None:
        """The panel again."""
        shown, signs = self.standing
        ask = {"query": query, "changed": changed, "shown": shown, "signs": signs}
        found = self.timed(lambda: panel.refresh(self.visitor, **ask))
        of_thread = found["panel-thread"]
        self.standing = (of_thread["data-conversation"], (found["panel-head"]["data-sign"], of_thread["data-sign"]))

    def both(self, query: str, changed: str = "url.search") -> None:
        """List and panel."""
        self.list(query, changed)
        self.panel(query, changed)

    def open(self) -> None:
        """Another conversation beside the list."""
        self.key = next(self.keys)
        self.both(f"&c={self.key}")

    def claim(self) -> None:
        """The one that is open."""
        self.timed(lambda: panel.press(self.visitor, {"type": "claim", "id": self.key}))
        self.both(f"&c={self.key}", "live-queue.data")

    def send(self) -> None:
        """A reply to it."""
        text, button = {"type": "composer-text", "id": self.key}, {"type": "composer-send", "id": self.key}
        spelled = json.dumps(button, sort_keys=True, separators=(",", ":"))
        values = {"composer-kind.value": "public", "composer-confirm.value": [], "composer-replaces.data": None}
        values["buttons"] = [(text, f"Thank you, we are on our way to you now, {self.key}."), (button, 1)]
        entry = panel.callback(self.visitor, "composer-replaces", "composer-send")
        self.timed(lambda: panel.run(self.visitor, entry, f"{spelled}.n_clicks", values))
        self.both(f"&c={self.key}", "live-queue.data")

    def next(self) -> None:
        """Another page of the list, all of whose rows are drawn: where there is but one page, that one."""
        self.shown = None
        self.both(f"&page={next(self.tick) % 40 + 2}")

    def search(self) -> None:
        """Words that somebody typed."""
        words = WORDS[next(self.tick) % len(WORDS)].replace(" ", "+").replace('"', "%22")
        self.both(f"&q={words}")

    def news(self) -> None:
        """Something changed elsewhere: nothing of it on this page."""
        self.both("")
        self.cost = Cost()
        self.both("", "live-queue.data")


def sit_down(folder: Path, messages: int, waiting: int) -> Desk:
    """A filled database, the program over it, and an operator who has signed in."""
    folder.mkdir(parents=True)
    made = years(folder, messages, 400, NOW, waiting)
    add_member(made.database, made.home, "ann", "Operator", NOW)
    settings = load_settings(
        {
            "WATCHROOM_DATABASE_URL": made.database.url,
            "WATCHROOM_VAR": str(folder / "var"),
            "WATCHROOM_SECRET_KEY": "s" * 32,
            "WATCHROOM_AUDIT_KEY": AUDIT_KEY.decode(),
            "WATCHROOM_CREDENTIALS_KEY": "c" * 32,
            "WATCHROOM_LOG_LEVEL": "error",
        }
    )
    ticks = count()
    server = create_app(settings, lambda: NOW + timedelta(milliseconds=300 * next(ticks)))
    visitor = Visitor(server)
    assert visitor.sign_in("ann").status_code == 302
    visitor.open("/queue?workspace=north")
    with server.extensions[KEY].database.read() as db:
        open_ones = db.connection().exec_driver_sql("SELECT id FROM conversation WHERE since IS NOT NULL ORDER BY id")
        keys = [row[0] for row in open_ones]
    return Desk(made, visitor, cycle(keys))


def measure(desks: dict[int, Desk], calls: int) -> None:
    """Each action at both desks in turns, so that what else the machine does falls on both."""
    costs: dict[tuple[str, int], list[Cost]] = {}
    for turn in range(calls + WARM):
        for name in ACTIONS:
            for size, desk in desks.items():
                desk.cost = Cost()
                getattr(desk, name)()
                if turn >= WARM:
                    costs.setdefault((name, size), []).append(desk.cost)
    small, large = sorted(desks)
    for name in ACTIONS:
        for part, unit in (
            ("wall", "ms"),
            ("cpu", "ms of CPU"),
            ("own", "ms of CPU, first request"),
            ("size", "bytes"),
        ):
            before, now = (quantile([getattr(one, part) for one in costs[name, size]], 0.95) for size in (small, large))
            report(f"desk, {name}, {small:,} messages, p95", before, unit)
            report(f"desk, {name}, {large:,} messages, p95", now, unit)
            report(f"desk, {name}, {unit}, {large:,} / {small:,}", now / before, "")


def main(arguments: list[str]) -> None:
    """Both sizes."""
    sizes = QUICK if "quick" in arguments else SIZES
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
        desks = {messages: sit_down(Path(folder) / str(messages), messages, waiting) for messages, waiting in sizes}
        measure(desks, 40 if "quick" in arguments else CALLS)


if __name__ == "__main__":
    main(sys.argv[1:])
