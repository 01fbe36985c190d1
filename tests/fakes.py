"""Stand-ins that behave: a clock that is set, and a network that answers as it is told."""

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from models.posts import Author, Batch, Direction, Kind, Post

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


def post(number: int, at: datetime = NOON, text: str = "The road is flooded") -> Post:
    author = Author(f"person-{number % 7}", f"person{number % 7}", f"Person {number % 7}")
    sent = at - timedelta(hours=1) + timedelta(seconds=number)
    return Post(f"post-{number}", sent, text, Kind.PUBLIC, Direction.IN, contact=author)


def page(numbers: Iterable[int], cursor: str = "next", **facts) -> Batch:
    return Batch(tuple(post(number) for number in numbers), cursor, **facts)


def wait_until(done: Callable[[], object], patience: float = 30.0, beat: float = 0.02) -> bool:
    """Ask until it is so, or until patience is over. An event that nobody sets paces the asking."""
    never = threading.Event()
    for _ in range(int(patience / beat)):
        if done():
            return True
        never.wait(beat)
    return False


class FakeNetwork:
    """A connector that gives what it was told to, one answer a call: a page, an exception, or what a function says.

    With nothing left it gives empty pages. ``asked`` holds the cursors; ``calls`` is released once for every call.
    """

    def __init__(self, *answers: Batch | Exception | Callable[[], Batch]) -> None:
        self.answers = list(answers)
        self.asked: list[str | None] = []
        self.calls = threading.Semaphore(0)

    def fetch(self, cursor: str | None) -> Batch:
        self.asked.append(cursor)
        self.calls.release()
        answer = self.answers.pop(0) if self.answers else Batch((), cursor or "start")
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    def whoami(self) -> str:
        return "northshire"


class FakeNetworks:
    """``data.channels.connect`` for tests: the network of each handle, and every connection that was made."""

    def __init__(self, **networks: FakeNetwork) -> None:
        self.networks = networks
        self.made: list[tuple[str, dict[str, str]]] = []

    def __call__(self, connector, *, handle, settings, credentials, clock) -> FakeNetwork:
        self.made.append((handle, dict(credentials)))
        found = self.networks[handle]
        if isinstance(found, Exception):
            raise found
        return found
