from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.channels import connect
from data.channels.contract import Connector
from models.posts import Batch
from tests.x_server import ME, FakeX, serving, x_id, x_time

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FOUR_KEYS = {name: f"k-{name}" for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret")}


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


class Reader:
    """Polls a connector as the poller does, and keeps what it gave."""

    def __init__(self, connector: Connector, clock: SetClock) -> None:
        self.connector, self.clock, self.cursor = connector, clock, None
        self.batches: list[Batch] = []

    def poll(self) -> list[Any]:
        posts = []
        while True:
            batch = self.connector.fetch(self.cursor)
            self.batches.append(batch)
            self.cursor = batch.cursor
            posts += batch.posts
            if not batch.more:
                return posts

    @property
    def unreadable(self) -> list[Any]:
        return [odd for batch in self.batches for odd in batch.unreadable]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def x() -> Iterator[FakeX]:
    network = FakeX()
    network.user(ME, "northshire", "Northshire control room")
    network.user("2000", "ann_outside", "Ann")
    with serving(network) as served:
        yield served


@pytest.fixture
def connected(x: FakeX, clock: SetClock) -> Callable[..., Connector]:
    def make(credentials: dict[str, str] | None = None, **settings: Any) -> Connector:
        given = {"base_url": x.base, "user_id": ME, "read_timeout": 5, **settings}
        return connect("x", handle="northshire", settings=given, credentials=credentials or FOUR_KEYS, clock=clock)

    return make


@pytest.fixture
def reader(connected: Callable[..., Connector], clock: SetClock) -> Callable[..., Reader]:
    return lambda credentials=None, **settings: Reader(connected(credentials, **settings), clock)


def mention(at: datetime, text: str = "@northshire hello", number: int = 0, **more: Any) -> dict[str, Any]:
    identity = x_id(at, number)
    return {
        "id": identity,
        "text": text,
        "author_id": "2000",
        "created_at": x_time(at),
        "edit_history_tweet_ids": [identity],
        **more,
    }


def own_post(at: datetime, text: str = "@ann_outside thank you", number: int = 0, **more: Any) -> dict[str, Any]:
    return mention(at, text, number, **{"author_id": ME, **more})


def direct(at: datetime, text: str = "in confidence", number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": x_id(at, number),
        "event_type": "MessageCreate",
        "text": text,
        "sender_id": "2000",
        "dm_conversation_id": "1000-2000",
        "created_at": x_time(at),
        **more,
    }
