"""How many posts a second intake stores through everything: rules, turns, sums, sketches, audit and cursor.

Run with ``python -m bench.intake``. Pages of 100 (X's page size), one transaction each, written through to the disk
(``synchronous=FULL``; Postgres in a temporary cluster without fsync). A workspace with the shipped rules and one without any
take pages in turn; then one that holds ``HISTORY`` messages and one that holds ``LITTLE``. Texts are those of the
demonstration; a third of the posts are our replies.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
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
HISTORY, LITTLE = 100_000, 3_000
BIG_PAGE = 1_000
MESSAGES_EACH = 5
"""Of a contact in the history, as on a real desk: nearly every post that is timed comes from somebody who wrote before."""
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REPLIES = 0.35
APART = timedelta(seconds=20)
RULED, PLAIN = "shipped rules", "no rules"
STORED, FEW = f"{HISTORY:,} messages stored", f"{LITTLE:,} messages stored"


@dataclass
class Desk:
    """A workspace with one account, and the posts that will come to it."""

    database: Database
    account: AccountFacts
    contacts: int
    at: datetime = NOW - timedelta(days=60)
    chance: Random = field(default_factory=lambda: Random(2026))
    waiting: dict[int, tuple[str, Author]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def page(self, size: int) -> tuple[Post, ...]:
        """The next posts, in the order in which they were sent."""
        return tuple(self._post(f"p{next(self.numbers)}") for _ in range(size))

    def _post(self, key: str) -> Post:
        self.at += APART
        if self.waiting and self.chance.random() < REPLIES:
            parent, author = self.waiting.pop(self.chance.choice(list(self.waiting)[-50:]))
            return Post(key, self.at, f"We are on it, {key}.", Kind.PUBLIC, Direction.OUT, author, parent_id=parent)
        number = self.chance.randrange(self.contacts)
        author = Author(f"c{number}", f"neighbour{number}", f"Neighbour {number}", number)
        self.waiting[number] = (key, author)
        if len(self.waiting) > 500:
            del self.waiting[next(iter(self.waiting))]
        sample = self.chance.choice(county().inbound)
        return Post(
            key, self.at, sample["text"], Kind(sample["kind"]), Direction.IN, author, language=sample["language"]
        )

    def store(self, posts: tuple[Post, ...]) -> float:
        """Seconds that a page takes."""
        began = perf_counter()
        take(self.database, self.account, Batch(posts, posts[-1].network_id), NOW, lambda: NOW)
        return perf_counter() - began


def open_desk(database: Database, slug: str, rules: bool, history: int = HISTORY) -> Desk:
    """A new workspace, with the shipped rules or without any, for a history of so many messages."""
    workspace_id = create_workspace(database, slug, slug.title(), NOW - timedelta(days=400), COMMAND)
    with change(database, workspace_id, COMMAND, NOW) as c:
        if not rules:
            c.db.execute(delete(Rule).where(Rule.workspace_id == workspace_id))
        home = {"workspace_id": workspace_id, "audit_id": c.audit_id}
        account = Account(channel="x", connector="replay", handle=f"@{slug}", created=NOW, **home)
        c.db.add(account)
        c.db.flush()
        c.state("furnish", "workspace", workspace_id)
    return Desk(database, AccountFacts(workspace_id, account.id, "x"), history // MESSAGES_EACH)


def rates(desks: dict[str, Desk]) -> dict[str, list[float]]:
    """Posts a second of each page, the desks in turn, warmed."""
    found: dict[str, list[float]] = {name: [] for name in desks}
    for number in range(PAGES + 3):
        for name, desk in desks.items():
            seconds = desk.store(desk.page(PAGE))
            if number >= 3:
                found[name].append(PAGE / seconds)
    return found


def fill(desk: Desk, history: int) -> None:
    """Store a history of so many messages."""
    for number in range(history // BIG_PAGE):
        desk.store(desk.page(BIG_PAGE))
        print(f"\r  filling: {(number + 1) * BIG_PAGE:,} messages", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def measure(label: str, place: Callable[[], AbstractContextManager[str]]) -> None:
    """All figures of one kind of database. What is compared is measured in turn, page by page."""
    with place() as url, place() as another:
        database, empty = opened(url), opened(another)
        ruled, plain = open_desk(database, "ruled", True), open_desk(database, "plain", False)
        found = rates({RULED: ruled, PLAIN: plain})
        tell(label, found)
        report(f"intake, {label}, rate with rules / without", middle(found, RULED) / middle(found, PLAIN), "")
        fill(ruled, HISTORY)
        young = open_desk(empty, "ruled", True, LITTLE)
        fill(young, LITTLE)
        found = rates({STORED: ruled, FEW: young})
        tell(label, found)
        report(
            f"intake, {label}, rate with a long history / a short one", middle(found, STORED) / middle(found, FEW), ""
        )
        database.close()
        empty.close()


def opened(url: str) -> Database:
    """A new database."""
    migrate(url)
    return Database(url, b"b" * 32)


def tell(label: str, found: dict[str, list[float]]) -> None:
    """Print and keep the rates of each desk."""
    for name, pages in found.items():
        report(f"intake, {label}, {name}, best page", max(pages), "posts/s")
        report(f"intake, {label}, {name}, p50", quantile(pages, 0.5), "posts/s")


def middle(found: dict[str, list[float]], name: str) -> float:
    """The median rate."""
    return quantile(found[name], 0.5)


@contextmanager
def sqlite_file() -> Iterator[str]:
    """A database file that exists while the block runs, in ``var/`` and so on the disk that is really used."""
    Path("var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-intake-", dir="var"))
    yield f"sqlite:///{folder / 'bench.db'}"
    shutil.rmtree(folder)


@contextmanager
def postgres_cluster() -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """Databases in a cluster that exists while the block runs."""
    cluster = postgres.start_cluster()
    try:
        yield lambda: postgres.database(cluster.url, postgres.unique_name("bench"))
    finally:
        cluster.stop()


def main() -> None:
    """Both kinds of database."""
    measure("SQLite", sqlite_file)
    with postgres_cluster() as place:
        measure("Postgres", place)


if __name__ == "__main__":
    main()
