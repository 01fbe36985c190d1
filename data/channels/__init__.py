"""The networks we can listen on: which there are, what each needs, and how to get a connector to one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, cast

from data.channels.contract import Connector, WrongSetting


@dataclass(frozen=True, slots=True)
class Need:
    """A credential or setting that a connector asks for, with one line to show the person who types it."""

    name: str
    help: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A connector as it is offered: its label, the channel it serves by default, and what it needs."""

    label: str
    channel: str
    module: str
    credentials: tuple[Need, ...] = ()
    settings: tuple[Need, ...] = ()


CONNECTORS: Mapping[str, Offer] = {
    "x": Offer(
        label="X",
        channel="x",
        module="data.channels.x",
        credentials=(
            Need("bearer_token", "App-only bearer token: reads public posts. Leave empty with the four keys"),
            Need("consumer_key", "API key of the app (with the three below: private messages and replies too)"),
            Need("consumer_secret", "API key secret of the app"),
            Need("access_token", "Access token of the account"),
            Need("access_token_secret", "Access token secret of the account"),
        ),
        settings=(
            Need("user_id", "The account's number on X; looked up by its handle where empty"),
            Need("base_url", "Address of the X API; https://api.x.com where empty"),
            Need("messages", "Read private messages: yes or no; yes where the four keys are given"),
            Need("automatic_sources", "Names of the apps whose posts no person writes, separated by commas"),
            Need("overlap_minutes", "How far back each poll reads again for late posts; 10 where empty"),
            Need("page_size", "Posts per page, 5 to 100; 100 where empty"),
            Need("connect_timeout", "Seconds to wait for a connection; 5 where empty"),
            Need("read_timeout", "Seconds to wait for a whole answer; 20 where empty"),
            Need("largest_answer", "Largest answer in bytes; 5242880 where empty"),
            Need("deletion_minutes", "Minutes between two look-ups of deleted posts; 60 where empty"),
        ),
    ),
    "replay": Offer(
        label="Replay of a file",
        channel="x",
        module="data.channels.replay",
        settings=(
            Need("path", "The file of posts: CSV, JSON or JSONL, see docs/replay.md", required=True),
            Need("format", "How to read it; recognised by its shape where empty"),
            Need("start", "When the first post is sent again, ISO 8601 with a zone; the first poll where empty"),
            Need("speed", "How many times faster than recorded; 1 where empty"),
            Need("as_recorded", "Keep the file's own times, everything at once: yes or no; no where empty"),
            Need("page_size", "Posts per page; 100 where empty"),
            Need("company", "For dialogues of several companies, whose; the account's handle where empty"),
        ),
    ),
}


class UnknownConnector(LookupError):
    """No connector has that name; ``str()`` lists those there are."""

    def __init__(self, name: str) -> None:
        """Keep the name that was asked for."""
        super().__init__(f"there is no connector {name!r}; there are: {', '.join(sorted(CONNECTORS))}")
        self.name = name


def connect(
    connector: str,
    *,
    handle: str,
    settings: Mapping[str, Any],
    credentials: Mapping[str, str],
    clock: Callable[[], datetime],
) -> Connector:
    """Make the connector of one account. Nothing is asked of the network yet.

    Raises ``UnknownConnector``, or ``WrongSetting`` naming what is missing, unknown or unreadable.
    """
    offer = CONNECTORS.get(connector)
    if offer is None:
        raise UnknownConnector(connector)
    _check(offer.settings, settings)
    _check(offer.credentials, credentials)
    made = import_module(offer.module).build(handle=handle, settings=settings, credentials=credentials, clock=clock)
    return cast(Connector, made)


def _check(needs: tuple[Need, ...], given: Mapping[str, Any]) -> None:
    known = {need.name for need in needs}
    for name in given:
        if name not in known:
            raise WrongSetting(name, "this connector knows no such setting")
    for need in needs:
        if need.required and given.get(need.name) in (None, ""):
            raise WrongSetting(need.name, f"is missing. {need.help}")
