"""What every network promises: the contract between a channel and the rest of the house.

A connector is asked by one poller at a time, holds no database session, and keeps nothing between calls that the
cursor does not hold: a poll that fails half-way is asked again from the same cursor and loses nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from models.posts import Batch, Engagement, Receipt, Reply


class Connector(Protocol):
    """One account on one network. Every method raises a ``ChannelFailure`` and nothing else."""

    def fetch(self, cursor: str | None) -> Batch:
        """Give one page from ``cursor`` on (None: the beginning), to be asked again while ``batch.more``."""

    def send(self, reply: Reply) -> Receipt:
        """Send one reply, once. After ``OutcomeUnknown`` it must never be sent again before it was looked for.

        ``Unreachable`` here says that the reply certainly never left; a time-out is ``OutcomeUnknown``.
        """

    def engagement(self, network_ids: Sequence[str]) -> Mapping[str, Engagement]:
        """Give the cumulative figures of our own posts; a post that the network does not answer for is absent."""

    def whoami(self) -> str:
        """Say who the credentials belong to, as a handle without ``@``."""


class ChannelFailure(Exception):
    """Something between us and the network went wrong; ``str()`` is plain words without secrets or personal text."""

    retryable = False


class Unreachable(ChannelFailure):
    """No answer came: reset, name not found, time-out. Asking again may work."""

    retryable = True


class RateLimited(ChannelFailure):
    """The network asks for patience until ``retry_at`` (UTC; None: it did not say)."""

    retryable = True

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        """Keep the instant from which a further call is welcome."""
        super().__init__(message)
        self.retry_at = retry_at


class Refused(ChannelFailure):
    """The credentials were refused (401, 403): a person has to act, the account's state is AUTH."""


class NetworkFault(ChannelFailure):
    """The network answered with a fault of its own: 5xx, or a body that is not what it promised."""

    retryable = True


class NotAllowed(ChannelFailure):
    """The network understood and said no (another 4xx), or our settings ask for the impossible."""


class OutcomeUnknown(ChannelFailure):
    """A send whose answer never came. It may stand on the network: never send it again, look for it first."""


class WrongSetting(ValueError):
    """A setting or credential is missing or cannot be read; ``name`` says which, never its value."""

    def __init__(self, name: str, reason: str) -> None:
        """Name the setting and what is wrong with it."""
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
