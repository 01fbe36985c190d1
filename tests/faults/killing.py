"""Workers that poll an unruly network and are killed with ``kill -9`` at random instants; run as a program of its own.

A warm parent forks each worker, so that a kill may fall anywhere in a poll and not only into the start of Python. The
parent has one thread and no connection, as a fork asks for.
"""

import json
import os
import random
import select
import signal
import sys
from datetime import UTC, datetime, timedelta
from time import monotonic

from data import polls
from data.channels.contract import NetworkFault, RateLimited, Unreachable
from data.clock import utc_now
from data.database import Database
from data.intake import take
from data.reading import poll_of
from models.posts import Author, Batch, Direction, Kind, Post, Unreadable

FIRST = datetime(2026, 11, 2, tzinfo=UTC)
PAGE = 20
OVERLAP = 7
EDITED_EVERY, DELETED_EVERY, UNREADABLE_EVERY = 11, 17, 101
MOST_PAGES = 4
"""A worker begins up to so many pages before it is killed, and dies at some instant of the last one."""


def post(number: int) -> Post | Unreadable:
    """The post of that number: the same whenever it is given. Some are edits or deletions of the one before."""
    if number % UNREADABLE_EVERY == 0:
        return Unreadable(f"post {number} in a shape nobody knows", "it is not an object")
    sent = FIRST + timedelta(minutes=number)
    author = Author(f"person-{number % 53}", f"person{number % 53}", f"Person {number % 53}")
    if number % DELETED_EVERY == 0:
        return Post(f"post-{number - 1}", sent, "", Kind.PUBLIC, Direction.IN, deleted=sent)
    if number % EDITED_EVERY == 0:
        return Post(
            f"post-{number - 1}", sent, f"Edited {number}", Kind.PUBLIC, Direction.IN, author, f"v{number}", edited=sent
        )
    direction = Direction.OUT if number % 5 == 0 else Direction.IN
    return Post(f"post-{number}", sent, f"Post {number}: the road is flooded", Kind.PUBLIC, direction, author)


class UnrulyNetwork:
    """Gives posts by number, up to ``end``; with faults it repeats, disorders and fails, but it never lies.

    The cursor is the next number. A page begins a little before it, as networks are asked with an overlap.
    """

    def __init__(self, chance: random.Random, end: int | None = None, told: int | None = None) -> None:
        self._chance = chance
        self._faults = end is None
        self._end = end
        self._told = told

    def fetch(self, cursor: str | None) -> Batch:
        """One page from the cursor on."""
        begin = int(cursor or 1)
        if self._told is not None:
            os.write(self._told, b".")
        if self._faults and self._chance.random() < 0.15:
            raise self._chance.choice((Unreachable("reset"), NetworkFault("503"), RateLimited("patience")))
        last = begin + PAGE if self._end is None else min(begin + PAGE, self._end)
        numbers = list(range(max(begin - OVERLAP, 1), last))
        if self._faults:
            numbers += self._chance.sample(numbers, min(3, len(numbers)))
            self._chance.shuffle(numbers)
        found = [post(number) for number in numbers]
        return Batch(
            tuple(one for one in found if isinstance(one, Post)),
            str(last),
            tuple(one for one in found if isinstance(one, Unreadable)),
            more=self._end is None or last < self._end,
            reads=len(found),
        )


def take_with_the_cursor_first(database, account, batch, fetched, clock):
    """The planted bug: the cursor is saved in a transaction of its own, before the rows."""
    with database.write() as db:
        poll_of(db, account.workspace_id, account.id).cursor = batch.cursor
    return take(database, account, batch, fetched, clock)


def poll_for_ever(database: Database, seed: int, end: int | None = None, told: int | None = None) -> None:
    """Poll one account as the poller does, until killed; or, by a well-behaved network, up to post ``end``.

    A byte goes to ``told`` at every page that is asked for.
    """
    chance = random.Random(seed)
    network = UnrulyNetwork(chance, end, told)
    while True:
        (account,) = polls.followed(database)
        done = polls.poll(database, account, lambda: network, utc_now, carry_on=lambda: True, chance=chance.random)
        if end is not None and done.outcome == "fetched" and not done.more:
            return


def kill_often(database: Database, rounds: int, seed: int) -> dict[str, int]:
    """Fork and kill ``rounds`` workers, each at a random instant of a random page; how many died by it."""
    chance = random.Random(seed)
    killed, page_seconds = 0, 0.02
    for number in range(rounds):
        ready, told = os.pipe()
        worker = os.fork()
        if worker == 0:
            live_and_die(database, seed * 1_000 + number, told)
        os.close(told)
        began = monotonic()
        for page in range(chance.randint(1, MOST_PAGES)):
            os.read(ready, 1)
            if page:
                page_seconds = 0.8 * page_seconds + 0.2 * (monotonic() - began)
            began = monotonic()
        # Not a pause for something to have happened: the instant of the kill is what is drawn at random.
        select.select([], [], [], chance.uniform(0, 1.2 * page_seconds))
        os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        killed += os.WIFSIGNALED(status)
        os.close(ready)
    return {"rounds": rounds, "killed": killed}


def live_and_die(database: Database, seed: int, told: int) -> None:
    """A worker's life in the fork. It never returns into the parent's code."""
    try:
        poll_for_ever(database, seed, told=told)
    finally:
        os._exit(1)


def main() -> None:
    """``url key rounds seed planted``: prints what happened as JSON."""
    url, key, rounds, seed, planted = sys.argv[1:]
    if planted == "planted":
        polls.take = take_with_the_cursor_first
    polls.log.info = lambda *_args, **_facts: None
    database = Database(url, key.encode())
    poll_for_ever(database, int(seed), end=2 * PAGE)
    database.close()  # what was compiled stays warm; no connection crosses the fork
    print(json.dumps(kill_often(database, int(rounds), int(seed))), flush=True)


if __name__ == "__main__":
    main()
