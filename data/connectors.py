"""Connectors kept from one question to the next, for one thread: made again when their account changes."""

from collections.abc import Callable

from data import channels
from data.channels.contract import Connector
from data.clock import Clock
from data.credentials import CredentialsBox
from data.polls import Followed


class Connectors:
    """Not shared between threads that ask the same account: a connector is asked by one thread at a time.

    ``connect`` makes connectors (``data.channels.connect``).
    """

    def __init__(self, box: CredentialsBox, clock: Clock, connect: Callable[..., Connector] = channels.connect) -> None:
        self._box = box
        self._clock = clock
        self._connect = connect
        self._kept: dict[int, tuple[int, Connector]] = {}

    def of(self, account: Followed) -> Connector:
        """The connector of an account as it is now. Raises what ``connect`` raises, and ``CredentialsLocked``."""
        version, kept = self._kept.get(account.id, (0, None))
        if kept is None or version != account.version:
            kept = self._connect(
                account.connector,
                handle=account.handle,
                settings=account.settings,
                credentials=self._box.unlock(account.credentials),
                clock=self._clock,
            )
            self._kept[account.id] = (account.version, kept)
        return kept

    def forget(self, account_id: int) -> None:
        """Let the connector of an account that is gone go too."""
        self._kept.pop(account_id, None)
