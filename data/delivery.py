"""The outbox as chores of the elected process: replies leave, and those in doubt are looked for.

Several senders share the queue, so that one network that is slow to answer holds up no other. Two of them never have the
same reply (``data.sending.claim_next``), nor would two processes: that one is elected only saves work.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import monotonic

from data import channels
from data.channels.contract import Connector
from data.clock import Clock
from data.connectors import Connectors
from data.credentials import CredentialsBox
from data.database import Database
from data.polling import CHANCE, Chore
from data.reconciling import reconcile
from data.sending import send_one

SENDERS = 3
SEND_EVERY = timedelta(seconds=1)
RECONCILE_EVERY = timedelta(seconds=15)
SPELL = timedelta(seconds=5)
"""How long one run of a sender begins further replies: a process that stops, or leads no longer, sends no more then."""


class Sender:
    """One sender with connectors of its own: a connector is asked by one thread at a time.

    ``connect`` makes connectors (``data.channels.connect``); ``chance`` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        box: CredentialsBox,
        *,
        connect: Callable[..., Connector] = channels.connect,
        chance: Callable[[], float] = CHANCE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        self._connectors = Connectors(box, clock, connect)

    def send_ready(self) -> int:
        """Send what is ready, one after the other, for one spell; returns how many attempts were made."""
        began, sent = monotonic(), 0
        while monotonic() - began < SPELL.total_seconds():
            if send_one(self._database, self._connectors.of, self._clock, self._chance) is None:
                break
            sent += 1
        return sent


def chores(database: Database, clock: Clock, box: CredentialsBox) -> list[Chore]:
    """What the elected process does for the outbox."""
    senders = [Sender(database, clock, box) for _ in range(SENDERS)]
    sending: list[Chore] = [
        (f"send-{number}", SEND_EVERY, partial(_send, sender)) for number, sender in enumerate(senders, 1)
    ]
    return [*sending, ("reconcile", RECONCILE_EVERY, partial(_reconcile, database, clock))]


def _send(sender: Sender) -> None:
    sender.send_ready()


def _reconcile(database: Database, clock: Clock) -> None:
    reconcile(database, clock())
