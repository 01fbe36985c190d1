"""How many posts a second intake stores through everything: rules, turns, sums, sketches, audit and cursor.

Run with ``python -m bench.intake``. Pages of 100 (X's page size), one transaction each, written through to the disk
(``synchronous=FULL``; Postgres in a temporary cluster without fsync). The same pages go to a workspace with the shipped rules and to one without
any, in turn, in an empty database and again once it holds ``HISTORY`` messages. Texts are those of the demonstration;
a third of the posts are our replies.
"""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

from sqlalchemy import delete

from bench.report import quantile, report
from data.administration import create_workspace
from data.audit import change
from data.database import Database, migrate
from data.demonstration.county import county
from data.intake import take
from data.page import AccountFacts
from models.audit import COMMAND
from models.posts import Author, Batch, Direction, Kind, Post
from models.workspace import Account, Rule
from tests import postgres

PAGE = 100
PAGES = 30
HISTORY = 100_000
BIG_PAGE = 1_000
CONTACTS = 20_000
"""About five messages each in the history, as on a real desk."""
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REPLIES = 0.35
APART = timedelta(seconds=20)


@dataclass
class Desk:
    """A workspace with one account, and the posts that will come to it."""

    database: Database
    account: AccountFacts
    at: datetime = NOW - timedelta(days=60)
    random: random.Random = field(default_factory=lambda: random.Random(2026))
    waiting: dict[int, tuple[str, Author]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def page(self, size: int) -> tuple[Post, ...]:
        """The next posts, in the order in which they were sent."""
        return tuple(self._post(f"p{next(self.numbers)}") for _ in range(size))

    def _post(self, key: str) -> Post:
        self.at += APART
        if self.waiting and self.random.random() < REPLIES:
            parent, author = self.waiting.pop(self.random.choice(list(self.waiting)[-50:]))
            return Post(key, self.at, f"We are on it, {key}.", Kind.PUBLIC, Direction.OUT, author, parent_id=parent)
        number = self.random.randrange(CONTACTS)
        author = Author(f"c{number}", f"neighbour{number}", f"Neighbour {number}", number)
        self.waiting[number] = (key, author)
        if len(self.waiting) > 500:
            del self.waiting[next(iter(self.waiting))]
        sample = self.random.choice(county().inbound)
        return Post(
            key, self.at, sample["text"], Kind(sample["kind"]), Direction.IN, author, language=sample["language"]
        )

    def store(self, posts: tuple[Post, ...]) -> float:
        """Seconds that a page takes."""
        began = perf_counter()
        take(self.database, self.account, Batch(posts, posts[-1].network_id), NOW, lambda: NOW)
        return perf_counter() - began


def open_desk(database: Database, slug: str, rules: bool) -> Desk:
    """A new workspace, with the shipped rules or without any."""
    workspace_id = create_workspace(database, slug, slug.title(), NOW - timedelta(days=400), COMMAND)
    with change(database, workspace_id, COMMAND, NOW) as c:
        if not rules:
            c.db.execute(delete(Rule).where(Rule.workspace_id == workspace_id))
        home = {"workspace_id": workspace_id, "audit_id": c.audit_id}
        account = Account(channel="x", connector="replay", handle=f"@{slug}", created=NOW, **home)
        c.db.add(account)
        c.db.flush()
        c.state("furnish", "workspace", workspace_id)
    return Desk(database, AccountFacts(workspace_id, account.id, "x"))


def rates(desks: dict[str, Desk]) -> dict[str, list[float]]:
    """Posts a second of each page, the desks in turn, warmed."""
    found: dict[str, list[float]] = {name: [] for name in desks}
    for number in range(PAGES + 3):
        for name, desk in desks.items():
            seconds = desk.store(desk.page(PAGE))
            if number >= 3:
                found[name].append(PAGE / seconds)
    return found


def fill(desks: dict[str, Desk]) -> None:
    """Store a history, shared by the desks."""
    for number in range(HISTORY // BIG_PAGE):
        desk = list(desks.values())[number % len(desks)]
        desk.store(desk.page(BIG_PAGE))
        print(f"\r  filling: {(number + 1) * BIG_PAGE:,} messages", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def measure(label: str, url: str) -> None:
    """All figures of one database."""
    migrate(url)
    database = Database(url, b"b" * 32)
    desks = {"shipped rules": open_desk(database, "ruled", True), "no rules": open_desk(database, "plain", False)}
    early = rates(desks)
    for name, found in early.items():
        report(f"intake, {label}, {name}, best page", max(found), "posts/s")
        report(f"intake, {label}, {name}, p50", quantile(found, 0.5), "posts/s")
    report(
        f"intake, {label}, share of time left by the rules",
        middle(early, "shipped rules") / middle(early, "no rules"),
        "",
    )
    fill(desks)
    late = rates(desks)
    for name, found in late.items():
        report(f"intake, {label}, {name}, {HISTORY:,} messages stored, best page", max(found), "posts/s")
        report(f"intake, {label}, {name}, {HISTORY:,} messages stored, p50", quantile(found, 0.5), "posts/s")
    report(
        f"intake, {label}, flatness ({HISTORY:,} stored / empty)",
        middle(late, "shipped rules") / middle(early, "shipped rules"),
        "",
    )
    database.close()


def middle(found: dict[str, list[float]], name: str) -> float:
    """The median rate."""
    return quantile(found[name], 0.5)


@contextmanager
def sqlite_url() -> Iterator[str]:
    """A database file that exists while the block runs, in ``var/`` and so on the disk that is really used."""
    Path("var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-intake-", dir="var"))
    yield f"sqlite:///{folder / 'bench.db'}"
    shutil.rmtree(folder)


@contextmanager
def postgres_url() -> Iterator[str]:
    """A database in a cluster that exists while the block runs."""
    cluster = postgres.start_cluster()
    try:
        with postgres.database(cluster.url, postgres.unique_name("bench")) as url:
            yield url
    finally:
        cluster.stop()


def main() -> None:
    """Both databases."""
    for label, place in (("SQLite", sqlite_url), ("Postgres", postgres_url)):
        with place() as url:
            measure(label, url)


if __name__ == "__main__":
    main()
